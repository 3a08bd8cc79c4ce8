/**
 * What the system says, in the words of the port. A system's message names the path it failed on, and a path may
 * name a person: messages are ours, and what came from below is kept as a number or a short code only.
 */
import { isStoreError, StoreError } from '@amanat/store-contract'

/** As `errno` and as the negated numbers that LMDB passes on: no space left, quota used up (Linux, macOS). */
const NO_SPACE = new Set<unknown>(['ENOSPC', 'EDQUOT', 28, 122, 69])

export function isNoSpace(error: unknown): boolean {
  return NO_SPACE.has(codeOf(error))
}

/** The StoreError for a failure of the system; StoreErrors and mistakes in a call pass as they are. */
export function failure(error: unknown, doing: string): Error {
  if (isStoreError(error) || error instanceof TypeError) return error
  if (isNoSpace(error)) return new StoreError('NO_SPACE', `no room on the disk while ${doing}`)
  return new StoreError('IO', `${doing} failed (${codeOf(error) ?? 'no code'})`)
}

/** Runs an action of the file system or of LMDB, and translates its failure. */
export async function attempt<T>(doing: string, action: () => T | Promise<T>): Promise<T> {
  try {
    return await action()
  } catch (error) {
    throw failure(error, doing)
  }
}

/** `ENOENT`, `EACCES`, … or LMDB's number. */
export function codeOf(error: unknown): string | number | undefined {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
  return typeof code === 'string' || typeof code === 'number' ? code : undefined
}
