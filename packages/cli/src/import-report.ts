/** What came of an import, in totals and row by row. Who may have left is a total, and nobody's row (R11). */
import type { AddReport } from '@amanat/vault'
import type { ImportedRow, ImportOptions, Reading } from './commands/import'
import { counts, number } from './output'
import { present } from './present'
import { plain } from './terminal'

const LINES_SHOWN = 20

export function answerOf(
  report: AddReport | undefined,
  { rows, columns, charset, skipped, claims }: Reading,
  options: ImportOptions,
) {
  const count = (outcome: ImportedRow['outcome']) => rows.filter(row => row.outcome === outcome).length
  const reasons: Record<string, number> = { ...report?.reasons }
  for (const { outcome, code } of rows) {
    if (code !== undefined && (outcome === 'unreadable' || code === 'OPTED_OUT' || !report))
      reasons[code] = (reasons[code] ?? 0) + 1
  }
  const totals = {
    ...(report
      ? { added: count('added'), quarantined: count('quarantined'), known: count('known') }
      : { readable: count('readable') }),
    refused: count('refused'),
    unreadable: count('unreadable'),
    reasons,
    maybeSame: report?.maybeSame ?? 0,
    skippedLines: skipped,
    columnsNotRead: columns?.unplaced.map(({ header }) => header) ?? [],
    ...present({ program: columns?.program, charset }),
    ...(options.fromColumns ? { claims } : {}),
    doubtful: rows.filter(({ doubts }) => doubts?.length).length,
  }
  const came = rows.some(({ outcome }) => outcome !== 'refused' && outcome !== 'unreadable')
  const exit = came || rows.length === 0 ? 0 : totals.refused > 0 ? 3 : 1
  // Who may have left is a total, and nobody's row (R11).
  const told = rows.filter(({ outcome, code }) => outcome !== 'refused' || code !== undefined)
  const sorted = told.sort((a, b) => a.line - b.line)
  return {
    value: { dryRun: options.dryRun === true, ...totals, rows: sorted },
    exit,
    text: () => reportText(totals, sorted, options),
  }
}

const WORDS: { readonly [total: string]: string } = {
  added: 'added, with consent',
  quarantined: 'in quarantine, to be asked',
  known: 'known already, left as they are',
  readable: 'could be kept (a dry run: nothing was changed)',
  refused: 'refused by the rules',
  unreadable: 'could not be read',
}

function reportText(
  totals: {
    reasons: Record<string, number>
    maybeSame: number
    skippedLines: number
    columnsNotRead: string[]
    doubtful: number
  } & Record<string, unknown>,
  rows: readonly ImportedRow[],
  { mayAsk, undeclared }: ImportOptions,
): string {
  const lines = Object.entries(WORDS).flatMap(([name, words]) => {
    const count = totals[name]
    return typeof count === 'number' && count > 0 ? [[count, words] as const] : []
  })
  const text = [lines.length === 0 ? 'There is nobody in this file.' : counts(lines)]
  const bad = rows.filter(({ outcome }) => outcome === 'refused' || outcome === 'unreadable')
  if (bad.length > 0) text.push('')
  for (const { line, column, code, fields } of bad.slice(0, LINES_SHOWN)) {
    const where = column === undefined ? `line ${line}` : `line ${line}, column ${column}`
    text.push(plain(`${where}: ${code ?? ''}${fields?.length ? ` (${fields.join(', ')})` : ''}`))
  }
  if (bad.length > LINES_SHOWN) text.push(`… and ${number(bad.length - LINES_SHOWN)} more; --json names them all.`)
  const { reasons, maybeSame, skippedLines, columnsNotRead, doubtful } = totals
  if (doubtful > 0) {
    text.push(`${number(doubtful)} have something that can't be right; it is kept as it was written:`)
    const doubts = rows.flatMap(({ line, doubts = [] }) => doubts.map(doubt => ({ line, ...doubt })))
    for (const { line, column, code } of doubts.slice(0, LINES_SHOWN))
      text.push(column === undefined ? `line ${line}: ${code}` : `line ${line}, column ${column}: ${code}`)
  }
  if (reasons['EXPIRES_TOO_SOON']) {
    text.push('A consent that only a list tells of lasts 30 days from its day: those that are older are over.')
    text.push('Import without --from-columns, with --may-ask, to ask these people again.')
  }
  if (reasons['SUPPRESSED']) text.push(`${number(reasons['SUPPRESSED'])} may have left, and were not brought back.`)
  if (reasons['QUARANTINE_AGAIN']) {
    text.push(`${number(reasons['QUARANTINE_AGAIN'])} waited in quarantine within the last year: that is not renewed.`)
  }
  if (maybeSame > 0)
    text.push(`${number(maybeSame)} share a phone or an address with somebody here: perhaps the same person.`)
  if (skippedLines > 0)
    text.push(`${number(skippedLines)} lines inside cards could not be read; the cards are good without them.`)
  if (columnsNotRead.length > 0) text.push(`Columns that were not read: ${columnsNotRead.map(plain).join(', ')}.`)
  if ((reasons['FIELD_NOT_DECLARED'] || reasons['NOT_IN_QUARANTINE']) && undeclared !== 'leave-out') {
    text.push('With --undeclared leave-out they come in without the fields named.')
  }
  if (totals['quarantined'] && mayAsk === undefined) {
    text.push('No ground for asking was given (--may-ask): those in quarantine without one can only be erased.')
  }
  return text.join('\n')
}
