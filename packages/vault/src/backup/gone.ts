/**
 * What a backup must not bring back (R21): who was erased or withdrew since it was made, as far as the vault that stands
 * in the store knows, and a list that the caller may give. It is planned on the vault that arrived like any other
 * withdrawal, before that vault can be opened by anybody.
 */
import { hex, sameBytes } from '../bytes'
import type { Draft } from '../commit/draft'
import { ALL_PURPOSES, Fingerprints, type Print, printOf } from '../commit/fingerprints'
import { pointFingerprint } from '../commit/head-slice'
import type { Opened } from '../commit/opened'
import { ledgerEntries, ledgerRecords } from '../commit/read-ledger'
import { formerPolicies } from '../commit/read-policy'
import { summaryOf } from '../consent/state'
import { type ContactId, contactIdBytes, contactIdOf, isContactId } from '../contact/id'
import { isPointBy, type PhoneReader, POINT_KINDS, type PointBy, pointBy, pointsOf } from '../contact/points'
import type { EntryOf } from '../ledger/entry'
import { leafHash } from '../ledger/tree'
import { comparePolicies } from '../policy/change'
import type { Policy } from '../policy/policy'
import { policyHash } from '../policy/record'
import { outlives } from '../rules/suppress'
import { rememberLeft } from '../verbs/came-before'
import { planErase, planWithdraw } from '../verbs/leave'

/** Somebody who must not come back: by the id they had, or by a contact point. */
export type Erasure = string | PointBy

/** What the vault that stands in the store knows, and the backup doesn't. */
export interface Since {
  /** Commits that the backup doesn't have, but for those that only tell of purges and verified forgetting. */
  readonly missing: number
  readonly erased: ReadonlySet<ContactId>
  readonly withdrawn: readonly Withdrawn[]
}

/** Somebody took a consent back. */
interface Withdrawn {
  readonly id: ContactId
  /** As the purpose was called then. */
  readonly purpose: string
  /** As it is called by now; undefined where it can't be told any more, because a policy that ruled in between doesn't open. */
  readonly today: string | undefined
  readonly at: number
}

/** What comes by itself, and is no loss when it goes. */
const OF_ITSELF: ReadonlySet<string> = new Set(['verified', 'purge'])

/** @param leaves hash of each leaf of the backup's ledger */
export async function sinceBackup(standing: Opened, leaves: readonly Uint8Array[]): Promise<Since> {
  const erased = new Set<ContactId>()
  const withdrawn: (Omit<Withdrawn, 'today'> & { changes: number })[] = []
  const policies = policiesOf(standing)
  /** What each change of the policy renamed, from the backup on. */
  const changes: Renamed[] = []
  const missing = new Set<number>()
  const apart = await firstApart(standing, leaves)
  if (apart === undefined) return { missing: 0, erased, withdrawn: [] }
  for await (const { leaf, entry } of ledgerEntries(standing, standing.root)) {
    if (leaf < apart) continue
    if (!OF_ITSELF.has(entry.type)) missing.add(leaf)
    if (entry.type === 'policy-changed') changes.push(renamedBy(entry, policies))
    if (entry.type === 'contact-erased') erased.add(contactIdOf(entry.contact))
    if (entry.type === 'consent' && (entry.event === 'withdrawn' || entry.event === 'refused')) {
      withdrawn.push({ id: contactIdOf(entry.contact), purpose: entry.purpose, at: entry.at, changes: changes.length })
    }
  }
  const calledNow = (purpose: string, after: number) =>
    changes.slice(after).reduce<string | undefined>((name, renamed) => name && renamed?.(name), purpose)
  return {
    missing: missing.size,
    erased,
    withdrawn: withdrawn.map(({ changes: after, ...each }) => ({ ...each, today: calledNow(each.purpose, after) })),
  }
}

/** The name after a change of the policy; undefined where one of the two policies doesn't open. */
type Renamed = ((name: string) => string) | undefined

/** Every policy that the vault ever had, by its hash. */
function policiesOf(opened: Opened): ReadonlyMap<string, Policy> {
  const former = Array.from(formerPolicies(opened), ({ policy }) => policy)
  const all = opened.record ? [opened.record.policy, ...former] : former
  return new Map(all.map(policy => [hex(policyHash(policy)), policy]))
}

function renamedBy({ from, to }: EntryOf<'policy-changed'>, policies: ReadonlyMap<string, Policy>): Renamed {
  const [before, after] = [policies.get(hex(from)), policies.get(hex(to))]
  if (!before || !after) return undefined
  const { renamed } = comparePolicies(before, after)
  return name => renamed.get(name) ?? name
}

/** The first leaf that the backup doesn't have or has otherwise. */
async function firstApart(standing: Opened, leaves: readonly Uint8Array[]): Promise<number | undefined> {
  for await (const { leaf, kind, bytes } of ledgerRecords(standing, standing.root)) {
    const known = leaves[leaf]
    if (kind === 0 && (!known || !sameBytes(known, leafHash(bytes)))) return leaf
  }
  return undefined
}

/** Plans on the vault that arrived what was taken back since. Answers of how many people. */
export async function planGone(
  draft: Draft,
  o: {
    readonly standing: Opened | undefined
    readonly since: Since | undefined
    readonly erasures: readonly Erasure[]
    readonly actor: string
    readonly readPhone: PhoneReader
  },
): Promise<number> {
  const { standing, since, actor, readPhone } = o
  const gone = new Set<ContactId>()
  if (standing) draft.catalogue.follow(standing.catalogue)
  /** Whether this is what the backup calls the purpose: it may have been renamed since. Of one that nobody can name any more, each may be it. */
  const mayBe = ({ purpose, today }: Withdrawn): ((name: string) => boolean) => {
    if (today === undefined) return () => true
    const numbers = standing?.catalogue.numbersOf(today) ?? []
    const names = new Set([purpose, ...numbers.map(number => draft.catalogue.purposeName(number))])
    return name => names.has(name)
  }
  // The vault that stands here has told whom it keeps away by whoever left it, if all of that opens; a list tells of people alone.
  const untold = standing?.undated.some(({ kind, damaged }) => kind === 'left' && damaged) ?? false
  const erase = async (id: ContactId, suppress = untold) => {
    if (!(await draft.contact(id))) return tell(id)
    await planErase(draft, id, suppress, actor, readPhone)
    gone.add(id)
  }
  /** Another backup may have them: what this vault's ledger doesn't say, nobody knows once the vault that stands here is gone. */
  const tell = (id: ContactId) =>
    draft.note({ type: 'contact-erased', actor, contact: contactIdBytes(id) as Uint8Array })
  const withdraw = async (id: ContactId, purpose: string) => {
    if (!Object.hasOwn(draft.policy.purposes, purpose)) return
    if ((await planWithdraw(draft, id, purpose, RESTORED, actor, readPhone)).length > 0) gone.add(id)
  }

  for (const id of since?.erased ?? []) await erase(id)
  for (const each of since?.withdrawn ?? []) {
    const { id, at } = each
    const contact = await draft.contact(id)
    // They waited in quarantine when the backup was made, and went when they took back what they had agreed to since.
    const isHere = standing !== undefined && standing.index.numberOf(contactIdBytes(id) as Uint8Array) >= 0
    if (contact?.quarantine && !isHere) await erase(id)
    const isIt = mayBe(each)
    for (const consent of contact?.consents ?? []) {
      const given = isIt(consent.purpose) ? summaryOf(consent)?.given : undefined
      if (given && given.at <= at) await withdraw(id, consent.purpose)
    }
  }
  if (standing) await eachSuppressed(draft, standing, readPhone, erase, withdraw)
  for (const erasure of o.erasures) {
    if (typeof erasure === 'string') await erase(erasure as ContactId, true)
    else {
      const point = pointBy(erasure, draft.policy.region, readPhone)
      rememberLeft(draft, [point])
      const { index, root } = draft.opened
      const found = index.byPoint(POINT_KINDS[point.kind], pointFingerprint(root.pointKey, point))
      for (const number of found) await erase(contactIdOf(index.idOf(number)), true)
    }
  }
  return gone.size
}

/** How a consent was taken back by what follows from a restore; stands in the consent's events. */
const RESTORED = 'restored from a backup'

/** A list that isn't one is refused before anything is read. @throws TypeError */
export function checkedErasures(erasures: Iterable<Erasure> = []): readonly Erasure[] {
  const list = [...erasures]
  if (!list.every(isErasure)) throw new TypeError('an erasure is a contact id, { phone } or { email }')
  return list
}

const isErasure = (erasure: unknown): boolean =>
  typeof erasure === 'string' ? isContactId(erasure) : isPointBy(erasure)

/**
 * Takes over who left and who was in quarantine, and applies it to people who are in the backup and not in the vault that
 * stands here: those who are still in it were decided about there.
 */
async function eachSuppressed(
  draft: Draft,
  standing: Opened,
  readPhone: PhoneReader,
  erase: (id: ContactId) => Promise<void>,
  withdraw: (id: ContactId, purpose: string) => Promise<void>,
): Promise<void> {
  const { opened } = draft
  // Each was made with the number that its purpose has there, which is the same here, whatever it is called.
  const missing = (prints: readonly Print[], { prints: held }: Fingerprints) => {
    const known = new Set(held.map(printKey))
    return prints.filter(print => !known.has(printKey(print)))
  }
  const left = missing(standing.left.prints, opened.left)
  // One by one: there may be more of them than a call can have arguments.
  for (const print of left) draft.left.push(print)
  for (const print of missing(standing.quarantined.prints, opened.quarantined)) draft.quarantined.push(print)
  if (left.length === 0) return

  const prints = new Fingerprints(left)
  for (const number of [...opened.index.allContacts()]) {
    const bytes = opened.index.idOf(number)
    const id = contactIdOf(bytes)
    if (standing.index.numberOf(bytes) >= 0) continue
    const contact = await draft.contact(id)
    if (!contact) continue
    const points = pointsOf(contact.card, draft.policy.region, readPhone)
    const weekOf = (purpose: number) => {
      const weeks = points.flatMap(
        point => prints.week(purpose, printOf('left', opened.root.leftKey, purpose, point)) ?? [],
      )
      return weeks.length > 0 ? Math.max(...weeks) : undefined
    }
    const everything = weekOf(ALL_PURPOSES)
    // Who left anything isn't let in without a consent (R20): nor do they wait again.
    if (contact.quarantine) {
      const purposes = Object.keys(draft.policy.purposes).flatMap(name => draft.catalogue.findPurpose(name) ?? [])
      if ([everything, ...purposes.map(weekOf)].some(week => week !== undefined)) await erase(id)
      continue
    }
    for (const consent of contact.consents) {
      const purpose = draft.catalogue.findPurpose(consent.purpose)
      const weeks = [everything, purpose === undefined ? undefined : weekOf(purpose)]
      const given = summaryOf(consent)?.given
      if (given && weeks.some(week => week !== undefined && !outlives(given, week))) await withdraw(id, consent.purpose)
    }
  }
}

const printKey = ({ purpose, bits, week, value }: Print): string => `${purpose} ${bits} ${week} ${value}`
