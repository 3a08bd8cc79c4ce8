/**
 * Bringing an address book in. People without a consent go into quarantine; one bad row never stops the rest. Consents for a
 * whole file are claims, whatever is said of them: what proves a consent belongs to one person.
 *
 * The file goes through in lots, one commit each: what is told of a lot is in the vault, whatever happens next, and no
 * more than a lot is held. A dry run does the same with a vault that is thrown away (dry-run.ts).
 */
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { type AnyVault, isPurpose, type NewContact, type Policy, type RowOutcome, VaultError } from '@amanat/vault'
import { Option } from 'commander'
import { type AddCommand, type Cli, instant, several } from '../command'
import { inScratch } from '../dry-run'
import { usage } from '../errors'
import { unreadable } from '../files'
import { contactsIn, type FoundContact, type ImportOptions, type Reading } from '../import-file'
import { answerOf } from '../import-report'
import { type ImportedRow, ImportRows } from '../import-rows'
import { lotsOf } from '../lots'
import { withVault } from '../open'
import { present } from '../present'
import { progress } from '../progress'

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
    .option('--dry-run', 'say what would come of it in a vault with nobody in it; changes nothing')
    .option('--report <file>', 'write what came of each row there, as JSON, a line each, as it comes')
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
        const reading: Reading = { skipped: 0, claims: 0 }
        const rows = new ImportRows({ keep: cli.globals.json === true, ...present({ file: options.report }) })
        let failed = true
        try {
          await withVault(cli, async vault => {
            const into = (work: (target: AnyVault) => Promise<void>) =>
              options.dryRun ? inScratch(cli, vault.policy, work) : work(vault)
            await bringIn(cli, vault.policy, file, options, reading, rows, into)
          })
          failed = false
        } finally {
          rows.close(failed)
        }
        return answerOf(rows, reading, options)
      }),
    )
}

/** Opens the file only once everything else that may be wrong is known to be right. */
async function bringIn(
  cli: Cli,
  policy: Policy,
  file: string,
  options: ImportOptions,
  reading: Reading,
  rows: ImportRows,
  into: (work: (vault: AnyVault) => Promise<void>) => Promise<void>,
): Promise<void> {
  const { consent } = options
  if (consent !== undefined && !isPurpose(policy, consent)) {
    throw new VaultError('UNKNOWN_PURPOSE', { data: { known: Object.keys(policy.purposes) } })
  }
  const size = file === '-' ? 0 : (await stat(file).catch(error => Promise.reject(unreadable('<file>', error)))).size
  await into(async vault => {
    const bar = progress(cli, options.dryRun ? 'Reading' : 'Importing', size)
    let read = 0
    const bytes = bytesOf(cli, file, to => {
      read = to
      bar.to(to)
    })
    try {
      for await (const lot of lotsOf(contactsIn(bytes, options, reading, policy.custom), () => read)) {
        if (cli.io.signal?.aborted) return
        await commit(cli, vault, lot, options, rows)
      }
    } finally {
      bar.end()
    }
  })
}

type Found = FoundContact | ImportedRow

async function commit(
  { io: { signal } }: Cli,
  vault: AnyVault,
  lot: readonly Found[],
  { undeclared, dryRun }: ImportOptions,
  rows: ImportRows,
): Promise<void> {
  const contacts: NewContact<Policy>[] = []
  for (const row of lot) if ('contact' in row) contacts.push(row.contact)
  const report = await vault.addMany(contacts, present({ whenUndeclared: undeclared, signal }))
  // Interrupted before it was committed.
  if (report.rows.length < contacts.length) return
  const outcomes = report.rows[Symbol.iterator]()
  const told = lot.map(row => ('contact' in row ? rowOf(outcomes.next().value as RowOutcome, row, dryRun) : row))
  rows.add(told, report)
}

function rowOf(outcome: RowOutcome, { line, doubts, skipped }: FoundContact, dryRun = false): ImportedRow {
  const { index: _, ...rest } = outcome
  const row = { line, ...present({ doubts, skipped }), ...rest }
  if (!dryRun) return row
  // Of people who are nowhere.
  const { id: _id, maybeSame: _same, ...nobody } = row
  return nobody
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
