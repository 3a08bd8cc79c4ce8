/**
 * Changing the policy (R3): planned first, with what it would make the vault forget; then accepted, recorded, and carried
 * out. What is narrowed can't be read from the first commit on; its keys go in batches, and a crash in between
 * is made good when the vault is opened next.
 */
import { hex, sameBytes } from '../bytes'
import type { Draft } from '../commit/draft'
import { readContact, readSlice } from '../commit/draft'
import { loses } from '../commit/loses'
import { formerPolicies } from '../commit/read-policy'
import { type ContactId, contactIdBytes, contactIdOf } from '../contact/id'
import { cutContact } from '../contact/slice'
import { VaultError } from '../errors'
import { canonicalPolicy } from '../policy/canonical'
import { comparePolicies } from '../policy/change'
import { recordChange } from '../policy/effective'
import type { Policy } from '../policy/policy'
import { newNotices, type PolicyRecord, policyHash } from '../policy/record'
import { encodeRecord } from '../record/record'
import { formatInstant } from '../time/calendar'

export interface PolicyPlan<N extends Policy = Policy> {
  readonly next: N
  /** Contacts of which nothing would be left. */
  readonly forgotten: number
  /** Contacts that would lose something. */
  readonly shortened: number
  readonly narrowed: readonly string[]
  readonly widened: readonly string[]
  /** Paths whose values wait, and until when. */
  readonly loosened: readonly string[]
  readonly loosensAt?: string
  readonly renamed: { readonly [before: string]: string }
  /** Every consent stops: the controller is another, and not recorded as the same legal person. */
  readonly stopsEveryConsent: boolean
  /** The policy this was planned on, by its hash. */
  readonly basis: string
  readonly sameLegalPerson?: { readonly evidence: string }
}

/** Contacts looked at in one commit. */
const BATCH = 1_000

/** The record after the change, as of the draft's time. */
function recordAfter(draft: Draft, next: Policy, sameLegalPerson: boolean): PolicyRecord {
  const record = recordChange(draft.record, next, draft.now)
  const { name } = draft.record.policy.controller
  if (sameLegalPerson) {
    const before = next.controller.name === name ? nameBefore(draft, name) : name
    const names = [...(record.sameLegalPerson ?? []), ...(before === undefined ? [] : [before])]
    return names.length > 0 ? { ...record, sameLegalPerson: [...new Set(names)] } : record
  }
  if (next.controller.name === name) return record
  // Whoever was the same as the one before isn't therefore the same as this one.
  const { sameLegalPerson: _, ...without } = record
  return without
}

/** The name that the controller had before this one: evidence may come after the policy. Nothing where it never had another. */
function nameBefore({ opened }: Draft, name: string): string | undefined {
  let last = { at: Number.NEGATIVE_INFINITY, name: undefined as string | undefined }
  for (const { at, policy } of formerPolicies(opened)) {
    const before = policy.controller.name
    if (before !== name && at >= last.at) last = { at, name: before }
  }
  return last.name
}

/** Puts the next policy into a draft: rules from here on are asked with it. */
function apply(draft: Draft, next: Policy, sameLegalPerson: boolean, pending: boolean): PolicyRecord {
  const current = draft.record.policy
  const record = recordAfter(draft, next, sameLegalPerson)
  for (const [from, to] of comparePolicies(current, next).renamed) draft.catalogue.renamePurpose(from, to)
  draft.setRecord(pending ? { ...record, pending: true } : record)
  return record
}

export async function planPolicy<N extends Policy>(
  draft: Draft,
  next: N,
  sameLegalPerson: { readonly evidence: string } | undefined,
): Promise<PolicyPlan<N>> {
  const current = draft.record.policy
  const change = comparePolicies(current, next)
  const basis = hex(policyHash(current))
  draft.catalogue = draft.catalogue.copy()
  const record = apply(draft, next, sameLegalPerson !== undefined, false)
  let forgotten = 0
  let shortened = 0
  for (const number of draft.opened.index.allContacts()) {
    const fate = await fateOf(draft, contactIdOf(draft.opened.index.idOf(number)))
    if (fate === 'goes') forgotten++
    else if (fate === 'loses') shortened++
  }
  return {
    next,
    forgotten,
    shortened,
    narrowed: change.narrowed,
    widened: change.widened,
    loosened: change.loosened,
    ...(record.loosensAt === undefined ? {} : { loosensAt: formatInstant(record.loosensAt) }),
    renamed: Object.fromEntries(change.renamed),
    stopsEveryConsent: change.controllerChanged && sameLegalPerson === undefined,
    basis,
    ...(sameLegalPerson ? { sameLegalPerson } : {}),
  }
}

/**
 * What the draft's policy means for one contact. Who moves loses nothing: a shorter time that ruled for a while had put what
 * they agreed to for longer where it would go too soon.
 */
async function fateOf(draft: Draft, id: ContactId): Promise<'stays' | 'moves' | 'loses' | 'goes'> {
  const { opened, catalogue, policy, now, today } = draft
  const contact = await readContact(opened, catalogue, id, today)
  if (!contact) return 'stays'
  const cut = cutContact(contact, policy, catalogue, now, today)
  if (cut.length === 0) return 'goes'
  let moves = false
  for (const slice of opened.index.slicesOf(opened.index.numberOf(contactIdBytes(id) as Uint8Array))) {
    if (slice.bucket < today) continue
    const record = await readSlice(opened, slice)
    const later = cut.filter(({ bucket }) => bucket >= slice.bucket)
    if (loses(record, later)) return 'loses'
    moves ||= loses(
      record,
      later.filter(({ bucket }) => bucket === slice.bucket),
    )
  }
  return moves ? 'moves' : 'stays'
}

/** The first commit of a change: from here on the new policy rules. @throws VaultError `PLAN_OUTDATED` */
export function planChangePolicy(draft: Draft, plan: PolicyPlan, again: PolicyPlan, actor: string): void {
  const current = draft.record.policy
  if (plan.basis !== hex(policyHash(current)) || again.forgotten > plan.forgotten || again.shortened > plan.shortened) {
    throw new VaultError('PLAN_OUTDATED')
  }
  const from = policyHash(current)
  for (const plain of newNotices(plan.next, current)) draft.undated.push({ kind: 'notice', plain, replace: false })
  draft.undated.push({
    kind: 'policy-history',
    plain: encodeRecord({
      at: draft.now,
      policy: canonicalPolicy(current),
      ...(plan.sameLegalPerson ? { samePerson: plan.sameLegalPerson.evidence } : {}),
    }),
    replace: false,
  })
  const touches = again.forgotten + again.shortened + again.widened.length > 0
  const record = apply(draft, plan.next, plan.sameLegalPerson !== undefined, touches)
  draft.note({
    type: 'policy-changed',
    actor,
    from,
    to: policyHash(plan.next),
    ...(record.loosensAt === undefined ? {} : { effective: record.loosensAt }),
  })
}

/** Ids of everybody, in lots: each lot is carried out in a commit of its own. */
export function lots(draft: Draft): ContactId[][] {
  const ids = [...draft.opened.index.allContacts()].map(number => contactIdOf(draft.opened.index.idOf(number)))
  return Array.from({ length: Math.ceil(ids.length / BATCH) }, (_, i) => ids.slice(i * BATCH, (i + 1) * BATCH))
}

/** Takes from each of these contacts what the policy no longer lets it keep. */
export async function planNarrow(draft: Draft, ids: readonly ContactId[], actor: string): Promise<void> {
  let gone = 0
  for (const id of ids) {
    const fate = await fateOf(draft, id)
    if (fate === 'stays') continue
    const contact = await draft.contact(id)
    if (fate === 'goes' || !contact) {
      draft.remove(id)
      gone++
    } else {
      draft.put(contact)
    }
  }
  if (gone > 0) draft.note({ type: 'contact-forgotten', actor, contacts: gone })
}

/** @param under hash of the policy that was carried out: of another one, which was accepted meanwhile, some may still be undone */
export function planNarrowed(draft: Draft, under: Uint8Array): void {
  const { pending, ...record } = draft.record
  if (pending && sameBytes(policyHash(record.policy), under)) draft.setRecord(record)
}
