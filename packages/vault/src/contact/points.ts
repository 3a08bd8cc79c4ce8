/**
 * Contact points as one spelling each, however they were typed: the ground of look-ups, of `maybeSame` and of the
 * fingerprints of people who left. Phone numbers through libphonenumber, loaded when the first is met.
 */
import type { Card } from './jscontact'

export const POINT_KINDS = { phone: 1, email: 2, ref: 3 } as const
export type PointKind = keyof typeof POINT_KINDS

export interface Point {
  readonly kind: PointKind
  /** Canonical: E.164 where the number can be read, an address with a lower-case A-label domain, a ref as given. */
  readonly value: string
}

export type PhoneReader = (number: string, region: string | undefined) => string

let loading: Promise<PhoneReader> | undefined

/** Loads the phone rules once. */
export function phoneReader(): Promise<PhoneReader> {
  loading ??= import('libphonenumber-js/min').then(({ default: parse }) => (number, region) => {
    const bare = plainDigits(number.trim()).replace(/^tel:/i, '')
    const parsed = parse(bare, region as never)
    return parsed ? parsed.number : digitsOf(bare)
  })
  return loading
}

/** A number nobody can parse is still found by its digits, of whatever script. */
function digitsOf(number: string): string {
  return `?${number.replace(/[^0-9]/g, '') || number.normalize('NFKC').trim().toLowerCase()}`
}

/** Digits of any script as those of ASCII: each script has its ten in a row, so the nought is found by counting down. */
function plainDigits(number: string): string {
  if (/^[\x20-\x7e]*$/.test(number)) return number
  return number.normalize('NFKC').replace(/[^\P{Nd}0-9]/gu, digit => {
    const code = digit.codePointAt(0) as number
    let value = 0
    while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(code - value - 1))) value++
    return String(value)
  })
}

/** A number as E.164, such as `+447700900123`, without its extension; `undefined` if nobody can read it. */
export async function e164(number: string, region?: string): Promise<string | undefined> {
  const { default: parse } = await import('libphonenumber-js/min')
  const parsed = parse(plainDigits(number.trim()).replace(/^tel:/i, ''), region as never)
  return parsed?.isPossible() ? parsed.number : undefined
}

/** A contact point as callers name one: by one of these, and nothing else. */
export type PointBy = { readonly phone: string } | { readonly email: string }

/** Whether what came from a caller is one of these, and a text: what reads it would fail somewhere inside. */
export function isOneOf(by: unknown, kinds: readonly string[]): boolean {
  const [[kind = '', value] = [], ...others] = Object.entries(by ?? {})
  return kinds.includes(kind) && typeof value === 'string' && others.length === 0
}

export const isPointBy = (by: unknown): by is PointBy => isOneOf(by, ['phone', 'email'])

/** @throws TypeError for what is no contact point */
export function pointBy(by: PointBy, region: string | undefined, readPhone: PhoneReader): Point {
  if (!isPointBy(by)) throw new TypeError('a contact point is asked for as { phone } or { email }, with a text')
  if ('email' in by) return { kind: 'email', value: canonicalEmail(by.email) }
  return { kind: 'phone', value: readPhone(by.phone, region) }
}

/** Case does not tell two mailboxes apart in practice; internationalised domains compare by their A-labels. */
export function canonicalEmail(address: string): string {
  const trimmed = address
    .trim()
    .replace(/^mailto:/i, '')
    .normalize('NFC')
    .toLowerCase()
  const at = trimmed.lastIndexOf('@')
  if (at < 0) return trimmed
  const domain = trimmed.slice(at + 1)
  // What is spelled like this is its own A-label, and most are.
  if (/^(?:[a-z][a-z0-9]*\.)+[a-z]+$/.test(domain)) return trimmed
  const host = URL.canParse(`http://${domain}/`) ? new URL(`http://${domain}/`).hostname : domain
  return `${trimmed.slice(0, at)}@${host}`
}

// Numbers and addresses are read when a contact is added and again when its head is written: the same objects both times.
const read = new WeakMap<object, { readonly region: string | undefined; readonly points: readonly Point[] }>()

/** The phones and e-mail addresses of a card (or of a part of one), each once. */
export function pointsOf(
  { phones, emails }: Pick<Card, 'phones' | 'emails'>,
  region: string | undefined,
  readPhone: PhoneReader,
): Point[] {
  return [
    ...once(phones, region, all =>
      Object.values(all).map(({ number }) => ({ kind: 'phone', value: readPhone(number, region) })),
    ),
    ...once(emails, undefined, all =>
      Object.values(all).map(({ address }) => ({ kind: 'email', value: canonicalEmail(address) })),
    ),
  ]
}

function once<T extends object>(
  entries: T | undefined,
  region: string | undefined,
  pointsIn: (entries: T) => Point[],
): readonly Point[] {
  if (entries === undefined) return []
  const known = read.get(entries)
  if (known && known.region === region) return known.points
  const points = new Map(pointsIn(entries).map(point => [point.value, point]))
  const each = [...points.values()]
  read.set(entries, { region, points: each })
  return each
}
