/** What the cell asks of the file system: handed in, so that a test can let any of it fail. */
import * as files from 'node:fs/promises'

export type Files = Pick<typeof files, 'open' | 'writeFile' | 'unlink'>

export const systemFiles: Files = files
