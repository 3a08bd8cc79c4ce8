// The report of a folder for people: one line for each file, what is wrong with it below, the sum at the end.
const SHOWN = 5

export function folderTable({ files, totals }) {
  const width = Math.min(60, Math.max(4, ...files.map(({ path }) => path.length)))
  const row = (path, ...numbers) => `${path.padEnd(width)}${numbers.map(one => String(one).padStart(9)).join('')}`
  const lines = [row('file', 'cards', 'refused', 'lost', 'drift', 'ms')]
  for (const file of files) {
    const lost = sum(file.losses)
    lines.push(row(file.path, file.cards, file.refused, lost, file.drift, file.ms))
    if (file.error) lines.push(`    ${file.error.reason}: ${file.error.fault ?? file.error.fix}`)
    for (const { line, column, reason, path } of file.refusals.slice(0, SHOWN)) {
      lines.push(`    line ${line}${column ? `, cell ${column}` : ''}: ${reason}${path ? ` (${path})` : ''}`)
    }
    if (file.refusals.length > SHOWN) lines.push(`    … and ${file.refused - SHOWN} more`)
    if (lost > 0) lines.push(`    lost: ${list(file.losses)}`)
    for (const [way, { drift, error }] of Object.entries(file.ways)) {
      if (sum(drift) > 0) lines.push(`    drift (${way}): ${list(drift)}`)
      if (error) lines.push(`    ${way}: ${error.fault ?? error.fix}`)
    }
  }
  lines.push(
    '',
    `${totals.files} files (${totals.notAddressBooks} of another kind), ${totals.filesWithoutLoss} read without loss; ` +
      `${totals.cards} cards, ${totals.refused} refused, ${totals.lost} losses (${totals.reported} which the reader itself reports), drift ${totals.drift}, ${totals.ms} ms`,
  )
  if (totals.refused > 0) lines.push(`refused: ${list(totals.refusals)}`)
  if (totals.lost > 0) lines.push(`lost: ${list(totals.losses)}`)
  for (const [way, { losses }] of Object.entries(totals.ways)) {
    lines.push(`${way}: ${sum(losses) === 0 ? 'every card came back' : list(losses)}`)
  }
  return lines.join('\n')
}

const sum = found => Object.values(found).reduce((all, times) => all + times, 0)

function list(found) {
  const entries = Object.entries(found).sort(([, a], [, b]) => b - a)
  const shown = entries.slice(0, 20).map(([property, times]) => (times === 1 ? property : `${property} × ${times}`))
  return [...shown, ...(entries.length > 20 ? [`and ${entries.length - 20} more`] : [])].join(', ')
}
