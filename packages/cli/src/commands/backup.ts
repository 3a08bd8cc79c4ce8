/**
 * A backup into a file, which is there whole or not at all. It opens as the vault does today, and nothing that the vault
 * forgets later is forgotten in it.
 */
import { createHash } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { AddCommand, Cli } from '../command'
import { usage } from '../errors'
import { refuseExisting, writeBeside } from '../files'
import { folderOf, withVault } from '../open'
import { number, pairs } from '../output'
import { present } from '../present'
import { progress } from '../progress'
import { syncedBy } from '../synced'

interface Options {
  readonly out: string
  readonly force?: boolean
}

export const backup: AddCommand = (program, act) => {
  program
    .command('backup')
    .description('write a sealed copy of everything, to restore a vault from')
    .requiredOption('--out <file>', 'where the file goes')
    .option('--force', 'replace a file that is there')
    .addHelpText(
      'after',
      `
It opens in the ways in which the vault can be unlocked now. Nothing that is withdrawn or erased later is forgotten in it:
keep few of them, and destroy old ones.`,
    )
    .action(
      act(async (cli, { out, force }: Options) => {
        if (out === '-') throw usage('A backup goes to a file.', 'Name it with --out.')
        if (!force) await refuseExisting(out, '--out')
        const synced = syncedBy(out)
        if (synced) cli.note(`${synced} seems to copy this file elsewhere. A copy that nobody deletes forgets nothing.`)
        const value = await withVault(cli, async vault => {
          const bar = progress(cli, 'Backing up', cli.io.stderr.isTTY ? await roughly(folderOf(cli)) : 0)
          const { id, file } = await vault.backup()
          const seen = { bytes: 0, sha256: createHash('sha256') }
          try {
            await writeBeside(out, counted(file, cli, seen, bar.to), { option: '--out', ...present({ force }) })
          } finally {
            bar.end()
          }
          return { backup: id, bytes: seen.bytes, sha256: seen.sha256.digest('hex') }
        })
        return {
          value,
          text: () =>
            [
              pairs([
                ['backup', value.backup],
                ['bytes', number(value.bytes)],
                ['sha-256', value.sha256],
              ]),
              'It opens as the vault does now. What is withdrawn or erased from now on is not forgotten in it.',
            ].join('\n'),
        }
      }),
    )
}

/** For the bar alone: what the rows take on the disk. */
const roughly = (folder: string): Promise<number> =>
  stat(join(folder, 'rows', 'data.mdb')).then(
    ({ size }) => size,
    () => 0,
  )

async function* counted(
  file: ReadableStream<Uint8Array>,
  { io: { signal } }: Cli,
  seen: { bytes: number; readonly sha256: ReturnType<typeof createHash> },
  tell: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  for await (const piece of file) {
    signal?.throwIfAborted()
    seen.bytes += piece.length
    seen.sha256.update(piece)
    tell(seen.bytes)
    yield piece
  }
}
