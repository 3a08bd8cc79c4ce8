/**
 * A list of people who must not come back with a backup: contact ids, phone numbers and e-mail addresses, one a line, or the
 * same as an array in JSON. What stands there is never repeated: a line that can't be read is told by its number.
 */
import { type Erasure, isContactId } from '@amanat/vault'
import { CliError } from './errors'

const unreadable = (line: number): CliError =>
  new CliError(
    'USAGE',
    `Entry ${line} of the list given with --erasures is no contact id, phone number or e-mail address.`,
    'Write one of these in each line.',
  )

/** @throws CliError `USAGE`, `NOT_JSON` */
export function erasuresFrom(bytes: Uint8Array): Erasure[] {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new CliError('USAGE', 'The list given with --erasures is no text.', 'Write it in UTF-8.')
  }
  if (text.trimStart().startsWith('[')) return fromJson(text)
  return text.split(/\r\n|\r|\n/).flatMap((line, i) => {
    const entry = line.trim()
    return entry === '' || entry.startsWith('#') ? [] : [erasureOf(entry, i + 1)]
  })
}

function fromJson(text: string): Erasure[] {
  let list: unknown
  try {
    list = JSON.parse(text)
  } catch {
    // The message would quote the file.
    throw new CliError('NOT_JSON', 'The list given with --erasures is not JSON.', 'Check it with a JSON linter.')
  }
  return (list as unknown[]).map((entry, i) => {
    if (typeof entry === 'string') return erasureOf(entry.trim(), i + 1)
    const { phone, email } = (entry ?? {}) as { readonly phone?: unknown; readonly email?: unknown }
    if (typeof phone === 'string' && email === undefined && isPhone(phone)) return { phone }
    if (typeof email === 'string' && phone === undefined && isEmail(email)) return { email }
    throw unreadable(i + 1)
  })
}

function erasureOf(entry: string, line: number): Erasure {
  if (isContactId(entry)) return entry
  if (isEmail(entry)) return { email: entry }
  if (isPhone(entry)) return { phone: entry }
  throw unreadable(line)
}

const isEmail = (text: string): boolean => /^[^\s@,;]+@[^\s@,;]+$/u.test(text)
/** However it is written, in whatever digits; a name or two numbers in a line are neither. */
const isPhone = (text: string): boolean => /^\+?[\p{Nd}\s().\-/\u2010-\u2015]+$/u.test(text) && /\p{Nd}/u.test(text)
