/**
 * One holder per vault over all tabs of this origin: a Web Lock, which goes with its holder when a tab is closed or
 * crashes. It is never stolen from here; where something else steals it, `lost` fires, and the work must stop before
 * its next write.
 */
import { StoreError } from '@amanat/store-contract'

export async function withLock<T>(
  name: string,
  timeoutMs: number,
  work: (lost: AbortSignal) => Promise<T>,
): Promise<T> {
  const lost = new AbortController()
  let running: Promise<T> | undefined
  let working = false
  try {
    return await navigator.locks.request(name, { signal: AbortSignal.timeout(timeoutMs) }, () => {
      working = true
      running = work(lost.signal).finally(() => {
        working = false
      })
      return running
    })
  } catch (cause) {
    if (running === undefined) {
      if (isTimeout(cause)) throw new StoreError('BUSY', 'another tab kept the lock', { cause })
      throw new StoreError('IO', 'the browser gave no lock', { cause })
    }
    // Either the work threw, and awaiting it throws the same, or the lock was taken away while it ran.
    if (working) lost.abort(new StoreError('IO', 'the lock was taken away', { cause }))
    return await running
  }
}

function isTimeout(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'TimeoutError'
}
