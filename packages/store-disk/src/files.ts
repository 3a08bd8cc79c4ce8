/** What the cell asks of the file system: handed in, so that a test can let any of it fail. */
import { closeSync, fdatasync, fstatSync, fsync, openSync, readSync, writeSync } from 'node:fs'
import { unlink, writeFile } from 'node:fs/promises'
import { promisify } from 'node:util'

/**
 * An open file. What lies in the system's memory is read and written at once: to hand that to another thread and back takes a
 * hundred times as long. Only the disk is waited for.
 */
export interface OpenFile {
  /** From `at` on in the file, into the bytes. @returns how many; none at the end of the file */
  read(into: Uint8Array, at: number): number
  /** From `at` on in the file. @returns how many were written */
  write(bytes: Uint8Array, at: number): number
  stat(): { readonly size: number; readonly nlink: number }
  datasync(): Promise<void>
  sync(): Promise<void>
  close(): void
}

export interface Files {
  open(path: string, flags: 'r+' | 'wx', mode?: number): OpenFile
  writeFile: typeof writeFile
  unlink: typeof unlink
}

const [datasync, sync] = [promisify(fdatasync), promisify(fsync)]

export const systemFiles: Files = {
  open(path, flags, mode) {
    const file = openSync(path, flags, mode)
    return {
      read: (into, at) => readSync(file, into, 0, into.length, at),
      write: (bytes, at) => writeSync(file, bytes, 0, bytes.length, at),
      stat: () => fstatSync(file),
      datasync: () => datasync(file),
      sync: () => sync(file),
      close: () => closeSync(file),
    }
  },
  writeFile,
  unlink,
}
