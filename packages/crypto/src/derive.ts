/**
 * Deriving and hashing: BLAKE2b (RFC 7693). One label a use, such as 'amanat/page/1': the label and the fields stand
 * behind their lengths, so no two calls with different labels or fields hash the same bytes.
 *
 *     u32 length of label ‖ label in UTF-8 ‖ for each field: u32 length ‖ bytes        (lengths little-endian)
 *
 * `derive` and `fingerprint` are keyed with the secret, `hash` is not. A fingerprint is public and a derived secret
 * is not: never give both the same label.
 */

import { frame } from './bytes'
import { SECRET_LENGTH, Secret } from './secret'
import { sodium } from './sodium'

const HASH_LENGTH = 32

/** Another secret, which tells nothing about this one: keyed BLAKE2b-256 over label and fields. */
export function derive<K extends string>(label: string, secret: Secret<string>, ...fields: Uint8Array[]): Secret<K> {
  const framed = frame(label, fields)
  const bytes = sodium().crypto_generichash(SECRET_LENGTH, framed, secret.expose())
  const derived = Secret.of<K>(bytes)
  // A field may be a secret's bytes too.
  framed.fill(0)
  bytes.fill(0)
  return derived
}

/** BLAKE2b-256 over label and fields: 32 bytes. */
export function hash(label: string, ...fields: Uint8Array[]): Uint8Array {
  return sodium().crypto_generichash(HASH_LENGTH, frame(label, fields), null)
}

/**
 * A name for the fields that only somebody with the secret can compute or test a guess against: keyed BLAKE2b over
 * label and fields, with an output of this many bytes (not a longer one cut short).
 * @param length 8 to 32 bytes; with n fingerprints of 8 bytes two coincide with a chance of n² / 2⁶⁵
 * @throws TypeError for another length
 */
export function fingerprint(
  label: string,
  secret: Secret<string>,
  length: number,
  ...fields: Uint8Array[]
): Uint8Array {
  if (!Number.isInteger(length) || length < 8 || length > 32) {
    throw new TypeError('A fingerprint is 8 to 32 bytes long.')
  }
  return sodium().crypto_generichash(length, frame(label, fields), secret.expose())
}
