/**
 * How the vault is unlocked: a passphrase from a file, a descriptor or a prompt, a key from a file, a recovery code from
 * a prompt. Never an argument: those stand in the shell's history and in everybody's list of processes.
 */
import { randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { createRecoveryCode, passphrase, recoveryCode, secretKey, type Unlock } from '@amanat/vault'
import { askSecret } from './ask'
import type { Cli } from './command'
import { CliError, usage } from './errors'
import { readGiven, unreadable, writeBeside } from './files'
import { canAsk, type Io, readAll } from './io'

export interface SecretOptions {
  readonly passphraseFile?: string
  readonly passphraseFd?: number
  readonly keyFile?: string
  readonly recoveryCode?: boolean
}

export interface NewSecretOptions {
  readonly newPassphraseFile?: string
  readonly newPassphraseFd?: number
  readonly newKeyFile?: string
  readonly newRecoveryCode?: boolean
}

/** The shortest new passphrase: characters, not strength. */
const LEAST_CHARACTERS = 12
const KEY_BYTES = 32

function oneOf(options: SecretOptions): void {
  const { passphraseFile, passphraseFd, keyFile, recoveryCode } = options
  const given = [passphraseFile, passphraseFd, keyFile, recoveryCode || undefined].filter(each => each !== undefined)
  if (given.length > 1) throw usage('There are several ways of unlocking here.', 'Give one of them.')
}

export interface UnlockAsked {
  /** Default: the options that every command takes. */
  readonly given?: SecretOptions
  /** How their names begin. */
  readonly option?: string
  /** What the passphrase is called where it is asked for. */
  readonly label?: string
}

/** @throws CliError `NO_SECRET` where none was given and nobody can be asked. */
export async function unlockWith({ io, globals, note }: Cli, asked: UnlockAsked = {}): Promise<Unlock> {
  const { given = globals, option = '--', label = 'Passphrase' } = asked
  oneOf(given)
  if (given.keyFile !== undefined) return secretKey(await keyFrom(given.keyFile, `${option}key-file`, io, note))
  if (given.recoveryCode) {
    mustAsk(io)
    return recoveryCode(await askSecret(io, 'Recovery code'))
  }
  const text = await passphraseGiven(given, io, note, `${option}passphrase`)
  if (text !== undefined) return passphrase(text)
  mustAsk(io)
  return passphrase(await askSecret(io, label))
}

export const secretKind = ({ keyFile, recoveryCode }: SecretOptions): NewUnlock['kind'] =>
  keyFile !== undefined ? 'key file' : recoveryCode ? 'recovery code' : 'passphrase'

export interface NewUnlock {
  readonly unlock: Unlock
  readonly kind: 'passphrase' | 'key file' | 'recovery code'
  /** To be shown once. */
  readonly code?: string
}

/** For a vault that is being made: the same options say what will unlock it. */
export async function firstUnlock(cli: Cli, newKeyFile: string | undefined): Promise<NewUnlock> {
  const { io, globals, note } = cli
  oneOf(globals)
  if (newKeyFile !== undefined) return newUnlock(cli, { newKeyFile })
  if (globals.recoveryCode) return newCode()
  if (globals.keyFile !== undefined) {
    return { unlock: secretKey(await keyFrom(globals.keyFile, '--key-file', io, note)), kind: 'key file' }
  }
  return newPassphrase(io, await passphraseGiven(globals, io, note))
}

/** Another way of unlocking. */
export async function newUnlock({ io, note }: Cli, options: NewSecretOptions): Promise<NewUnlock> {
  if (options.newRecoveryCode) return newCode()
  if (options.newKeyFile !== undefined) {
    const key = randomBytes(KEY_BYTES)
    await writeBeside(options.newKeyFile, [Buffer.from(`${key.toString('hex')}\n`)], { option: '--new-key-file' })
    return { unlock: secretKey(new Uint8Array(key)), kind: 'key file' }
  }
  const { newPassphraseFile, newPassphraseFd } = options
  const given = await passphraseGiven(
    {
      ...(newPassphraseFile === undefined ? {} : { passphraseFile: newPassphraseFile }),
      ...(newPassphraseFd === undefined ? {} : { passphraseFd: newPassphraseFd }),
    },
    io,
    note,
    '--new-passphrase',
  )
  return newPassphrase(io, given)
}

export function newCode(): NewUnlock {
  const code = createRecoveryCode(length => new Uint8Array(randomBytes(length)))
  return { unlock: recoveryCode(code), kind: 'recovery code', code }
}

async function newPassphrase(io: Io, given: string | undefined): Promise<NewUnlock> {
  if (given === undefined) mustAsk(io)
  const text = given ?? (await askSecret(io, 'New passphrase'))
  if ([...text.normalize('NFC')].length < LEAST_CHARACTERS) {
    throw new CliError(
      'SECRET_UNUSABLE',
      `The passphrase is shorter than ${LEAST_CHARACTERS} characters.`,
      'Take five or six words that somebody else drew at random.',
    )
  }
  if (given === undefined && (await askSecret(io, 'The same again')) !== text) {
    throw new CliError('SECRET_UNUSABLE', 'The two passphrases differ.', 'Run the command again.')
  }
  return { unlock: passphrase(text), kind: 'passphrase' }
}

function mustAsk(io: Io): void {
  if (canAsk(io)) return
  throw new CliError(
    'NO_SECRET',
    'There is no terminal to ask for the passphrase on.',
    'Give --passphrase-file, --passphrase-fd or --key-file.',
  )
}

async function passphraseGiven(
  { passphraseFile, passphraseFd }: SecretOptions,
  io: Io,
  note: Cli['note'],
  option = '--passphrase',
): Promise<string | undefined> {
  if (passphraseFile !== undefined) {
    await warnIfShared(passphraseFile, `${option}-file`, note)
    return firstLine(await readGiven(passphraseFile, `${option}-file`, io))
  }
  if (passphraseFd === undefined) return undefined
  try {
    return firstLine(
      await readAll(passphraseFd === 0 ? io.stdin : createReadStream('', { fd: passphraseFd, autoClose: false })),
    )
  } catch (error) {
    throw unreadable(`${option}-fd`, error)
  }
}

/** Without the end of line that an editor puts there; everything else belongs to it. */
const firstLine = (bytes: Uint8Array): string => new TextDecoder().decode(bytes).replace(/\r?\n$/, '')

/** 32 bytes as they are, in hexadecimal, or in base64. */
async function keyFrom(path: string, option: string, io: Io, note: Cli['note']): Promise<Uint8Array> {
  await warnIfShared(path, option, note)
  const bytes = await readGiven(path, option, io)
  if (bytes.length === KEY_BYTES) return new Uint8Array(bytes)
  const text = new TextDecoder().decode(bytes).trim()
  if (/^[0-9a-f]{64}$/i.test(text)) return new Uint8Array(Buffer.from(text, 'hex'))
  if (/^[0-9A-Za-z+/_-]{43}=?$/.test(text)) return new Uint8Array(Buffer.from(text, 'base64'))
  throw new CliError(
    'SECRET_UNUSABLE',
    `The file given with ${option} holds no key.`,
    'A key is 32 bytes, as they are or written in hexadecimal or base64.',
  )
}

async function warnIfShared(path: string, option: string, note: Cli['note']): Promise<void> {
  if (process.platform === 'win32' || path === '-') return
  const found = await stat(path).catch(() => undefined)
  if (found?.isFile() && (found.mode & 0o077) !== 0)
    note(`Others can read the file given with ${option}: chmod 600 it.`)
}
