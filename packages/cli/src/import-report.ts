/** What came of an import, in totals and row by row. Who may have left is a total, and nobody's row (R11). */
import type { Skipped } from '@amanat/cards'
import type { ImportOptions, Reading } from './import-file'
import type { ImportRows } from './import-rows'
import { counts, number } from './output'
import { present } from './present'
import { plain } from './terminal'

export function answerOf(rows: ImportRows, { columns, charset, skipped, claims }: Reading, options: ImportOptions) {
  const placed = columns?.placed ?? []
  const dated = placed.flatMap(({ header, dates }) => (dates ? [[header, dates] as const] : []))
  const totals = {
    ...rows.counts,
    reasons: rows.reasons,
    fieldsLeftOut: rows.leftOut,
    maybeSame: rows.maybeSame,
    skippedLines: skipped,
    columnsNotRead: columns?.unplaced.map(({ header }) => header) ?? [],
    columnsLeftOut: placed.flatMap(({ header, place }) => (place === 'ignore' ? [header] : [])),
    ...(dated.length > 0 ? { dates: Object.fromEntries(dated) } : {}),
    ...present({ program: columns?.program, charset }),
    ...(options.fromColumns ? { claims } : {}),
    doubtful: rows.doubtful,
  }
  const { total } = rows
  const { refused, unreadable } = totals
  const exit = total > refused + unreadable || total === 0 ? 0 : refused > 0 ? 3 : 1
  // With a file of outcomes, that is where the rows are.
  const where = options.report === undefined ? { rows: rows.rows } : { report: options.report }
  return {
    value: { dryRun: options.dryRun === true, ...totals, ...where },
    exit,
    text: () => reportText(totals, rows, options),
  }
}

const WORDS: { readonly [total: string]: string } = {
  added: 'added, with consent',
  quarantined: 'in quarantine, to be asked',
  known: 'known already, left as they are',
  refused: 'refused by the rules',
  unreadable: 'could not be read',
}

type Totals = Omit<ReturnType<typeof answerOf>['value'], 'dryRun' | 'rows' | 'report'>

const SKIPPED: { readonly [why in Skipped['why']]: string } = {
  'not-a-property': 'is no property of a card; left out',
  'too-long': 'is too long; left out',
  'no-end': 'the card has no END:VCARD after it',
  'no-begin': 'the card has no BEGIN:VCARD before it',
  'cut-off': 'was cut off; left out',
}

function reportText(totals: Totals, rows: ImportRows, { mayAsk, undeclared, dryRun, report }: ImportOptions): string {
  const lines = Object.entries(WORDS).flatMap(([name, words]) => {
    const count = rows.counts[name as keyof ImportRows['counts']]
    return count > 0 ? [[count, words] as const] : []
  })
  const text = [lines.length === 0 ? 'There is nobody in this file.' : counts(lines)]
  if (dryRun) text.unshift('A dry run: nothing was changed. A vault with nobody in it would have:')
  const { bad } = rows
  if (bad.length > 0) text.push('')
  for (const { line, column, code, fields, issues } of bad) {
    const where = column === undefined ? `line ${line}` : `line ${line}, column ${column}`
    const about = fields ?? issues?.map(({ path, message }) => `${path}: ${message}`) ?? []
    text.push(plain(`${where}: ${code ?? ''}${about.length > 0 ? ` (${about.join(', ')})` : ''}`))
  }
  const { reasons, maybeSame, skippedLines, columnsNotRead, columnsLeftOut, doubtful, dates } = totals
  if (rows.bads > bad.length) {
    const all = report === undefined ? '--json or --report' : 'the report'
    text.push(`… and ${number(rows.bads - bad.length)} more; ${all} names them all.`)
  }
  if (doubtful > 0) {
    text.push(`${number(doubtful)} have something that can't be right; it is kept as it was written:`)
    for (const { line, column, code } of rows.doubts)
      text.push(column === undefined ? `line ${line}: ${code}` : `line ${line}, column ${column}: ${code}`)
  }
  for (const [header, order] of Object.entries(dates ?? {}))
    text.push(`Dates in ${plain(header)} were read ${order === 'dmy' ? 'day' : 'month'} first, as others there show.`)
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
  if (skippedLines > 0) {
    const lines = skippedLines === 1 ? 'One line' : `${number(skippedLines)} lines`
    text.push(`${lines} inside cards could not be read as it should; the cards are good without that:`)
    for (const { line, why } of rows.skipped) text.push(`line ${line}: ${SKIPPED[why]}`)
  }
  if (columnsNotRead.length > 0) text.push(`Columns that were not read: ${columnsNotRead.map(plain).join(', ')}.`)
  if (columnsLeftOut.length > 0)
    text.push(
      `Columns that were left out, since they say nothing of the person: ${columnsLeftOut.map(plain).join(', ')}.`,
    )
  if ((reasons['FIELD_NOT_DECLARED'] || reasons['NOT_IN_QUARANTINE']) && undeclared !== 'leave-out') {
    text.push('With --undeclared leave-out they come in without the fields named.')
  }
  if (totals['quarantined'] && mayAsk === undefined) {
    text.push('No ground for asking was given (--may-ask): those in quarantine without one can only be erased.')
  }
  return text.join('\n')
}
