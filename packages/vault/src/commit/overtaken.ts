/** Somebody else was first: what was read, or was about to be overwritten, isn't what it was. */
import { VaultError } from '../errors'

/** Times that something is begun again because others committed meanwhile. */
const MOST_TRIES = 64

/** Thrown when a page went while it was read: refresh and start again. */
export class Overtaken extends Error {}

/**
 * Does it again when somebody committed meanwhile.
 * @throws VaultError `BUSY` after sixty-four times
 */
export async function again<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof Overtaken)) throw error
    }
  }
  throw new VaultError('BUSY')
}
