/**
 * Bringing an address book in. People without a consent go into quarantine; one bad row never stops the rest. Consents for a
 * whole file are claims, whatever is said of them: what proves a consent belongs to one person.
 */
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import {
  CardsError,
  type CsvColumns,
  type CsvPlace,
  claimFrom,
  columnsFrom,
  consentSaid,
  csvSample,
  type DateOrder,
  type Doubt,
  readCards,
  refOf,
  type SaidConsent,
  suggestMapping,
} from '@amanat/cards'
import {
  type AddReport,
  type AnyVault,
  CONTACT_POINTS,
  isPurpose,
  type MayAsk,
  type NewConsent,
  type NewContact,
  type Policy,
  type RowOutcome,
  VaultError,
} from '@amanat/vault'
import { Option } from 'commander'
import { type AddCommand, type Cli, instant, several } from '../command'
import { usage } from '../errors'
import { parseJson, unreadable } from '../files'
import { answerOf } from '../import-report'
import { readAll } from '../io'
import { withVault } from '../open'
import { entriesOf, PEOPLE_FILE } from '../people-file'
import { present } from '../present'
import { progress } from '../progress'

export interface ImportOptions {
  readonly source?: string
  readonly mayAsk?: MayAsk
  readonly undeclared?: 'refuse' | 'leave-out'
  readonly dryRun?: boolean
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

/** One row of the file: where it is, and what came of it. */
export interface ImportedRow {
  /** Where it begins in the file, from 1; in a file of people with consents, which one it is. */
  readonly line: number
  readonly outcome: RowOutcome['outcome'] | 'unreadable' | 'readable'
  readonly id?: string
  readonly ref?: string
  readonly code?: string
  readonly fix?: string
  /** For a spreadsheet: which cell, from 1. */
  readonly column?: number
  readonly fields?: readonly string[]
  readonly maybeSame?: readonly string[]
  /** What is kept as it was written, though it can't be right. */
  readonly doubts?: readonly Doubt[]
}

type Found =
  | { readonly line: number; readonly contact: NewContact<Policy>; readonly doubts?: readonly Doubt[] }
  | ImportedRow

export interface Reading {
  readonly rows: ImportedRow[]
  columns?: CsvColumns
  charset?: string
  skipped: number
  /** Rows whose columns say that somebody agreed, and when. */
  claims: number
}

const HEAD = 4_096
/** Of a card itself, not of the person. */
const ABOUT_THE_CARD = new Set([
  '@type',
  'version',
  'uid',
  'kind',
  'language',
  'prodId',
  'created',
  'updated',
  'localizations',
])

export const importFile: AddCommand = (program, act) => {
  program
    .command('import')
    .description('bring in a .vcf, .csv or .json file; without consents, into quarantine')
    .argument('<file>', 'told apart by what is in it; - is stdin')
    .option('--source <text>', 'where these people were got from')
    .addOption(
      new Option('--may-ask <ground>', 'on which ground they may be asked for consent').choices([
        'they-asked',
        'soft-opt-in',
        'in-person-or-post',
      ]),
    )
    .addOption(
      new Option('--undeclared <what>', 'fields that may not be kept')
        .choices(['refuse', 'leave-out'])
        .default('refuse', 'refuse the row'),
    )
    .option('--dry-run', 'only read the file and say what could be kept; changes nothing')
    .option('--consent <purpose>', 'they all agreed to this: a claim, for 30 days at most')
    .option('--how <how>', 'with --consent: how (default: imported)')
    .option('--at <date>', 'with --consent: when', instant)
    .option('--recipient <id>', 'with --consent: for whom (again for more)', several)
    .option('--notice <id>', 'with --consent: which notice they were shown')
    .option('--language <tag>', 'with --consent: in which language')
    .option(
      '--from-columns',
      'with --consent: only those of whom a column of the sheet says that they agreed, and when',
    )
    .addOption(
      new Option('--ref <how>', 'by what people are known again when the file is imported again')
        .choices(['auto', 'source', 'content', 'none'])
        .default('auto', "the key or UID that the file gives, else the card's content"),
    )
    .option(
      '--column <header=place>',
      'for a sheet: what a column is, such as "Mobile no.=mobile" (again for more)',
      several,
    )
    .option(
      '--charset <name>',
      'for a sheet: utf-8, utf-16le, windows-1252, windows-1256, … (default: told by the letters)',
    )
    .addOption(new Option('--dates <order>', 'for a sheet: what 03/05/1990 is').choices(['dmy', 'mdy']))
    .action(
      act(async (cli, file: string, options: ImportOptions) => {
        if (options.consent === undefined) {
          const alone = (['how', 'at', 'recipient', 'notice', 'language', 'fromColumns'] as const).find(
            key => options[key] !== undefined,
          )
          if (alone)
            throw usage(
              `--${alone.replace('C', '-c')} says something of a consent.`,
              'Name its purpose with --consent.',
            )
        }
        if (options.fromColumns && (options.how !== undefined || options.at !== undefined))
          throw usage('With --from-columns the sheet says how and when.', 'Leave --how and --at out.')
        const reading: Reading = { rows: [], skipped: 0, claims: 0 }
        const report = await withVault(cli, vault => bringIn(cli, vault, file, options, reading))
        return answerOf(report, reading, options)
      }),
    )
}

async function bringIn(
  cli: Cli,
  vault: AnyVault,
  file: string,
  options: ImportOptions,
  reading: Reading,
): Promise<AddReport | undefined> {
  const { consent } = options
  if (consent !== undefined && !isPurpose(vault.policy, consent)) {
    throw new VaultError('UNKNOWN_PURPOSE', { data: { known: Object.keys(vault.policy.purposes) } })
  }
  const size = file === '-' ? 0 : (await stat(file).catch(error => Promise.reject(unreadable('<file>', error)))).size
  const bar = progress(cli, options.dryRun ? 'Reading' : 'Importing', size)
  try {
    const found = contactsIn(
      bytesOf(cli, file, bytes => bar.to(bytes)),
      options,
      reading,
    )
    if (options.dryRun) {
      for await (const row of found) reading.rows.push('contact' in row ? wouldBe(row, vault.policy, options) : row)
      return undefined
    }
    // Those that wait for their commit, by number: no more than one commit holds.
    const waiting = new Map<number, Where>()
    return await vault.addMany(good(found, waiting, reading), {
      ...present({ whenUndeclared: options.undeclared, signal: cli.io.signal }),
      onEach: row => {
        reading.rows.push(rowOf(row, waiting.get(row.index)))
        waiting.delete(row.index)
      },
    })
  } finally {
    bar.end()
  }
}

async function* bytesOf({ io }: Cli, file: string, tell: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  let bytes = 0
  const stream = file === '-' ? io.stdin : createReadStream(file)
  try {
    for await (const piece of stream) {
      const chunk = typeof piece === 'string' ? Buffer.from(piece) : piece
      bytes += chunk.length
      tell(bytes)
      yield chunk
    }
  } catch (error) {
    throw error instanceof Error && 'syscall' in error ? unreadable('<file>', error) : error
  }
}

/** What is in the file, row by row; what can't be read is among it. */
async function* contactsIn(
  bytes: AsyncGenerator<Uint8Array>,
  options: ImportOptions,
  reading: Reading,
): AsyncGenerator<Found> {
  const { source, mayAsk } = options
  const head: Uint8Array[] = []
  for (let size = 0; size < HEAD; ) {
    const next = await bytes.next()
    if (next.done) break
    head.push(next.value)
    size += next.value.length
  }
  const whole = joined(head, bytes)
  // A mistake in the call is told before anything is read.
  consentsOf(options)
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
  const read = present({ charset: options.charset, dates: options.dates, columns: columnsSaid(options) })
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
      const { line, doubts } = row
      reading.skipped += row.skipped?.length ?? 0
      const said = saidOf(row.consents, options)
      if (said.refused) {
        yield { line, outcome: 'refused', code: 'OPTED_OUT', fix: OPTED_OUT, ...present({ doubts }) }
        continue
      }
      if (said.consents.length > 0 && options.fromColumns) reading.claims++
      const by = options.ref === 'auto' ? 'source-or-content' : options.ref
      const ref = by === 'none' ? undefined : await refOf(row, by)
      const contact = { card: row.card, source, consents: said.consents, ...present({ mayAsk, ref }) }
      yield { line, contact: contact as NewContact<Policy>, ...present({ doubts }) }
    }
  } catch (error) {
    // What the columns may be, for whoever has to name them.
    if (error instanceof CardsError && (error.code === 'NOT_CSV' || error.code === 'TYPE_UNKNOWN')) {
      const { headers, samples } = await csvSample(Buffer.concat(head), present({ rows: 20, charset: options.charset }))
      const columns = columnsFrom(suggestMapping(headers, samples))
      const said = Object.entries(columns).map(([header, place]) => `--column ${JSON.stringify(`${header}=${place}`)}`)
      if (said.length > 0) throw usage('No column of this sheet is known by its name.', `Perhaps: ${said.join(' ')}`)
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
      return [text.slice(0, at), text.slice(at + 1) as CsvPlace]
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

interface Where {
  readonly line: number
  readonly doubts?: readonly Doubt[]
}

/** Those that could be read, for the vault; the others are noted. */
async function* good(
  found: AsyncIterable<Found>,
  waiting: Map<number, Where>,
  { rows }: Reading,
): AsyncGenerator<NewContact<Policy>> {
  let index = 0
  for await (const row of found) {
    if ('contact' in row) {
      waiting.set(index++, present({ line: row.line, doubts: row.doubts }) as Where)
      yield row.contact
    } else {
      rows.push(row)
    }
  }
}

function rowOf({ index: _, ...row }: RowOutcome, where: Where = { line: 0 }): ImportedRow {
  return { ...where, ...row }
}

/** What a card would meet, as far as the policy alone says: who left is for nobody to find out without bringing them in. */
function wouldBe(
  { line, contact, doubts }: Extract<Found, { contact: unknown }>,
  policy: Policy,
  { undeclared }: ImportOptions,
): ImportedRow {
  const declared = new Set(Object.values(policy.purposes).flatMap(({ fields }) => fields))
  const waits = !contact.consents?.length
  const kept = (field: string) =>
    declared.has(field) && (!waits || field === 'name' || (CONTACT_POINTS as readonly string[]).includes(field))
  const fields = Object.keys(contact.card).filter(field => !ABOUT_THE_CARD.has(field) && !kept(field))
  const told = present({ doubts })
  if (fields.length === 0) return { line, outcome: 'readable', ...told }
  if (undeclared === 'leave-out') return { line, outcome: 'readable', fields, ...told }
  return {
    line,
    ...told,
    outcome: 'refused',
    code: fields.every(field => declared.has(field)) ? 'NOT_IN_QUARANTINE' : 'FIELD_NOT_DECLARED',
    fields,
  }
}
