/**
 * What can go wrong in the command itself, and what every error comes down to: a code, a sentence, what to do, and an
 * exit code. Nothing here repeats what was typed or read: an argument may be a name, a path or, by mistake, a secret.
 */
import { type ErrorKind, isVaultError } from '@amanat/vault'
import { fixOf } from './words'

export type CliErrorCode =
  | 'USAGE'
  | 'NO_SECRET'
  | 'SECRET_UNUSABLE'
  | 'FILE_UNREADABLE'
  | 'FILE_UNWRITABLE'
  | 'FILE_EXISTS'
  | 'FOLDER_NOT_EMPTY'
  | 'NOT_JSON'
  | 'NOT_CONFIRMED'
  | 'INTERRUPTED'

const FAILURES: ReadonlySet<CliErrorCode> = new Set(['FILE_UNWRITABLE', 'INTERRUPTED'])

export class CliError extends Error {
  override readonly name = 'CliError'
  readonly kind: ErrorKind

  constructor(
    readonly code: CliErrorCode,
    message: string,
    /** One sentence: what to do. */
    readonly fix: string,
  ) {
    super(message)
    this.kind = FAILURES.has(code) ? 'failure' : 'mistake'
  }
}

export const usage = (message: string, fix = 'See `amanat --help`.'): CliError => new CliError('USAGE', message, fix)

export interface Told {
  readonly exit: number
  readonly message: string
  readonly fix: string
  /** What `--json` prints. */
  readonly json: object
}

const EXIT: { readonly [kind in ErrorKind]: number } = { failure: 1, mistake: 2, refused: 3 }
/** As a shell reports a program that ended by SIGINT. */
const INTERRUPTED = 130

/** Mistakes of a caller in the library, and yet nothing that was typed wrong here. */
const FAILED = new Set(['VAULT_LOCKED', 'CANNOT_UNLOCK'])
/** Codes of the packages below that somebody's typing leads to. */
const TYPED = new Set(['PASSPHRASE_INVALID', 'RECOVERY_CODE_MISTYPED', 'BAD_LENGTH'])

export function tell(error: unknown): Told {
  if (isVaultError(error)) {
    const exit = FAILED.has(error.code) ? EXIT.failure : EXIT[error.kind]
    return { exit, message: error.message, fix: fixOf(error), json: error.toJSON() }
  }
  if (error instanceof CliError) {
    const exit = error.code === 'INTERRUPTED' ? INTERRUPTED : EXIT[error.kind]
    return told(exit, error.name, error.code, error.message, error.fix)
  }
  if (!(error instanceof Error)) return unexpected('')
  const { name, message } = error
  const { code, fix } = error as { code?: unknown; fix?: unknown }
  // Another copy of these classes may be loaded: their names and codes are what is stable.
  if (name === 'CardsError' && typeof fix === 'string') {
    return told(EXIT.mistake, name, String(code), 'Nothing in this file can be read.', fix)
  }
  if (name === 'CryptoError') {
    const fix = TYPED.has(String(code)) ? 'Check it and try again.' : 'Look at the state of this machine and try again.'
    return told(TYPED.has(String(code)) ? EXIT.mistake : EXIT.failure, name, String(code), message, fix)
  }
  // Messages of the platform quote paths and arguments: its names and codes don't.
  return unexpected(typeof code === 'string' ? `${name}, ${code}` : name)
}

function unexpected(what: string): Told {
  const message = what === '' ? 'Something unexpected went wrong.' : `Something unexpected went wrong (${what}).`
  const fix = 'Run `amanat doctor`; with AMANAT_DEBUG=1 the details are shown, which may hold personal ones.'
  return told(EXIT.failure, 'Error', 'UNEXPECTED', message, fix)
}

const told = (exit: number, name: string, code: string, message: string, fix: string): Told => ({
  exit,
  message,
  fix,
  json: { name, code, message, fix },
})
