/**
 * R23, R24: what a door shows of one person: the fields that their consent for this purpose covers today, and nothing
 * that would reach them unless it is revealed.
 */
import type { ConsentSummary, Instant } from '../consent/consent'
import { type Card, CONTACT_POINTS } from '../contact/jscontact'
import type { CustomField, Policy } from '../policy/policy'
import { isSpecial } from '../policy/purpose'
import { type Known, liveConsent } from './permits'

/** The fields to show; none if no consent for the purpose is live. */
export function visibleFields(
  summary: ConsentSummary | undefined,
  policy: Policy,
  now: Instant,
  known?: Known,
): readonly string[] {
  return liveConsent(summary, policy, now, known)?.fields ?? []
}

/**
 * Whatever else reaches a person or leads to them: addresses of other kinds (all of these hold URIs, such as a link
 * to a chat with a number), and free text, where a number can stand as well as anything.
 */
const ALSO_REACHES: readonly string[] = [
  'schedulingAddresses',
  'calendars',
  'links',
  'directories',
  'relatedTo',
  'cryptoKeys',
  'notes',
  'personalInfo',
]
const IDENTIFIES: readonly string[] = ['name', 'nicknames', 'media']

type CustomType = NonNullable<Policy['custom']>[CustomField]

/** Whether a value is of its custom field's type. */
const IS_OF: { readonly [type in Exclude<CustomType, 'text'>]: (value: unknown) => boolean } = {
  number: value => typeof value === 'number',
  boolean: value => typeof value === 'boolean',
  date: value => typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value),
}

/**
 * Whether seeing a field is a reveal, which is metered (R24, R25). So are names and photos in a special purpose, where
 * being on the list is the secret (R2). Without a policy a custom field counts as text; so does a value that was written
 * while it was, whatever the policy calls the field today.
 */
export function isContactPoint(field: string, policy?: Policy, purpose?: string, value?: unknown): boolean {
  if ((CONTACT_POINTS as readonly string[]).includes(field) || ALSO_REACHES.includes(field)) return true
  if (field.startsWith('x:')) {
    const type = policy?.custom && Object.hasOwn(policy.custom, field) ? policy.custom[field as CustomField] : 'text'
    return type === undefined || type === 'text' || (value !== undefined && !IS_OF[type](value))
  }
  const secret = policy !== undefined && (purpose === undefined ? policy.special === true : isSpecial(policy, purpose))
  return secret && IDENTIFIES.includes(field)
}

/** What makes it a card, and says nothing about anybody. */
const FRAME: readonly string[] = ['@type', 'version']

/**
 * A card with these fields and no others. Translations are cut with what they translate: each is a path into the
 * card (RFC 9553, sections 1.4.4 and 2.7.1), and stays only if that lies in one of the fields.
 */
export function cutCard(card: Card, fields: Iterable<string>): Card {
  const kept = new Set<string>(fields)
  // Never a field of its own, whatever a policy says.
  kept.delete('localizations')
  const cut = Object.fromEntries(Object.entries(card).filter(([key]) => kept.has(key) || FRAME.includes(key)))
  const localizations = cutLocalizations(card.localizations, kept)
  return localizations ? { ...cut, localizations } : cut
}

function cutLocalizations(localizations: Card['localizations'], kept: ReadonlySet<string>): Card['localizations'] {
  if (typeof localizations !== 'object' || localizations === null) return undefined
  const cut = Object.entries(localizations).flatMap(([language, patch]) => {
    const inScope = Object.entries(patch).filter(([pointer]) => kept.has(fieldOf(pointer)))
    return inScope.length > 0 ? [[language, Object.fromEntries(inScope)] as const] : []
  })
  return cut.length > 0 ? Object.fromEntries(cut) : undefined
}

/** The first step of a JSON pointer without its leading slash (RFC 6901, section 4). */
export const fieldOf = (pointer: string): string =>
  (pointer.split('/', 1)[0] as string).replaceAll('~1', '/').replaceAll('~0', '~')
