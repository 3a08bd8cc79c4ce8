/**
 * Many at once: as few commits as memory allows, an outcome for every row, and one bad row never stops the rest. People
 * who may have left, or may be here already, are told as a total only, unless the policy names those rows (R11).
 */
import type { Draft } from '../commit/draft'
import { nameable } from '../contact/check-card'
import type { Card } from '../contact/jscontact'
import { type AnyVaultError, isVaultError } from '../errors'
import type { Policy } from '../policy/policy'
import type { AddManyOptions, AddReport, RowOutcome } from '../public'
import { undeclaredFields } from '../rules/declared'
import { quarantineRefusals } from '../rules/quarantine'
import type { Session } from '../session'
import { InTurns } from '../turn'
import { planAdd } from './add'
import type { NewContact } from './new-contact'

/**
 * Rows in one commit, unless the caller says fewer. Fewer commits write each page of a day fewer times; more of them hold less in
 * memory. Measured with 30,000 contacts: 6,400 rows took 8 % more of the processor than 25,600, and a third less memory.
 */
const ROWS_IN_COMMIT = 6_400
const MOST_ROWS_IN_COMMIT = 25_600
/** Planned without a break: some milliseconds. */
const ROWS_AT_ONCE = 16

export async function addMany(
  session: Session,
  contacts: Iterable<NewContact<Policy>> | AsyncIterable<NewContact<Policy>>,
  { onEach, onProgress, signal, batch = ROWS_IN_COMMIT, whenUndeclared = 'refuse' }: AddManyOptions,
  actor: string,
): Promise<AddReport> {
  if (!Number.isSafeInteger(batch) || batch < 1) throw new TypeError('batch must be a whole number from 1')
  const most = Math.min(batch, MOST_ROWS_IN_COMMIT)
  const rows: RowOutcome[] = []
  const readPhone = await session.phones()
  let waiting: NewContact<Policy>[] = []
  const names = session.policy.nameStoppedRows === true
  const reasons = new Map<string, number>()
  const leftOut = new Map<string, number>()
  let maybeSame = 0
  const flush = async () => {
    if (waiting.length === 0) return
    const lot = waiting
    waiting = []
    const outcomes = await session.commit({
      async plan(draft) {
        const turns = new InTurns(ROWS_AT_ONCE)
        const outcomes: RowOutcome[] = []
        for (const contact of lot) {
          await turns.next()
          outcomes.push(outcomeOf(draft, contact, whenUndeclared, rows.length + outcomes.length, actor, readPhone))
        }
        return outcomes
      },
    })
    for (const outcome of outcomes) {
      if (outcome.code !== undefined) reasons.set(outcome.code, (reasons.get(outcome.code) ?? 0) + 1)
      if (outcome.maybeSame) maybeSame++
      for (const field of outcome.leftOut ?? []) leftOut.set(field, (leftOut.get(field) ?? 0) + 1)
      const told = names ? outcome : unnamed(outcome)
      rows.push(told)
      onEach?.(told)
    }
    onProgress?.(rows.length)
  }
  for await (const contact of contacts) {
    if (signal?.aborted) break
    waiting.push(contact)
    if (waiting.length >= most) await flush()
  }
  if (!signal?.aborted) await flush()
  const count = (outcome: RowOutcome['outcome']) => rows.filter(row => row.outcome === outcome).length
  return {
    rows,
    added: count('added'),
    quarantined: count('quarantined'),
    known: count('known'),
    refused: count('refused'),
    reasons: Object.fromEntries(reasons),
    leftOut: Object.fromEntries(leftOut),
    maybeSame,
  }
}

function outcomeOf(
  draft: Draft,
  given: NewContact<Policy>,
  whenUndeclared: 'refuse' | 'leave-out',
  index: number,
  actor: string,
  readPhone: Awaited<ReturnType<Session['phones']>>,
): RowOutcome {
  const { contact, leftOut } = fitted(given, draft.policy, whenUndeclared)
  const base = {
    index,
    ...(typeof contact?.ref === 'string' ? { ref: contact.ref } : {}),
    ...(leftOut.length > 0 ? { leftOut } : {}),
  }
  try {
    const { id, outcome, maybeSame } = planAdd(draft, contact, actor, readPhone, false)
    return { ...base, id, outcome, ...(maybeSame.length > 0 ? { maybeSame } : {}) }
  } catch (error) {
    // What the surroundings failed in is no row's fault.
    if (!isVaultError(error) || error.kind === 'failure') throw error
    return { ...base, outcome: 'refused', code: error.code, fix: error.fix, ...whereOf(error) }
  }
}

/** The fields or places that an error is about, where it names any. */
function whereOf(error: AnyVaultError): Pick<RowOutcome, 'fields' | 'issues'> {
  switch (error.code) {
    case 'FIELD_NOT_DECLARED':
    case 'NOT_IN_QUARANTINE':
      return { fields: error.data.fields }
    case 'CARD_INVALID':
    case 'CONSENT_INVALID':
      return { issues: error.data.issues }
    default:
      return {}
  }
}

/** What would tell that somebody is or was here; the totals say how many rows it was. */
function unnamed({ maybeSame: _, ...outcome }: RowOutcome): RowOutcome {
  if (outcome.code !== 'SUPPRESSED' && outcome.code !== 'QUARANTINE_AGAIN') return outcome
  const { index, ref } = outcome
  return { index, outcome: 'refused', ...(ref === undefined ? {} : { ref }) }
}

/** The contact without what may not come in, where the caller asked for that. */
function fitted(
  contact: NewContact<Policy>,
  policy: Policy,
  whenUndeclared: 'refuse' | 'leave-out',
): { readonly contact: NewContact<Policy>; readonly leftOut: readonly string[] } {
  if (whenUndeclared === 'refuse' || typeof contact?.card !== 'object' || contact.card === null) {
    return { contact, leftOut: [] }
  }
  const card = contact.card as Card
  const out = new Set(undeclaredFields(card, policy))
  if (!contact.consents?.length) for (const field of quarantineRefusals(card)) out.add(field)
  if (out.size === 0) return { contact, leftOut: [] }
  const kept = Object.fromEntries(Object.entries(card).filter(([field]) => !out.has(field)))
  return {
    contact: { ...contact, card: kept as NewContact<Policy>['card'] },
    leftOut: [...new Set([...out].map(nameable))],
  }
}
