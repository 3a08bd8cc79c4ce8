/** Which errors are documented for which parsers. */
import { isCryptoError } from '@amanat/crypto'
import { type ErrorCode, isVaultError } from '@amanat/vault'

/** A VaultError with one of these codes. */
export const vault =
  (...codes: readonly ErrorCode[]) =>
  (error: unknown): boolean =>
    isVaultError(error) && (codes.length === 0 || codes.includes(error.code))

/** A RangeError in the words of a module: never the engine's own, of a stack that overflowed or an array too long. */
export const range =
  (...words: readonly string[]) =>
  (error: unknown): boolean =>
    error instanceof RangeError && words.includes(error.message)

/** A TypeError in the words of a module, where it documents one: never that something is undefined. */
export const type =
  (...words: readonly string[]) =>
  (error: unknown): boolean =>
    error instanceof TypeError && words.includes(error.message)

export const crypto =
  (...codes: readonly string[]) =>
  (error: unknown): boolean =>
    isCryptoError(error) && codes.includes(error.code)
