import { sha512_256 } from '@noble/hashes/sha2.js'
import libsodium from 'libsodium-wrappers'
import { beforeAll, describe, expect, test } from 'vitest'
import { isCryptoError } from '../src/index'
import { type Primitives, selfTest } from '../src/self-test'
import { flipped } from './bytes'

beforeAll(() => libsodium.ready)

/** The self-test on a libsodium with one function replaced. */
const withBroken = (name: keyof Primitives, replacement: unknown) => () =>
  selfTest({ ...libsodium, [name]: replacement } as Primitives)

/** X-Wing with one of its four answers wrong, and the others right all the same. */
const withXWing = (wrong: 'public key' | 'ciphertext' | 'shared secret' | 'opened secret') => () => {
  let right: { publicKey: Uint8Array; privateKey: Uint8Array } | undefined
  let shared = new Uint8Array()
  const bent = (name: typeof wrong, bytes: Uint8Array) => (name === wrong ? flipped(bytes, 3) : bytes)
  selfTest({
    ...libsodium,
    crypto_kem_xwing_seed_keypair: (seed: Uint8Array) => {
      right = libsodium.crypto_kem_xwing_seed_keypair(seed)
      return { ...right, publicKey: bent('public key', right.publicKey) }
    },
    crypto_kem_xwing_enc_deterministic: (_: Uint8Array, seed: Uint8Array) => {
      const made = libsodium.crypto_kem_xwing_enc_deterministic(right?.publicKey as Uint8Array, seed as Uint8Array)
      shared = new Uint8Array(bent('shared secret', made.sharedSecret))
      return { ciphertext: bent('ciphertext', made.ciphertext), sharedSecret: shared }
    },
    crypto_kem_xwing_dec: () => bent('opened secret', shared),
  } as unknown as Primitives)
}

describe('the self-test', () => {
  test('passes on the libsodium that is installed', () => {
    expect(() => selfTest(libsodium)).not.toThrow()
  })

  test.each<[string, string, () => void]>([
    ['SHA-256 is another hash', 'SHA-256', () => selfTest(libsodium, sha512_256)],
    [
      'BLAKE2b is wrong in one bit',
      'BLAKE2b',
      withBroken('crypto_generichash', (length: number, message: Uint8Array, key: Uint8Array | null) =>
        flipped(libsodium.crypto_generichash(length, message, key), 9),
      ),
    ],
    [
      'BLAKE2b forgets its key',
      'keyed BLAKE2b',
      withBroken('crypto_generichash', (length: number, message: Uint8Array) =>
        libsodium.crypto_generichash(length, message, null),
      ),
    ],
    [
      'sealing encrypts nothing',
      'XChaCha20-Poly1305',
      withBroken('crypto_aead_xchacha20poly1305_ietf_encrypt', (plain: Uint8Array) =>
        Uint8Array.of(...plain, ...new Uint8Array(16)),
      ),
    ],
    [
      'opening gives other bytes',
      'XChaCha20-Poly1305',
      withBroken('crypto_aead_xchacha20poly1305_ietf_decrypt', () => new Uint8Array(114)),
    ],
    [
      'opening gives other bytes where the tag fits',
      'XChaCha20-Poly1305',
      withBroken(
        'crypto_aead_xchacha20poly1305_ietf_decrypt',
        (none: null, sealed: Uint8Array, aad: Uint8Array, nonce: Uint8Array, key: Uint8Array) =>
          flipped(libsodium.crypto_aead_xchacha20poly1305_ietf_decrypt(none, sealed, aad, nonce, key), 5),
      ),
    ],
    [
      'opening does not look at the tag',
      'XChaCha20-Poly1305',
      withBroken(
        'crypto_aead_xchacha20poly1305_ietf_decrypt',
        (none: null, sealed: Uint8Array, aad: Uint8Array, nonce: Uint8Array, key: Uint8Array) => {
          try {
            return libsodium.crypto_aead_xchacha20poly1305_ietf_decrypt(none, sealed, aad, nonce, key)
          } catch {
            return sealed.subarray(16)
          }
        },
      ),
    ],
    [
      'X-Wing has another key',
      'X-Wing',
      withBroken('crypto_kem_xwing_seed_keypair', () => libsodium.crypto_kem_xwing_seed_keypair(new Uint8Array(32))),
    ],
    [
      'X-Wing draws randomness of its own',
      'X-Wing',
      withBroken('crypto_kem_xwing_enc_deterministic', (publicKey: Uint8Array) =>
        libsodium.crypto_kem_xwing_enc(publicKey),
      ),
    ],
    ['X-Wing has another public key alone', 'X-Wing', withXWing('public key')],
    ['X-Wing has another ciphertext alone', 'X-Wing', withXWing('ciphertext')],
    ['X-Wing agrees on another secret', 'X-Wing', withXWing('shared secret')],
    ['X-Wing opens to another secret alone', 'X-Wing', withXWing('opened secret')],
    ['X-Wing opens to another secret', 'X-Wing', withBroken('crypto_kem_xwing_dec', () => new Uint8Array(32))],
    ['X-Wing is missing', 'X-Wing', withBroken('crypto_kem_xwing_seed_keypair', undefined)],
  ])('fails when %s, and names it', (_, primitive, attempt) => {
    let thrown: unknown
    try {
      attempt()
    } catch (error) {
      thrown = error
    }
    expect(isCryptoError(thrown) && [thrown.code, thrown.message.startsWith(`${primitive} `)]).toEqual([
      'SELF_TEST_FAILED',
      true,
    ])
  })
})
