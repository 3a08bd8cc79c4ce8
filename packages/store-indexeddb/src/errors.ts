/**
 * What a browser says went wrong, in the words of the port. Dexie wraps an error as `inner`, others as `cause`, a bulk
 * operation as `failures`; the names that count may lie several layers down.
 */
import { isStoreError, StoreError } from '@amanat/store-contract'

/** Names that come when a connection went: closed by the browser, by another tab's upgrade, or with the profile's data. */
const LOST = ['DatabaseClosedError', 'InvalidStateError', 'AbortError', 'UnknownError', 'TransactionInactiveError']

/** Whether the connection went, so that the same call may do on a new one. */
export function isLost(error: unknown): boolean {
  const names = namesIn(error)
  return !names.has('QuotaExceededError') && LOST.some(name => names.has(name))
}

export function isNoSpace(error: unknown): boolean {
  return namesIn(error).has('QuotaExceededError')
}

export function isConstraint(error: unknown): boolean {
  return namesIn(error).has('ConstraintError')
}

/** The error as a StoreError: `NO_SPACE` where the quota is used up, else `IO`. Mistakes in the program stay what they are. */
export function asStoreError(error: unknown): Error {
  if (isStoreError(error)) return error
  if (error instanceof TypeError) return error
  if (isNoSpace(error)) return new StoreError('NO_SPACE', 'the browser gives this site no more room', { cause: error })
  return new StoreError('IO', 'the browser could not read or write', { cause: error })
}

function namesIn(error: unknown, names = new Set<string>()): Set<string> {
  if (typeof error !== 'object' || error === null || names.size > 20) return names
  const { name, inner, cause, failures } = error as Record<string, unknown>
  if (typeof name === 'string') names.add(name)
  for (const deeper of [inner, cause, ...(Array.isArray(failures) ? failures.slice(0, 1) : [])]) {
    if (deeper !== error) namesIn(deeper, names)
  }
  return names
}
