/** A row that opened and isn't what it should be: whoever had the keys wrote it, and to who reads it that is damage. */
import { VaultError } from '../errors'
import { Overtaken } from './overtaken'

/**
 * What a decoder gives.
 * @throws VaultError `CORRUPT`, naming the row, for whatever the decoder throws
 */
export function readAs<T>(row: string, read: () => T): T {
  try {
    return read()
  } catch (cause) {
    if (cause instanceof VaultError || cause instanceof Overtaken) throw cause
    throw new VaultError('CORRUPT', { data: { row }, cause })
  }
}
