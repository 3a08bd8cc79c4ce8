// What a row says of a consent, and what it comes to. A cell is nobody's evidence: at most it is a claim (R7), from the
// day that it names (R8). No date, no claim; a blank cell, an unticked box, a word that nobody knows: unknown (R10).
import type { NewConsent, Policy } from '@amanat/vault'
import type { SaidConsent } from '../read-card'
import { cellInstant, type DateOrder } from './dates'
import { type ConsentPlace, type CsvPlace, fold } from './places'

/** A cell of a column about a consent. */
export interface ConsentCell {
  readonly place: CsvPlace
  readonly header: string
  readonly text: string
}

const words = (list: string) => new Set(list.split('|').map(fold))
const YES = words(
  'yes|y|true|1|x|✓|✔|subscribed|opted in|opted-in|opt-in|opt in|optin|agreed|consented|consent given|given|granted|accepted|confirmed|ja|oui|abonniert|abonne|inscrit|بله|بلی|آری|موافق|عضو',
)
const NO = words(
  'no|n|unsubscribed|opted out|opted-out|opt-out|opt out|optout|refused|withdrawn|revoked|declined|denied|blocklisted|blacklisted|nein|abgemeldet|non|desinscrit|refuse|خیر|نه|لغو عضویت|انصراف|مخالف',
)
// Of a box whose tick means no.
const TICKED = words('yes|y|true|1|x|✓|✔|opted out|unsubscribed|ja|oui|بله|بلی')

const KINDS: readonly ConsentPlace[] = [
  'consent-status',
  'consent-at',
  'consent-ip',
  'consent-source',
  'consent-no',
  'consent-no-at',
]

/** Whether a column is about a consent, and of which purpose. */
export function consentPlace(place: CsvPlace): { kind: ConsentPlace; purpose: string | undefined } | undefined {
  const [kind = '', ...rest] = place.split(':')
  if (!(KINDS as readonly string[]).includes(kind)) return undefined
  return { kind: kind as ConsentPlace, purpose: rest.length > 0 ? rest.join(':') : undefined }
}

/** One for each purpose that the columns name, and one for columns that name none. */
export function saidConsents(cells: readonly ConsentCell[], order?: DateOrder): SaidConsent[] {
  const byPurpose = new Map<string | undefined, ConsentCell[]>()
  for (const cell of cells) {
    const purpose = consentPlace(cell.place)?.purpose
    const list = byPurpose.get(purpose)
    if (list) list.push(cell)
    else byPurpose.set(purpose, [cell])
  }
  return [...byPurpose].map(([purpose, list]) => said(purpose, list, order))
}

function said(purpose: string | undefined, cells: readonly ConsentCell[], order: DateOrder | undefined): SaidConsent {
  const of = (kind: ConsentPlace) => cells.filter(cell => consentPlace(cell.place)?.kind === kind && cell.text !== '')
  const text = (kind: ConsentPlace) => of(kind)[0]?.text
  const statuses = of('consent-status').map(cell => fold(cell.text))
  const times = of('consent-at').flatMap(cell => {
    const at = cellInstant(cell.text, order)
    return at === undefined ? [] : [{ at, confirmed: /confirm/i.test(cell.header) }]
  })
  const left = of('consent-no-at')
  const no =
    left.length > 0 ||
    statuses.some(status => NO.has(status)) ||
    of('consent-no').some(cell => TICKED.has(fold(cell.text)))
  // The later of two is when they had agreed for sure.
  const agreed = [...times].sort((one, other) => one.at.localeCompare(other.at)).at(-1)
  const ip = text('consent-ip')
  const source = text('consent-source')
  const confirmed = times.some(time => time.confirmed)
  // A date alone is when somebody put them on the list: Mailchimp writes one for people that its user added.
  const yes = statuses.length > 0 ? statuses.every(status => YES.has(status)) : ip !== undefined || confirmed
  const status = no ? 'refused' : yes && agreed ? 'given' : 'unknown'
  const at = no ? left.map(cell => cellInstant(cell.text, order)).find(Boolean) : agreed?.at
  return {
    ...(purpose === undefined ? {} : { purpose }),
    status,
    ...(at === undefined ? {} : { at }),
    ...(ip === undefined ? {} : { ip }),
    ...(source === undefined ? {} : { source }),
    ...(confirmed && agreed ? { confirmed } : {}),
  }
}

/** What is said of a purpose: of that one, or of none that is named. */
export function consentSaid(said: readonly SaidConsent[] | undefined, purpose: string): SaidConsent | undefined {
  return said?.find(each => each.purpose === purpose) ?? said?.find(each => each.purpose === undefined)
}

/**
 * The claim that a row comes to, for a purpose that whoever imports names; `undefined`: it comes to none. It lasts 30
 * days from the day it names and no longer (R7, R8): one that is older is refused by the vault as expired.
 */
export function claimFrom<P extends Policy>(
  said: SaidConsent | undefined,
  consent: Omit<NewConsent<P>, 'given'>,
): NewConsent<P> | undefined {
  if (said?.status !== 'given' || said.at === undefined) return undefined
  const told = [
    said.source === undefined ? '' : `source: ${said.source}`,
    said.ip === undefined ? '' : `from ${said.ip}`,
    said.confirmed ? 'confirmed to the former list' : '',
  ].filter(Boolean)
  return {
    ...consent,
    given: {
      how: 'imported',
      at: said.at,
      ...(told.length > 0 ? { words: told.join('; ').slice(0, 1_000) } : {}),
    },
  } as NewConsent<P>
}
