/**
 * What can go wrong here, by stable code. Messages may change between releases; codes don't.
 * No message ever holds material: no passphrase, no key, no plain text, not even a length of one.
 * A call that no correct program makes (a string for a key, use before `ready()`) is a TypeError instead.
 */

export type CryptoErrorCode =
  /** Wrong secret, wrong associated bytes, tampered, truncated, of another kind: one answer for all of them. */
  | 'CANNOT_OPEN'
  /** A primitive gave another answer than the published one. Nothing may be sealed or opened with it. */
  | 'SELF_TEST_FAILED'
  /** The worker that derives keys from passphrases didn't start, or had too little memory. */
  | 'KDF_UNAVAILABLE'
  /** A new slot was asked to spend less on a passphrase than is allowed. */
  | 'KDF_TOO_WEAK'
  /** The passphrase is empty, or isn't well-formed Unicode. */
  | 'PASSPHRASE_INVALID'
  /** The recovery code has a typing mistake. */
  | 'RECOVERY_CODE_MISTYPED'
  /** These bytes are no slot, or one with parameters out of bounds. */
  | 'SLOT_MALFORMED'
  /** Bytes that came from outside have another length than they must have. */
  | 'BAD_LENGTH'

export class CryptoError extends Error {
  override readonly name = 'CryptoError'
  constructor(
    readonly code: CryptoErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options)
  }
}

/** True for a CryptoError of any copy of this package (two may be loaded, one as ESM and one as CommonJS). */
export function isCryptoError(value: unknown): value is CryptoError {
  return value instanceof Error && value.name === 'CryptoError' && 'code' in value
}

/** The one answer to every failed opening. It carries no cause: a cause would tell the ways of failing apart. */
export function cannotOpen(): CryptoError {
  return new CryptoError('CANNOT_OPEN', 'This cannot be opened: the secret does not fit, or the bytes were changed.')
}
