/**
 * The cell: a file of 8192 bytes in a folder of its own, whose halves are overwritten where they lie.
 *
 * Measured on ext4 and xfs, overwriting 4096 bytes in place and flushing leaves nothing of the old bytes on the
 * device; replacing the file by renaming leaves all of them. So the file is allocated once and never truncated,
 * renamed or made again. It stays open from act to act while the lock is held, and no longer.
 *
 * A flush that failed is never tried again: the system counts what it could not write as written from then on, and
 * shows it to whoever reads. So nobody who reads would know that an old secret still lies on the device.
 */
import { dirname, join } from 'node:path'
import { type Cell, checkHalf, HALF_BYTES, type Half, StoreError } from '@amanat/store-contract'
import { attempt, codeOf } from './failure'
import { type Files, type OpenFile, systemFiles } from './files'
import { makeFolder, syncFolder } from './folder'

const CELL_BYTES = 2 * HALF_BYTES

/** https://bford.info/cachedir/: the mark by which archivers are asked to leave a folder out. */
const CACHEDIR_TAG = `Signature: 8a477f597d28d172789f06886806bc55
# A copy of this folder would keep what was forgotten readable. Copy a vault with its own backup.
`

/** What the cell needs to know of its store, and to tell it. */
export interface Standing {
  /** Throws when the store is closed, or an earlier flush failed. */
  check(): void
  /** A flush failed: nothing is done through this store any more. */
  fail(): void
}

export interface CellFile extends Cell {
  /** From here on the file may stay open: whoever calls this holds the lock, so nobody else writes to it. */
  hold(): void
  /** Before the lock is given back. */
  letGo(): Promise<void>
  destroy(): Promise<void>
}

export function cellFile(folder: string, { check, fail }: Standing, files: Files = systemFiles): CellFile {
  const path = join(folder, 'cell')
  let holding = false
  let held: Promise<OpenFile | undefined> | undefined

  const flush = async (sync: () => Promise<void>): Promise<void> => {
    try {
      await sync()
    } catch (error) {
      fail()
      throw error
    }
  }

  /** Never truncates. `wx` only where there is no file yet. */
  const openForWriting = async (create: boolean): Promise<OpenFile | undefined> => {
    try {
      return await files.open(path, 'r+')
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error
      return create ? await files.open(path, 'wx', 0o600) : undefined
    }
  }

  /**
   * Flushed when it is opened: a process that ended between writing and flushing leaves in memory what is not on the disk yet,
   * and whoever believed it would answer for a forgetting that a power cut takes back. What is written here is flushed here.
   */
  const openIfThere = async (): Promise<OpenFile | undefined> => {
    const file = await openForWriting(false)
    try {
      if (file) await flush(() => file.datasync())
    } catch (error) {
      await file?.close()
      throw error
    }
    return file
  }

  /** Nothing when there is no file. */
  const use = async <T>(act: (file: OpenFile) => Promise<T>): Promise<T | undefined> => {
    const opening = held ?? openIfThere()
    if (holding) held = opening
    let file: OpenFile | undefined
    try {
      file = await opening
    } finally {
      if (file === undefined && held === opening) held = undefined
    }
    if (file === undefined) return undefined
    try {
      return await act(file)
    } finally {
      if (held !== opening) await file.close()
    }
  }

  const letGo = async (): Promise<void> => {
    const opening = held
    holding = false
    held = undefined
    await (await opening)?.close()
  }

  return {
    async create(halves) {
      check()
      for (const half of halves) checkHalf(half)
      const bytes = Buffer.concat(halves)
      await attempt('making the cell', async () => {
        await makeFolder(folder)
        await files.writeFile(join(folder, 'CACHEDIR.TAG'), CACHEDIR_TAG, { mode: 0o600 })
        const file = await openForWriting(true)
        try {
          writeWhole(file as OpenFile, bytes, 0)
          await flush(() => (file as OpenFile).sync())
        } finally {
          await file?.close()
        }
        await syncFolder(folder)
        await syncFolder(dirname(folder))
      })
    },

    async read(half) {
      check()
      return await attempt('reading the cell', () =>
        use(async file => {
          const bytes = Buffer.alloc(CELL_BYTES)
          // Shorter: its creation was cut off, before there were rows.
          if (!readWhole(file, bytes)) return undefined
          const answer = new Uint8Array(bytes.subarray(half * HALF_BYTES, (half + 1) * HALF_BYTES))
          bytes.fill(0)
          return answer
        }),
      )
    },

    async overwrite(half: Half, bytes) {
      check()
      checkHalf(bytes)
      const copy = Buffer.from(bytes)
      await attempt('overwriting the cell', async () => {
        const done = await use(async file => {
          const { size, nlink } = file.stat()
          // Removed since it was opened: what is written there nobody reads.
          if (size < CELL_BYTES || nlink === 0) return false
          writeWhole(file, copy, half * HALF_BYTES)
          await flush(() => file.datasync())
          return true
        })
        copy.fill(0)
        if (!done) throw new StoreError('CELL_MISSING', 'there is no whole cell')
      })
    },

    hold() {
      holding = true
    },

    letGo,

    async destroy() {
      await attempt('destroying the cell', async () => {
        await letGo()
        const file = await openForWriting(false)
        if (file === undefined) return
        try {
          writeWhole(file, Buffer.alloc(CELL_BYTES), 0)
          await flush(() => file.sync())
        } finally {
          await file.close()
        }
        await files.unlink(path)
        await syncFolder(folder)
      })
    },
  }
}

function writeWhole(file: OpenFile, bytes: Uint8Array, at: number): void {
  for (let done = 0; done < bytes.length; ) {
    const written = file.write(bytes.subarray(done), at + done)
    if (written === 0) throw new StoreError('IO', 'the cell was written short')
    done += written
  }
}

/** False when the file ends before the buffer does. */
function readWhole(file: OpenFile, into: Uint8Array): boolean {
  for (let done = 0; done < into.length; ) {
    const read = file.read(into.subarray(done), done)
    if (read === 0) return false
    done += read
  }
  return true
}
