/**
 * What is in the golden vaults, worked out by hand from their story and docs/rules.md: neither today's library nor the
 * second reader was asked. Days are the last on which something may be read.
 */
import { PHOTO } from './story'

export { narrowed as POLICY, policy as FORMER_POLICY } from './story'

/** A day after the story ended. */
export const NEXT_MORNING = '2026-03-30T08:00:00Z'
export const LAST_DAY = '2026-03-29'

const FIRST = '2026-03-01T09:00:00Z'
const FOURTH = '2026-03-04T09:00:00Z'
const EIGHTEENTH = '2026-03-18T09:00:00Z'
const LEILA = 'staff:leila'

export interface ExpectedEvent {
  readonly kind: 'given' | 'renewed' | 'refused' | 'withdrawn'
  readonly at: string
  readonly actor: string
  readonly how?: string
  readonly until?: string
  readonly fields?: readonly string[]
  readonly recipients?: readonly string[]
  readonly notice?: string
  readonly kept?: true
}

export interface ExpectedPerson {
  /** Without what only one reader shows: the photo's bytes stand under `photo`. */
  readonly card: Readonly<Record<string, unknown>>
  readonly translations?: Readonly<Record<string, unknown>>
  readonly days: Readonly<Record<string, string>>
  readonly sources: Readonly<Record<string, string>>
  readonly consents: Readonly<Record<string, readonly ExpectedEvent[]>>
  readonly photo?: Uint8Array
  readonly revision: number
  readonly quarantine?: { readonly ground: string; readonly since: string; readonly until: string }
}

const times = { fields: ['name', 'phones'], recipients: ['sms-gateway'], notice: 'signup' }
const news = { fields: ['name', 'emails'], recipients: ['self'] }
const paper = { at: FIRST, actor: LEILA, how: 'paper', kept: true } as const
/** Ninety days after 1 March, and a year: R4 rounds down to the day. */
const IN_90_DAYS = '2026-05-30T00:00:00Z'
const IN_A_YEAR = '2027-03-01T00:00:00Z'
/** A claim lasts 30 days (R7). */
const IN_30_DAYS = '2026-03-31T00:00:00Z'

export const PEOPLE: Readonly<Record<string, ExpectedPerson>> = {
  sara: {
    card: {
      name: { full: 'Sara Karimi' },
      phones: { p1: { number: '+44 7700 900111', features: { mobile: true } } },
      emails: { e1: { address: 'sara@example.org' } },
    },
    // The newsletter keeps for 300 days since the policy was narrowed.
    days: { name: '2026-12-25', emails: '2026-12-25', phones: '2026-05-29' },
    sources: { 'phones/p1': 'changed', 'emails/e1': 'the form on our site' },
    consents: {
      'prayer-times': [{ ...times, ...paper, kind: 'given', until: IN_90_DAYS }],
      newsletter: [{ ...news, kind: 'given', at: FIRST, actor: LEILA, how: 'web-form', until: IN_A_YEAR, kept: true }],
    },
    revision: 2,
  },
  omid: {
    card: {
      name: { full: 'Omid Clarke', components: [{ kind: 'given', value: 'Omid' }] },
      phones: { p1: { number: '+44 7700 900102' }, p2: { number: '+44 7700 900202' } },
      addresses: { a1: { full: '2 Quay Street' } },
      media: { m1: { kind: 'photo', mediaType: 'image/png' } },
      'x:diet': 'no nuts',
    },
    // Two years after 20 February 2026; beyond 400 days R4 rounds down to the month.
    days: {
      name: '2028-01-31',
      phones: '2028-01-31',
      addresses: '2028-01-31',
      media: '2028-01-31',
      'x:diet': '2028-01-31',
    },
    sources: { 'phones/p1': 'the kitchen', 'phones/p2': 'the kitchen', 'addresses/a1': 'the kitchen' },
    consents: {
      meals: [
        {
          ...paper,
          kind: 'given',
          at: '2026-02-20T00:00:00Z',
          until: '2028-02-01T00:00:00Z',
          fields: ['name', 'phones', 'addresses', 'media', 'x:diet'],
          recipients: [],
        },
      ],
    },
    photo: PHOTO,
    revision: 1,
  },
  mahsa: {
    card: { name: { full: 'مهسا فرهادی' }, emails: { e1: { address: 'mahsa@example.net' } } },
    translations: { en: { 'name/full': 'Mahsa Farhadi' } },
    days: { name: '2027-01-11', emails: '2027-01-11' },
    sources: { 'emails/e1': 'at the door' },
    consents: {
      newsletter: [
        { ...news, kind: 'given', at: FIRST, actor: LEILA, how: 'verbal', until: IN_30_DAYS },
        { ...news, ...paper, kind: 'renewed', at: EIGHTEENTH, until: '2027-03-18T00:00:00Z', notice: 'signup' },
      ],
    },
    revision: 1,
  },
  yusuf: {
    card: { name: { full: 'Yusuf Okafor' }, phones: { p1: { number: '+44 7700 900104' } } },
    days: { name: '2026-05-29', phones: '2026-05-29' },
    sources: { 'phones/p1': 'sign-up sheet' },
    consents: {
      'prayer-times': [{ ...times, ...paper, kind: 'given', until: IN_90_DAYS }],
      newsletter: [
        // What proved it went with it (R18).
        { ...news, kind: 'given', at: FIRST, actor: LEILA, how: 'paper', until: IN_A_YEAR },
        { kind: 'withdrawn', at: FOURTH, actor: LEILA },
      ],
    },
    revision: 1,
  },
  tariq: {
    card: { name: { full: 'Tariq Aziz' }, phones: { p1: { number: '+44 7700 900106' } } },
    days: { name: '2026-03-30', phones: '2026-03-30' },
    sources: { 'phones/p1': 'a note on the door' },
    consents: {},
    revision: 1,
    quarantine: { ground: 'they-asked', since: FIRST, until: IN_30_DAYS },
  },
  zoe: {
    card: { name: { full: 'Zoë Núñez' }, phones: { p1: { number: '+44 7700 900107' } } },
    days: { name: '2026-06-15', phones: '2026-06-15' },
    sources: { 'phones/p1': 'SMS' },
    consents: {
      'prayer-times': [
        { ...times, kind: 'given', at: FIRST, actor: LEILA, how: 'sms', until: IN_30_DAYS },
        { ...times, ...paper, kind: 'renewed', at: EIGHTEENTH, until: '2026-06-16T00:00:00Z' },
      ],
      newsletter: [{ kind: 'refused', at: EIGHTEENTH, actor: LEILA, how: 'paper' }],
    },
    revision: 1,
  },
}

/** Who was erased, and whose claim ran out: nothing of them is left but their ids in the ledger. */
export const GONE = ['nadia', 'ali']

/** What is stopped at the door in (R20, R22): purpose 65,535 is all of them. */
export const STOPPED = {
  left: [
    { point: 'phone:+447700900105', purpose: 65_535 },
    { point: 'email:eve@example.org', purpose: 65_535 },
    { point: 'email:yusuf@example.com', purpose: 1 },
    { point: 'phone:+447700900104', purpose: 1 },
  ],
  quarantined: [{ point: 'phone:+447700900106', purpose: 65_535 }],
}

/** Who agreed to the gateway, and well enough proved: the export of the fourth of March. */
export const EXPORTED = ['nadia', 'sara', 'yusuf']

const added = (consents: number) => ['contact-added', ...Array<string>(consents).fill('consent')]
/** What R32 says of the story, in its order. */
export const ENTRIES: readonly string[] = [
  ...['vault-created', 'slot-added', 'slot-added'],
  ...['sara', 2, 'omid', 1, 'mahsa', 1, 'yusuf', 2, 'nadia', 1].flatMap(one =>
    typeof one === 'number' ? added(one) : [],
  ),
  ...['quarantined', ...added(1), ...added(1)],
  ...['export-started', 'delivery-batch', 'export-ended'],
  // That something was forgotten is said in the next commit (R15).
  ...['consent', 'contact-erased', 'verified', 'suppressed', 'verified'],
  ...['purge', 'consent', 'consent', 'consent', 'contact-changed', 'policy-changed', 'verified', 'verified'],
  ...Array<string>(3 * 12).fill('reveal'),
  'reveal',
]
