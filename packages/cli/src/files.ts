/** Files that are named on the command line. Errors say which option it was, never the path. */
import { randomUUID } from 'node:crypto'
import { link, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { CliError } from './errors'
import { type Io, readAll } from './io'

/** `-` is stdin. @throws CliError `FILE_UNREADABLE` */
export async function readGiven(path: string, option: string, { stdin }: Pick<Io, 'stdin'>): Promise<Uint8Array> {
  if (path === '-') return readAll(stdin)
  try {
    return await readFile(path)
  } catch (error) {
    throw unreadable(option, error)
  }
}

export const unreadable = (option: string, error: unknown): CliError =>
  new CliError('FILE_UNREADABLE', `The file given with ${option} can't be read (${codeOf(error)}).`, 'Check its path.')

export interface Given {
  /** 0 where nobody knows. */
  readonly size: number
  readonly pieces: AsyncIterable<Uint8Array>
  close(): Promise<void>
}

/** A file that is read piece by piece; `-` is stdin. @throws CliError `FILE_UNREADABLE`, here and from the pieces */
export async function openGiven(path: string, { stdin }: Pick<Io, 'stdin'>): Promise<Given> {
  const cant = (error: unknown): CliError =>
    new CliError('FILE_UNREADABLE', `The file can't be read (${codeOf(error)}).`, 'Check its path.')
  const failing = async function* (pieces: AsyncIterable<unknown>) {
    try {
      for await (const piece of pieces) yield typeof piece === 'string' ? Buffer.from(piece) : (piece as Uint8Array)
    } catch (error) {
      throw cant(error)
    }
  }
  if (path === '-') return { size: 0, pieces: failing(stdin), close: async () => undefined }
  const file = await open(path).catch(error => {
    throw cant(error)
  })
  const { size } = await file.stat()
  const stream = file.createReadStream({ autoClose: false, highWaterMark: PIECE_BYTES })
  return { size, pieces: failing(stream), close: () => file.close() }
}

const PIECE_BYTES = 65_536

/** @throws CliError `FILE_UNREADABLE`, `NOT_JSON` */
export async function readJson(path: string, option: string, io: Pick<Io, 'stdin'>): Promise<unknown> {
  return parseJson(await readGiven(path, option, io), option)
}

export function parseJson(bytes: Uint8Array, option: string): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    // The message would quote the file.
    throw new CliError('NOT_JSON', `The file given with ${option} is not JSON.`, 'Check it with a JSON linter.')
  }
}

const isThere = async (path: string): Promise<boolean> => (await stat(path).catch(() => undefined)) !== undefined

const exists = (option: string) =>
  new CliError('FILE_EXISTS', `There is a file already where ${option} says.`, 'Name another one, or add --force.')

/** Looked for before anything leaves: an export that has begun counts as handed over. @throws CliError `FILE_EXISTS` */
export async function refuseExisting(path: string, option: string): Promise<void> {
  if (await isThere(path)) throw exists(option)
}

export interface WriteOptions {
  readonly option: string
  readonly force?: boolean
}

/**
 * Writes a file that is there whole or not at all: into a draft beside it, readable by its owner only, which gets the
 * name at the end.
 *
 * @throws CliError `FILE_EXISTS`, `FILE_UNWRITABLE`; whatever `pieces` throws
 */
export async function writeBeside(
  path: string,
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  { option, force = false }: WriteOptions,
): Promise<void> {
  // Not by the name itself, which may be as long as names can be.
  const draft = join(dirname(path), `.amanat-${randomUUID()}.part`)
  const unwritable = (error: unknown) =>
    new CliError(
      'FILE_UNWRITABLE',
      `The file given with ${option} can't be written (${codeOf(error)}).`,
      'Check the folder, its permissions and the room on the disk.',
    )
  const file = await open(draft, 'wx', 0o600).catch(error => {
    throw unwritable(error)
  })
  try {
    try {
      for await (const piece of pieces) {
        await file.writeFile(piece).catch(error => {
          throw unwritable(error)
        })
      }
      await file.sync()
    } finally {
      await file.close()
    }
    if (force) await rename(draft, path)
    else await nameOnce(draft, path, option)
  } catch (error) {
    throw error instanceof Error && 'syscall' in error ? unwritable(error) : error
  } finally {
    await rm(draft, { force: true })
  }
}

/** A link never replaces a file that came up meanwhile; where a file system has no links, looking has to do. */
async function nameOnce(draft: string, path: string, option: string): Promise<void> {
  try {
    await link(draft, path)
  } catch (error) {
    if (codeOf(error) === 'EEXIST' || (await isThere(path))) throw exists(option)
    await rename(draft, path)
  }
}

export const codeOf = (error: unknown): string => {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : 'unknown reason'
}
