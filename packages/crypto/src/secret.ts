/**
 * A secret: 32 bytes that know what they are for. The kind is in the type alone, so that a page's secret doesn't
 * compile where a root key belongs. What is inside leaves by `expose()` and by nothing else: not by JSON, not by a
 * template string, not by console.log, not by structuredClone.
 */

import { requireBytes } from './bytes'
import { draw, type Randomness } from './randomness'

/** The length of every secret, in bytes: a key of XChaCha20-Poly1305, and a BLAKE2b-256 hash. */
export const SECRET_LENGTH = 32

declare const kind: unique symbol

export class Secret<K extends string> {
  // Keyed by a symbol and not private: the type of a private member is left out of .d.ts files, and with it the kind.
  declare readonly [kind]: K
  #bytes: Uint8Array | undefined

  private constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  /**
   * A secret of a copy of these 32 bytes; wiping the original stays with the caller. Name the kind:
   * `Secret.of<'root-key'>(bytes)`. Without it the result fits where any secret does and nowhere else.
   * @throws TypeError for anything but a Uint8Array of 32 bytes
   */
  static of<K extends string>(bytes: Uint8Array): Secret<K> {
    requireBytes(bytes, 'A secret', SECRET_LENGTH)
    return new Secret<K>(new Uint8Array(bytes))
  }

  /** A new secret that nobody can foretell. */
  static random<K extends string>(randomness: Randomness): Secret<K> {
    const drawn = draw(randomness, SECRET_LENGTH)
    const secret = Secret.of<K>(drawn)
    drawn.fill(0)
    return secret
  }

  /**
   * The 32 bytes themselves, no copy: read them, don't write into them and don't keep them.
   * @throws TypeError after `wipe()`
   */
  expose(): Uint8Array {
    if (this.#bytes === undefined) throw new TypeError('This secret was wiped.')
    return this.#bytes
  }

  /** Overwrites the bytes with zeros. The secret can't be used again; wiping twice does no harm. */
  wipe(): void {
    this.#bytes?.fill(0)
    this.#bytes = undefined
  }

  toString(): string {
    return '[secret]'
  }

  toJSON(): string {
    return '[secret]'
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '[secret]'
  }
}
