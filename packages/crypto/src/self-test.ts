/**
 * Each primitive must give the published answer before anything is entrusted to it: a wrong build, a bundler that
 * mangled the WebAssembly or a patched library is found here and not when a vault no longer opens.
 * Argon2id has its own in argon2-worker.js. More vectors run in the tests; these are one each, about 3 ms together.
 */

import type sodiumType from 'libsodium-wrappers'
import { equalBytes } from './bytes'
import { CryptoError } from './errors'
import { sha256 } from './sha256'

/** What is used of libsodium and of @noble/hashes; a test hands in broken ones. */
export type Primitives = Pick<
  typeof sodiumType,
  | 'crypto_generichash'
  | 'crypto_aead_xchacha20poly1305_ietf_encrypt'
  | 'crypto_aead_xchacha20poly1305_ietf_decrypt'
  | 'crypto_kem_xwing_seed_keypair'
  | 'crypto_kem_xwing_enc_deterministic'
  | 'crypto_kem_xwing_dec'
>

/** @throws SELF_TEST_FAILED naming the primitive */
export function selfTest(sodium: Primitives, digest: (bytes: Uint8Array) => Uint8Array = sha256): void {
  check('SHA-256', () => equalBytes(digest(text('abc')), hex(SHA256_ABC)))
  check('BLAKE2b', () => equalBytes(sodium.crypto_generichash(64, text('abc'), null), hex(BLAKE2B_ABC)))
  check('keyed BLAKE2b', () =>
    equalBytes(sodium.crypto_generichash(64, new Uint8Array([0]), counted(64)), hex(BLAKE2B_KEYED)),
  )
  check('XChaCha20-Poly1305', () => {
    const { key, nonce, aad, plain, sealed } = XCHACHA
    const encrypted = sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(plain, aad, null, nonce, key)
    if (!equalBytes(encrypted, sealed)) return false
    if (!equalBytes(sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(null, sealed, aad, nonce, key), plain)) {
      return false
    }
    const changed = new Uint8Array(sealed)
    changed[0] = (changed[0] as number) ^ 1
    return refuses(() => sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(null, changed, aad, nonce, key))
  })
  check('X-Wing', () => {
    const { publicKey, privateKey } = sodium.crypto_kem_xwing_seed_keypair(hex(XWING.seed))
    const { ciphertext, sharedSecret } = sodium.crypto_kem_xwing_enc_deterministic(publicKey, hex(XWING.eseed))
    return (
      equalBytes(digest(publicKey), hex(XWING.publicKeySha256)) &&
      equalBytes(digest(ciphertext), hex(XWING.ciphertextSha256)) &&
      equalBytes(sharedSecret, hex(XWING.sharedSecret)) &&
      equalBytes(sodium.crypto_kem_xwing_dec(ciphertext, privateKey), sharedSecret)
    )
  })
}

function check(primitive: string, holds: () => boolean): void {
  let held = false
  let cause: unknown
  try {
    held = holds()
  } catch (error) {
    cause = error
  }
  if (held) return
  throw new CryptoError(
    'SELF_TEST_FAILED',
    `${primitive} doesn't give the published answer on this platform. Check that libsodium-wrappers and ` +
      '@noble/hashes are the versions this package asks for, and that no build step changes them.',
    { cause },
  )
}

function refuses(attempt: () => unknown): boolean {
  try {
    attempt()
  } catch {
    return true
  }
  return false
}

const text = (string: string) => new TextEncoder().encode(string)
const hex = (digits: string) => Uint8Array.from(digits.match(/../g) ?? [], pair => Number.parseInt(pair, 16))
const counted = (length: number, from = 0) => Uint8Array.from({ length }, (_, i) => from + i)

// FIPS 180-2, appendix B.1.
const SHA256_ABC = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'

// RFC 7693, appendix A.
const BLAKE2B_ABC =
  'ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1' +
  '7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923'

// The BLAKE2 authors' blake2b-kat.txt: key 00 01 … 3f, input 00.
const BLAKE2B_KEYED =
  '961f6dd1e4dd30f63901690c512e78e4b45e4742ed197c3c5e45c549fd25f2e4' +
  '187b0bc9fe30492b16b0d0bc4ef9b0f34c7003fac09a5ef1532e69430234cebd'

// draft-irtf-cfrg-xchacha-03, appendix A.3.1.
const XCHACHA = {
  key: counted(32, 0x80),
  nonce: counted(24, 0x40),
  aad: hex('50515253c0c1c2c3c4c5c6c7'),
  plain: text(
    "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.",
  ),
  sealed: hex(
    'bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb731c7f1b0b4aa6440bf3a82f4eda7e39ae64c6708c54c216' +
      'cb96b72e1213b4522f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff921f9664c97637da9768812f615c68b13' +
      'b52ec0875924c1c7987947deafd8780acf49',
  ),
}

// draft-connolly-cfrg-xwing-kem, spec/test-vectors.json, first vector; the two long values by their SHA-256.
const XWING = {
  seed: '7f9c2ba4e88f827d616045507605853ed73b8093f6efbc88eb1a6eacfa66ef26',
  eseed:
    '3cb1eea988004b93103cfb0aeefd2a686e01fa4a58e8a3639ca8a1e3f9ae57e2' +
    '35b8cc873c23dc62b8d260169afa2f75ab916a58d974918835d25e6a435085b2',
  publicKeySha256: '2e816deebcd76c5c80d0cd2d174478871658e8e2ff42bc9d4a6e486372e856bb',
  ciphertextSha256: '17cd532d657e44c897ca6583e548a5424fc70bf54f99515a4d2bcf99e3469f33',
  sharedSecret: 'd2df0522128f09dd8e2c92b1e905c793d8f57a54c3da25861f10bf4ca613e384',
}
