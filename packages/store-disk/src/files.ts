/** What the cell asks of the file system: handed in, so that a test can let any of it fail. */
import { fstatSync, readSync, writeSync } from 'node:fs'
import { open, unlink, writeFile } from 'node:fs/promises'

/**
 * An open file. What lies in the system's memory is read and written at once, and only the disk is waited for: what that saves
 * is told in docs/decisions/0026. Once it is closed every act fails, and it may be closed again.
 */
export interface OpenFile {
  /** From `at` on in the file, into the bytes. @returns how many; none at the end of the file */
  read(into: Uint8Array, at: number): number
  /** From `at` on in the file. @returns how many were written */
  write(bytes: Uint8Array, at: number): number
  stat(): { readonly size: number; readonly nlink: number }
  datasync(): Promise<void>
  sync(): Promise<void>
  /** After what is under way. */
  close(): Promise<void>
}

export interface Files {
  open(path: string, flags: 'r+' | 'wx', mode?: number): Promise<OpenFile>
  writeFile: typeof writeFile
  unlink: typeof unlink
}

export const systemFiles: Files = {
  async open(path, flags, mode) {
    // The handle knows whether it is closed, and the number of a closed file may be another file's by then.
    const handle = await open(path, flags, mode)
    return {
      read: (into, at) => readSync(handle.fd, into, 0, into.length, at),
      write: (bytes, at) => writeSync(handle.fd, bytes, 0, bytes.length, at),
      stat: () => fstatSync(handle.fd),
      datasync: () => handle.datasync(),
      sync: () => handle.sync(),
      close: () => handle.close(),
    }
  },
  writeFile,
  unlink,
}
