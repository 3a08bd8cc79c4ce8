/**
 * Exporting into a file. The file is there whole or not at all, and it never takes another one's place unasked: that is
 * looked at before anything leaves, because an export that has begun counts as handed over.
 */
import type { ExportRequest, Manifest, Policy } from '@amanat/vault'
import { Option } from 'commander'
import type { AddCommand, Cli } from '../command'
import { usage } from '../errors'
import { refuseExisting, writeBeside } from '../files'
import { FORMATS, withVault } from '../open'
import { date, number, pairs, people } from '../output'
import { present } from '../present'
import { progress } from '../progress'
import { type WhoOptions, whoFrom, withWho } from '../who'
import { reasonLines } from '../words'

interface Options extends WhoOptions {
  readonly format: string
  readonly out: string
  readonly leaveOut?: boolean
  readonly via?: 'sealed-file' | 'plaintext-file'
  readonly ground?: string
  readonly force?: boolean
}

/** What a person takes in a file, roughly: for the bar alone. */
const BYTES_EACH = 250

export const exportPeople: AddCommand = (program, act) => {
  withWho(program.command('export').description('export people to a recipient who may have them').argument('<purpose>'))
    .requiredOption('--format <name>', Object.keys(FORMATS).join(', '))
    .requiredOption('--out <file>', 'where the file goes')
    .option('--leave-out', 'leave out those who did not agree to this, instead of refusing all')
    .addOption(new Option('--via <way>', 'how it leaves').choices(['sealed-file', 'plaintext-file']))
    .option('--ground <word>', 'on which ground, such as court-order; recorded')
    .option('--force', 'replace a file that is there')
    .action(
      act(async (cli, purpose: string, options: Options) => {
        const { out, force, ground } = options
        if (out === '-') throw usage('An export goes to a file.', 'Name it with --out.')
        if (ground !== undefined && !/^[a-z][a-z0-9-]{0,39}$/.test(ground)) {
          throw usage('A ground is one word in small letters.', 'Write it like court-order.')
        }
        if (!force) await refuseExisting(out, '--out')
        const request: ExportRequest<Policy, string> = {
          ...whoFrom(options),
          format: options.format,
          ...present({ via: options.via, ground, whenRefused: options.leaveOut ? ('leave-out' as const) : undefined }),
        }
        const manifest = await withVault(cli, async vault => {
          const door = vault.for(purpose)
          const expected = cli.io.stderr.isTTY ? await door.count() : 0
          const started = await door.export(request)
          // Whoever breaks off the file hears of it there; the manifest then says the same once more.
          started.manifest.catch(() => undefined)
          const bar = progress(cli, 'Exporting', expected * BYTES_EACH)
          try {
            const pieces = counted(started.file, cli, bytes => bar.to(bytes))
            await writeBeside(out, pieces, { option: '--out', ...present({ force }) })
          } finally {
            bar.end()
          }
          return started.manifest
        })
        return { value: manifest, text: () => manifestText(manifest) }
      }),
    )
}

async function* counted(
  file: ReadableStream<Uint8Array>,
  { io: { signal } }: Cli,
  tell: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  let bytes = 0
  for await (const piece of file) {
    signal?.throwIfAborted()
    bytes += piece.length
    tell(bytes)
    yield piece
  }
}

function manifestText(manifest: Manifest): string {
  const { leftOut, reasons, recipient } = manifest
  const lines = pairs([
    ['exported', people(manifest.people)],
    ['to', `${recipient.name} (${recipient.country})`],
    ['for', manifest.purpose],
    ['as', `${manifest.format} ${manifest.version}, ${manifest.via}`],
    ['bytes', number(manifest.bytes)],
    ['sha-256', manifest.sha256],
    ['export', manifest.export],
    ['destroy by', date(manifest.destroyBy)],
  ])
  return leftOut === 0 ? lines : [lines, `Left out: ${people(leftOut)}`, reasonLines(reasons)].join('\n')
}
