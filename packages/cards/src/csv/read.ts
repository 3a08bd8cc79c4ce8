// A spreadsheet to cards: one row names the columns, each row after it is one person. Columns that nobody knows are
// reported, not guessed. What a row says of a consent is handed on as said, since a cell is no evidence of one.
import { CardsError, cardError } from '../errors'
import { type CardInput, inputBytes } from '../input'
import { LIMITS, type Limits } from '../limits'
import type { ReadCard } from '../read-card'
import type { DateOrder } from './dates'
import { sheetText } from './decode'
import { type Column, type CsvPlace, fold, together } from './places'
import { type CsvProgram, columnsOf, programOf } from './programs'
import { csvRows, type Row } from './rows'
import { readRow } from './to-card'

/** What the columns of a file were taken for. */
export interface CsvColumns {
  /** Who wrote it, as far as the headers tell. */
  readonly program?: CsvProgram
  /** The line of the header, from 1; what stands before it (LinkedIn's notes) isn't read. */
  readonly line: number
  /** Headers, as written, that have a place. */
  readonly placed: { readonly header: string; readonly column: number; readonly place: CsvPlace }[]
  /** Headers, as written, whose cells were not read. Tell the person who imports. */
  readonly unplaced: { readonly header: string; readonly column: number }[]
}

export interface CsvOptions {
  /** By header, before anything that is known: `{ 'Mobile no.': 'mobile', Diet: 'x:diet', Internal: 'ignore' }`. */
  readonly columns?: { readonly [header: string]: CsvPlace }
  /** Said of bytes without a mark: `windows-1256`, `utf-16le`, … Told by the letters where left out. */
  readonly charset?: string
  /** Which comes first in `03/05/1990`. Where left out, a date that may be two is none. */
  readonly dates?: DateOrder
  /** Called once, before the first row is given. */
  readonly onColumns?: (columns: CsvColumns) => void
  /** Called once, when it is known: what the bytes were read as. */
  readonly onCharset?: (charset: string) => void
  readonly limits?: Partial<Limits>
}

/**
 * Reads the exports of Google, Outlook, LinkedIn, Mailchimp, Brevo, HubSpot, Salesforce and CiviCRM, and any sheet whose
 * columns are named in English, German, French or Persian, or by the caller.
 *
 * @throws CardsError NOT_TEXT; CHARSET_UNKNOWN; NOT_CSV: no column of the first rows is known.
 */
export function readCsv(input: CardInput, options: CsvOptions = {}): AsyncIterable<ReadCard> {
  return { [Symbol.asyncIterator]: () => readCsvBytes(inputBytes(input, options.charset), options) }
}

// How far down the header is looked for.
const PREAMBLE = 10

export async function* readCsvBytes(bytes: AsyncIterable<Uint8Array>, options: CsvOptions): AsyncGenerator<ReadCard> {
  const limits = { ...LIMITS, ...options.limits }
  let sheet: Sheet | undefined
  let before: Row[] = []
  // Said, it was decoded where the bytes came in.
  const text = sheetText(bytes, charset => options.onCharset?.(options.charset ?? charset))
  for await (const row of csvRows(text, limits)) {
    if ('cells' in row && row.cells.every(cell => cell.trim() === '')) continue
    if (sheet) {
      yield itemOf(row, sheet)
      continue
    }
    before.push(row)
    const found = 'cells' in row ? sheetOf(row, options).count > 1 : false
    if (!found && before.length < PREAMBLE) continue
    sheet = headed(before, options)
    yield* rest(before, sheet)
    before = []
  }
  if (!sheet && before.length > 0) yield* rest(before, headed(before, options))
}

/** The first row that names two columns; else the first, if it names one. */
function headed(rows: readonly Row[], options: CsvOptions): Sheet {
  const sheets = rows.flatMap(row => ('cells' in row ? [sheetOf(row, options)] : []))
  const sheet = sheets.find(({ count }) => count > 1) ?? sheets[0]
  if (!sheet || sheet.count === 0) throw new CardsError('NOT_CSV')
  options.onColumns?.(reportOf(sheet))
  return sheet
}

function* rest(rows: readonly Row[], sheet: Sheet): Generator<ReadCard> {
  for (const row of rows) if (row.line > sheet.line || 'error' in row) yield itemOf(row, sheet)
}

const itemOf = (row: Row, sheet: Sheet): ReadCard =>
  'error' in row ? { line: row.line, error: cardError(row.error) } : readRow(row.line, row.cells, sheet)

/** A header, understood. */
export interface Sheet {
  readonly line: number
  readonly program: CsvProgram | undefined
  readonly headers: readonly string[]
  readonly columns: readonly (Column | undefined)[]
  /** Columns that are known for something. */
  readonly count: number
  readonly dates: DateOrder | undefined
}

function sheetOf(row: Extract<Row, { cells: unknown }>, options: CsvOptions): Sheet {
  const headers = row.cells
  const wanted = new Map(Object.entries(options.columns ?? {}).map(([name, place]) => [fold(name), place]))
  const program = programOf(headers)
  const columns = together(
    columnsOf(headers, program).map((column, index): Column | undefined => {
      const place = wanted.get(fold(headers[index] as string))
      return place === undefined ? column : { place, number: 0 }
    }),
  )
  const count = columns.filter(column => column && column.place !== 'ignore').length
  return { line: row.line, program, headers, columns, count, dates: options.dates }
}

function reportOf({ program, line, headers, columns }: Sheet): CsvColumns {
  const report = headers.map((header, index) => ({ header, column: index + 1, place: columns[index]?.place }))
  return {
    ...(program === undefined ? {} : { program }),
    line,
    placed: report.flatMap(({ place, ...rest }) => (place ? [{ ...rest, place }] : [])),
    unplaced: report.flatMap(({ place, ...rest }) => (place || rest.header.trim() === '' ? [] : [rest])),
  }
}
