/**
 * What is in a file that is brought in, row by row: people as `vault.add` takes them, and what can't be read, each with
 * its line. What a sheet says of consents comes to claims here, or to nothing.
 */
import {
  CardsError,
  type CsvColumns,
  type CsvPlace,
  type CustomTypes,
  claimFrom,
  columnsFrom,
  consentSaid,
  csvSample,
  type DateOrder,
  type Doubt,
  isCsvPlace,
  readCards,
  refOf,
  type SaidConsent,
  type Skipped,
  suggestMapping,
} from '@amanat/cards'
import type { MayAsk, NewConsent, NewContact, Policy } from '@amanat/vault'
import { usage } from './errors'
import { parseJson } from './files'
import type { ImportedRow } from './import-rows'
import { readAll } from './io'
import { entriesOf, PEOPLE_FILE } from './people-file'
import { present } from './present'

export interface ImportOptions {
  readonly source?: string
  readonly mayAsk?: MayAsk
  readonly undeclared?: 'refuse' | 'leave-out'
  readonly dryRun?: boolean
  readonly report?: string
  readonly consent?: string
  readonly how?: string
  readonly at?: string
  readonly recipient?: string[]
  readonly notice?: string
  readonly language?: string
  readonly fromColumns?: boolean
  readonly ref: 'auto' | 'source' | 'content' | 'none'
  readonly column?: string[]
  readonly charset?: string
  readonly dates?: DateOrder
}

export interface FoundContact {
  readonly line: number
  readonly contact: NewContact<Policy>
  readonly doubts?: readonly Doubt[]
  readonly skipped?: readonly Skipped[]
}

/** What became known while the file was read. */
export interface Reading {
  columns?: CsvColumns
  charset?: string
  /** Lines inside cards that could not be read. */
  skipped: number
  /** Rows whose columns say that somebody agreed, and when. */
  claims: number
}

const HEAD = 4_096

/** What is in the file, row by row; what can't be read is among it. */
export async function* contactsIn(
  bytes: AsyncGenerator<Uint8Array>,
  options: ImportOptions,
  reading: Reading,
  custom: CustomTypes | undefined,
): AsyncGenerator<FoundContact | ImportedRow> {
  const { source, mayAsk } = options
  const head: Uint8Array[] = []
  for (let size = 0; size < HEAD; ) {
    const next = await bytes.next()
    if (next.done) break
    head.push(next.value)
    size += next.value.length
  }
  const whole = joined(head, bytes)
  if (PEOPLE_FILE.test(new TextDecoder().decode(Buffer.concat(head)))) {
    const entries = entriesOf(parseJson(await readAll(whole), '<file>'), source)
    for (const [index, entry] of entries.entries()) {
      const line = index + 1
      if ('problem' in entry) yield { line, outcome: 'unreadable', code: 'ENTRY_INVALID', fix: entry.problem }
      else yield { line, contact: entry.contact }
    }
    return
  }
  if (source === undefined) throw usage('Where were these people got from?', 'Say it with --source.')
  const read = present({ charset: options.charset, dates: options.dates, columns: columnsSaid(options), custom })
  const cards = readCards(whole, {
    ...read,
    onColumns: columns => {
      reading.columns = columns
    },
    onCharset: charset => {
      reading.charset = charset
    },
  })
  try {
    for await (const row of cards) {
      if ('error' in row) {
        const { code, fix, path } = row.error
        const at = present({ column: row.column, fields: path === undefined ? undefined : [path] })
        yield { line: row.line, outcome: 'unreadable', code, fix, ...at }
        continue
      }
      const { line, doubts, skipped } = row
      reading.skipped += skipped?.length ?? 0
      const said = saidOf(row.consents, options)
      if (said.refused) {
        yield { line, outcome: 'refused', code: 'OPTED_OUT', fix: OPTED_OUT, ...present({ doubts, skipped }) }
        continue
      }
      if (said.consents.length > 0 && options.fromColumns) reading.claims++
      const by = options.ref === 'auto' ? 'source-or-content' : options.ref
      const ref = by === 'none' ? undefined : await refOf(row, by)
      const contact = { card: row.card, source, consents: said.consents, ...present({ mayAsk, ref }) }
      yield { line, contact: contact as NewContact<Policy>, ...present({ doubts, skipped }) }
    }
  } catch (error) {
    // What the columns may be, for whoever has to name them.
    if (error instanceof CardsError && (error.code === 'NOT_CSV' || error.code === 'TYPE_UNKNOWN')) {
      const { headers, samples } = await csvSample(Buffer.concat(head), present({ rows: 20, charset: options.charset }))
      const columns = columnsFrom(suggestMapping(headers, samples))
      const said = Object.entries(columns).map(([header, place]) => `--column ${JSON.stringify(`${header}=${place}`)}`)
      // What doesn't look like a sheet has to show more than a line with an address in it.
      if (said.length > (error.code === 'TYPE_UNKNOWN' ? 1 : 0))
        throw usage('No column of this sheet is known by its name.', `Perhaps: ${said.join(' ')}`)
    }
    throw error
  }
}

const OPTED_OUT = 'The sheet says that this person does not want to be written to. They were not brought in.'

/** What a row's columns say of the purpose that is imported for; a no for another purpose is none for this one. */
function saidOf(said: readonly SaidConsent[] | undefined, options: ImportOptions) {
  const { consent: purpose } = options
  const about = purpose === undefined ? said?.find(each => each.purpose === undefined) : consentSaid(said, purpose)
  // Whoever said no to everything, or to this.
  const refused = about?.status === 'refused' || said?.some(each => !each.purpose && each.status === 'refused') === true
  if (!options.fromColumns) return { refused, consents: consentsOf(options) }
  const [named] = consentsOf(options)
  const claim = named && claimFrom<Policy>(about, named)
  return { refused, consents: claim ? [claim] : [] }
}

/** @throws UsageError for one that isn't `header=place`. */
function columnsSaid({ column }: ImportOptions): Record<string, CsvPlace> | undefined {
  if (column === undefined) return undefined
  return Object.fromEntries(
    column.map(text => {
      const at = text.lastIndexOf('=')
      if (at <= 0 || at === text.length - 1)
        throw usage('--column says what a column is.', 'Write it as --column "Mobile no.=mobile".')
      const place = text.slice(at + 1)
      if (!isCsvPlace(place))
        throw usage(
          'What --column says of a column is no place in a card.',
          'Use one such as name, given, surname, mobile, phone, email, note, x:diet or ignore.',
        )
      return [text.slice(0, at), place]
    }),
  )
}

async function* joined(head: readonly Uint8Array[], rest: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* head
  yield* rest
}

function consentsOf({ consent: purpose, how = 'imported', at, recipient, notice, language }: ImportOptions) {
  if (purpose === undefined) return []
  const consent: NewConsent<Policy> = {
    purpose,
    ...present({ recipients: recipient, notice, language }),
    given: { how, ...present({ at }) },
  }
  return [consent]
}
