/**
 * A passphrase: normalised, so that the same words typed on another keyboard give the same bytes, and stretched by
 * Argon2id. How good it is, is not judged here.
 */

import { type Argon2Cost, COST_BOUNDS, costInBounds, DEFAULT_COST } from '../argon2'
import { CryptoError } from '../errors'
import { Unlock } from './unlock'

/**
 * Unlocks with a passphrase: a text, or a function that asks for it each time it is needed.
 * The text is normalised to NFC (Unicode Standard Annex 15) and encoded as UTF-8; nothing is trimmed.
 * @param options what a *new* slot costs: `memory` in KiB (128 MiB by default, 64 MiB to 1 GiB) and `passes`
 *   (3 by default, 1 to 16). An existing slot is opened at the cost that stands in it.
 * @throws PASSPHRASE_INVALID for a text that is empty or has a lone surrogate (from a function: when it is asked);
 *   KDF_TOO_WEAK below the least cost; TypeError above the most
 */
export function passphrase(
  text: string | (() => Promise<string> | string),
  options: { memory?: number; passes?: number } = {},
): Unlock {
  const cost: Argon2Cost = {
    memory: options.memory ?? DEFAULT_COST.memory,
    passes: options.passes ?? DEFAULT_COST.passes,
  }
  requireCost(cost)
  if (typeof text === 'function') return new Unlock('passphrase', async () => passphraseBytes(await text()), cost)
  passphraseBytes(text).fill(0)
  return new Unlock('passphrase', async () => passphraseBytes(text), cost)
}

function requireCost(cost: Argon2Cost): void {
  if (cost.memory < COST_BOUNDS.memory[0] || cost.passes < COST_BOUNDS.passes[0]) {
    throw new CryptoError('KDF_TOO_WEAK', 'A new slot needs at least 64 MiB of memory (65536 KiB) and one pass.')
  }
  if (!costInBounds(cost)) throw new TypeError('A slot takes at most 1 GiB of memory and 16 passes, in whole numbers.')
}

function passphraseBytes(text: unknown): Uint8Array {
  if (typeof text !== 'string') throw new TypeError('A passphrase must be a string.')
  if (text === '') throw new CryptoError('PASSPHRASE_INVALID', 'The passphrase is empty.')
  // Without this, TextEncoder would write every lone surrogate as the same U+FFFD.
  if (/\p{Surrogate}/u.test(text)) {
    throw new CryptoError(
      'PASSPHRASE_INVALID',
      'The passphrase is not well-formed Unicode: half a character is missing.',
    )
  }
  return new TextEncoder().encode(text.normalize('NFC'))
}
