/**
 * An unlock: one way of opening a slot, before it is known which slot. It says its kind and nothing else; what it
 * knows comes out through `materialOf`, which only this package can call.
 */

import type { Argon2Cost } from '../argon2'

export type UnlockKind = 'passphrase' | 'secret-key' | 'recovery-code'

/** What an unlock asks for: the same material again each time, or its owner's answer. The taker wipes it. */
type Ask = () => Promise<Uint8Array>

let asked: (unlock: Unlock) => Ask
let priced: (unlock: Unlock) => Argon2Cost | undefined

export class Unlock {
  readonly kind: UnlockKind
  readonly #ask: Ask
  readonly #cost: Argon2Cost | undefined

  static {
    asked = unlock => unlock.#ask
    priced = unlock => unlock.#cost
  }

  constructor(kind: UnlockKind, ask: Ask, cost?: Argon2Cost) {
    this.kind = kind
    this.#ask = ask
    this.#cost = cost
  }

  toString(): string {
    return `[${this.kind}]`
  }

  toJSON(): string {
    return this.toString()
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString()
  }
}

/** The bytes of the passphrase, the key or the code, in an array that the caller wipes. */
export function materialOf(unlock: Unlock): Promise<Uint8Array> {
  return asked(unlock)()
}

/** What a new slot for this passphrase costs to guess at; undefined for the other kinds. */
export function costOf(unlock: Unlock): Argon2Cost | undefined {
  return priced(unlock)
}

/** @throws TypeError for anything that isn't an Unlock */
export function requireUnlock(value: unknown): asserts value is Unlock {
  if (!(value instanceof Unlock)) {
    throw new TypeError('An unlock is made by passphrase(…), secretKey(…) or recoveryCode(…).')
  }
}
