// A spreadsheet to cards: one row names the columns, each row after it is one person. Columns that nobody knows are
// reported, not guessed. What a row says of a consent is handed on as said, since a cell is no evidence of one.
import { CardsError, cardError } from '../errors'
import { type CardInput, inputBytes } from '../input'
import { LIMITS, type Limits } from '../limits'
import type { ReadCard } from '../read-card'
import type { CustomType, CustomTypes } from './custom'
import { DateColumns, isDated, SAMPLE } from './date-columns'
import type { DateOrder } from './dates'
import { sheetText } from './decode'
import { type Column, type CsvPlace, fold, together } from './places'
import { type CsvProgram, columnsOf, programOf } from './programs'
import { type ColumnPlan, plansOf, readRow } from './row'
import { csvRows, type Row } from './rows'

/** What the columns of a file were taken for. */
export interface CsvColumns {
  /** Who wrote it, as far as the headers tell. */
  readonly program?: CsvProgram
  /** The line of the header, from 1; what stands before it (LinkedIn's notes) isn't read. */
  readonly line: number
  /** Headers, as written, that have a place. */
  readonly placed: {
    readonly header: string
    readonly column: number
    readonly place: CsvPlace
    /** Of a column of dates: the order that its first rows show, where none was said. */
    readonly dates?: DateOrder
  }[]
  /** Headers, as written, whose cells were not read. Tell the person who imports. */
  readonly unplaced: { readonly header: string; readonly column: number }[]
}

export interface CsvOptions {
  /** By header, before anything that is known: `{ 'Mobile no.': 'mobile', Diet: 'x:diet', Internal: 'ignore' }`. */
  readonly columns?: { readonly [header: string]: CsvPlace }
  /** Said of bytes without a mark: `windows-1256`, `utf-16le`, … Told by the letters where left out. */
  readonly charset?: string
  /**
   * Which comes first in `03/05/1990`. Where left out, another date of the column shows it (`25/12/1990`), else a date that
   * may be two is none.
   */
  readonly dates?: DateOrder
  /** What the fields of one's own hold, as the policy says (`policy.custom`): a cell of another type is told, and left out. */
  readonly custom?: CustomTypes
  /** Called once, before the first row is given. */
  readonly onColumns?: (columns: CsvColumns) => void
  /** Called once, when it is known: what the bytes were read as. */
  readonly onCharset?: (charset: string) => void
  readonly limits?: Partial<Limits>
}

/**
 * Reads the exports of Google, Outlook, Thunderbird, Yahoo, LinkedIn, Mailchimp, Brevo, HubSpot, Salesforce and CiviCRM, and any sheet whose
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
  // Rows that wait for the header to be found, and then for the order of the dates.
  let held: Row[] = []
  let size = 0
  let settled = false
  // Said, it was decoded where the bytes came in.
  const text = sheetText(bytes, charset => options.onCharset?.(options.charset ?? charset))
  for await (const row of csvRows(text, limits)) {
    if ('cells' in row && row.cells.every(cell => cell.trim() === '')) continue
    if (sheet && settled) {
      if ('cells' in row) sheet.dates.see(row.cells, true)
      yield itemOf(row, sheet)
      continue
    }
    held.push(row)
    if (!sheet) {
      const found = 'cells' in row ? sheetOf(row, options).count > 1 : false
      if (!found && held.length < PREAMBLE) continue
      sheet = headed(held, options)
      held = held.filter(below(sheet))
    }
    size += 'cells' in row ? row.cells.reduce((sum, cell) => sum + cell.length, 0) : 0
    settled = !sheet.dates.any || held.length >= SAMPLE || size > limits.row
    if (settled) yield* first(held.splice(0), sheet, options)
  }
  if (settled || (!sheet && held.length === 0)) return
  sheet ??= headed(held, options)
  yield* first(held.filter(below(sheet)), sheet, options)
}

/** The first row that names two columns; else the first, if it names one. */
function headed(rows: readonly Row[], options: CsvOptions): Sheet {
  const sheets = rows.flatMap(row => ('cells' in row ? [sheetOf(row, options)] : []))
  const sheet = sheets.find(({ count }) => count > 1) ?? sheets[0]
  if (!sheet || sheet.count === 0 || isBlind(sheet, options)) throw new CardsError('NOT_CSV')
  return sheet
}

/** One column of several is known, and not who it is about: `Firma` in Polish. Whoever imports must say what the others are. */
function isBlind({ count, headers, columns }: Sheet, { columns: said }: CsvOptions): boolean {
  if (count > 1 || said !== undefined || headers.filter(header => header.trim() !== '').length < 3) return false
  return !columns.some(column => column && WHO.has(column.place))
}
const WHO = new Set<CsvPlace>(['name', 'given', 'surname', 'nickname', 'phone', 'mobile', 'email'])

const below = (sheet: Sheet) => (row: Row) => row.line > sheet.line || 'error' in row

/** The rows that were held back, now that it is known what all of them say together. */
function* first(rows: readonly Row[], sheet: Sheet, options: CsvOptions): Generator<ReadCard> {
  for (const row of rows) if ('cells' in row) sheet.dates.see(row.cells)
  options.onColumns?.(reportOf(sheet, options))
  for (const row of rows) yield itemOf(row, sheet)
}

const itemOf = (row: Row, sheet: Sheet): ReadCard =>
  'error' in row ? { line: row.line, error: cardError(row.error) } : readRow(row.line, row.cells, sheet)

/** A header, understood. */
export interface Sheet {
  readonly line: number
  readonly program: CsvProgram | undefined
  readonly headers: readonly string[]
  readonly columns: readonly (Column | undefined)[]
  readonly plans: readonly ColumnPlan[]
  /** Whether a column holds labels of others. */
  readonly labelled: boolean
  /** Columns that are known for something. */
  readonly count: number
  /** As the caller says. */
  readonly order: DateOrder | undefined
  /** As the cells show. */
  readonly dates: DateColumns
  /** The fields of one's own that aren't text. */
  readonly custom: ReadonlyMap<CsvPlace, Exclude<CustomType, 'text'>>
}

function sheetOf(row: Extract<Row, { cells: unknown }>, options: CsvOptions): Sheet {
  const headers = row.cells
  const wanted = new Map(Object.entries(options.columns ?? {}).map(([name, place]) => [fold(name), place]))
  const program = programOf(headers)
  const columns = together(
    columnsOf(headers, program).map((column, index): Column | undefined => {
      const place = wanted.get(fold(headers[index] as string))
      // What the header says beside its place, `Home`, is kept where the caller says the same place.
      return place === undefined || place === column?.place ? column : { place, number: 0 }
    }),
  )
  const count = columns.filter(column => column && column.place !== 'ignore').length
  const dates = new DateColumns(options.dates === undefined ? columns : [], program !== undefined)
  const plans = plansOf(columns)
  const labelled = plans.some(({ what }) => what === 'label' || what === 'called')
  const custom = new Map(
    Object.entries(options.custom ?? {}).flatMap(([field, type]) =>
      type === 'text' ? [] : [[field as CsvPlace, type] as const],
    ),
  )
  return { line: row.line, program, headers, columns, plans, labelled, count, order: options.dates, dates, custom }
}

function reportOf({ program, line, headers, columns, dates: shown }: Sheet, options: CsvOptions): CsvColumns {
  const report = headers.map((header, index) => {
    const dates = options.dates === undefined && isDated(columns[index]) ? shown.order(index) : undefined
    return { header, column: index + 1, place: columns[index]?.place, ...(dates === undefined ? {} : { dates }) }
  })
  return {
    ...(program === undefined ? {} : { program }),
    line,
    placed: report.flatMap(({ place, ...rest }) => (place ? [{ ...rest, place }] : [])),
    unplaced: report.flatMap(({ place, ...rest }) => (place || rest.header.trim() === '' ? [] : [rest])),
  }
}
