/** An open vault as one actor has it: each call is one operation on the session that all actors share. */
import type { Unlock } from '@amanat/crypto'
import type { Guarantees } from '@amanat/store-contract'
import { checkedActor } from './actor'
import type { Backup } from './backup/write'
import { openBlob } from './commit/blobs'
import type { Operation } from './commit/commit'
import { Draft } from './commit/draft'
import type { Examination } from './commit/examine'
import { pointFingerprint } from './commit/head-slice'
import { MAX_DAYS_AHEAD } from './commit/ratchet'
import { fromStore } from './commit/translate'
import { lastsUntil } from './consent/lasts-until'
import { stateAt } from './consent/state'
import { type ContactId, contactIdBytes, contactIdOf } from './contact/id'
import { POINT_KINDS, type Point, type PointBy, pointBy } from './contact/points'
import { OpenDoor } from './door/door'
import type { Formats } from './door/format'
import { PeopleOfPurpose } from './door/people'
import { consentsOf } from './door/view'
import { VaultError } from './errors'
import { hexId } from './hex-id'
import { parsePolicy } from './policy/define'
import type { Policy } from './policy/policy'
import { purposeIn } from './policy/purpose'
import { policyHash } from './policy/record'
import type {
  AddManyOptions,
  AddReport,
  AnyVault,
  CardPatch,
  ConsentView,
  Door,
  Expiring,
  LedgerLine,
  LedgerQuery,
  Quarantine,
  Vault,
} from './public'
import type { PurgeReport, Session, VaultEvent } from './session'
import { addDuration, formatInstant } from './time/calendar'
import { startOf } from './time/day'
import { planAdd } from './verbs/add'
import { addMany } from './verbs/add-many'
import { type ChangeOptions, planChange, type Revision } from './verbs/change'
import { consentView } from './verbs/consent-view'
import type { AnyConsent } from './verbs/consents'
import { planConsent } from './verbs/give'
import { planErase, planRefuse, planSuppress, planWithdraw, type Statement } from './verbs/leave'
import { linesOf } from './verbs/ledger-lines'
import type { Added, Given, NewConsent, NewContact, Receipt } from './verbs/new-contact'
import { lots, type PolicyPlan, planChangePolicy, planNarrow, planNarrowed, planPolicy } from './verbs/policy'
import { QuarantineRoom } from './verbs/quarantine'
import { addSlot, listSlots, removeSlot, replaceSlot } from './verbs/slots'

/** What all the objects of one open vault share. */
export interface Shared {
  readonly session: Session
  readonly formats: Formats
  readonly actors: Map<string, OpenVault>
  /** By purpose: whom its doors show is the same for all actors. */
  readonly people: Map<string, PeopleOfPurpose>
}

export class OpenVault implements AnyVault {
  readonly #shared: Shared
  readonly #doors = new Map<string, Door<Policy, string>>()
  #destroying = false
  readonly quarantine: Quarantine
  readonly ledger: AnyVault['ledger']
  readonly slots: AnyVault['slots']
  readonly subscribe: AnyVault['subscribe']

  constructor(
    shared: Shared,
    readonly actor: string,
  ) {
    this.#shared = shared
    const { session } = shared
    this.quarantine = new QuarantineRoom(session, actor)
    this.ledger = { entries: query => this.#entries(query) }
    this.slots = {
      list: () => listSlots(session),
      add: (unlock, label) => addSlot(session, unlock, label, actor),
      remove: id => removeSlot(session, id, actor),
      replace: (id: string, unlock: Unlock) => replaceSlot(session, id, unlock, actor),
    }
    this.subscribe = (listener: (event: VaultEvent) => void) => session.subscribe(listener)
  }

  get #session(): Session {
    return this.#shared.session
  }

  get id(): string {
    return hexId(this.#session.opened.vaultId)
  }

  get policy(): Policy {
    return this.#session.opened.policyRecord.policy
  }

  get version(): number {
    return this.#session.version
  }

  as(actor: string): Vault<Policy> {
    const known = this.#shared.actors.get(actor)
    if (known) return known
    const vault = new OpenVault(this.#shared, checkedActor(actor))
    this.#shared.actors.set(actor, vault)
    return vault
  }

  for<K extends string>(purpose: K): Door<Policy, K> {
    purposeIn(this.policy, purpose)
    let door = this.#doors.get(purpose)
    if (!door) {
      const people = this.#shared.people.get(purpose) ?? new PeopleOfPurpose(purpose)
      this.#shared.people.set(purpose, people)
      door = new OpenDoor(people, this.actor, this.#session, this.#shared.formats)
      this.#doors.set(purpose, door)
    }
    // Which fields a door has is known to the compiler alone; at run time all doors are one class.
    return door as unknown as Door<Policy, K>
  }

  async add(contact: NewContact<Policy>): Promise<Added> {
    const readPhone = await this.#session.phones()
    return this.#session.commit({
      plan: async draft => this.#countMaybeSame(draft, planAdd(draft, contact, this.actor, readPhone)),
    })
  }

  /** Who may be the same was found by their contact point: that is a hit like any other (R11). Past the limit, nobody is named. */
  #countMaybeSame(draft: Draft, added: Added): Added {
    for (const id of added.maybeSame) {
      if (this.#session.meter.reveal(draft, this.actor, undefined, contactIdBytes(id) as Uint8Array, 'find')) {
        return { ...added, maybeSame: [] }
      }
    }
    return added
  }

  addMany(
    contacts: Iterable<NewContact<Policy>> | AsyncIterable<NewContact<Policy>>,
    options: AddManyOptions = {},
  ): Promise<AddReport> {
    return addMany(this.#session, contacts, options, this.actor)
  }

  async change(id: string, patch: CardPatch<Policy>, options: ChangeOptions = {}): Promise<Revision> {
    const readPhone = await this.#session.phones()
    return this.#forgetting({
      // Nearly every change replaces a value: planning it first as if it didn't would be planning it twice.
      forgets: true,
      about: id as ContactId,
      plan: draft =>
        planChange(draft, id as ContactId, patch, options, this.actor, readPhone, blob => openBlob(draft.opened, blob)),
    })
  }

  exists(ids: readonly string[]): Promise<ContactId[]> {
    return this.#session.read(async draft => {
      const here = (id: string): id is ContactId => {
        const bytes = contactIdBytes(id)
        const number = bytes ? draft.opened.index.numberOf(bytes) : -1
        return number >= 0 && draft.opened.index.slicesOf(number).some(({ bucket }) => bucket >= draft.today)
      }
      return ids.filter(here)
    })
  }

  async identify(by: PointBy): Promise<ContactId[]> {
    const { meter, opened, policy, time } = this.#session
    const point = await this.#point(by)
    meter.mayMiss(opened, policy, time.believed())
    const found = await meter.asking(() =>
      this.#session.commit({
        plan: async draft => {
          const { index, root } = draft.opened
          const ids = index
            .byPoint(POINT_KINDS[point.kind], pointFingerprint(root.pointKey, point))
            .filter(number => index.slicesOf(number).some(({ bucket }) => bucket >= draft.today))
            .map(number => contactIdOf(index.idOf(number)))
          for (const id of ids) {
            const refused = meter.reveal(draft, this.actor, undefined, contactIdBytes(id) as Uint8Array, 'identify')
            if (refused) return refused
          }
          return ids
        },
      }),
    )
    if (found instanceof VaultError) throw found
    if (found.length === 0 && meter.missed(time.believed())) await this.#session.tellMisses(this.actor)
    return found
  }

  async #point(by: PointBy): Promise<Point> {
    return pointBy(by, this.policy.region, await this.#session.phones())
  }

  async consent(id: string, given: NewConsent<Policy>): Promise<Receipt> {
    const readPhone = await this.#session.phones()
    return this.#session.commit({
      about: id as ContactId,
      plan: draft => planConsent(draft, id as ContactId, given as AnyConsent, this.actor, readPhone),
    })
  }

  /**
   * What is known of somebody is forgotten, but who has more in a page that doesn't open isn't told that it is gone (R15):
   * that page may be brought back.
   *
   * @throws VaultError `CORRUPT`, after the commit
   */
  async #forgetting<T>(operation: Operation<T>): Promise<T> {
    const value = await this.#session.commit(operation)
    if (this.#session.opened.hidesPages) throw new VaultError('CORRUPT', { data: { row: 'pages' } })
    return value
  }

  async refuse(id: string, purpose: string, how?: Given | string): Promise<Receipt> {
    const readPhone = await this.#session.phones()
    return this.#forgetting({
      about: id as ContactId,
      plan: draft => planRefuse(draft, id as ContactId, purpose, how, this.actor, readPhone),
    })
  }

  async withdraw(id: string, purpose?: string, how?: Given | string): Promise<Receipt[]> {
    const readPhone = await this.#session.phones()
    return this.#forgetting({
      forgets: true,
      about: id as ContactId,
      plan: draft => planWithdraw(draft, id as ContactId, purpose, how, this.actor, readPhone),
    })
  }

  consents(id: string): Promise<ConsentView<Policy>[]> {
    return this.#session.read(async draft => {
      const contact = await draft.needContact(id as ContactId)
      return contact.consents.flatMap(record => consentView(record, draft.policy, draft.now) ?? [])
    }, id as ContactId)
  }

  async *expiring(within: string): AsyncGenerator<Expiring<Policy>> {
    const soon = await this.#session.read(async draft => {
      const end = addDuration(draft.now, within)
      const found: (Expiring<Policy> & { ends: number })[] = []
      for (const number of draft.opened.index.allContacts()) {
        for (const summary of consentsOf(draft, number)) {
          const ends =
            summary.given && stateAt(summary, draft.policy, draft.now) === 'given'
              ? lastsUntil(summary.given, draft.policy, summary.purpose)
              : undefined
          if (!summary.given || ends === undefined || ends > end) continue
          const id = contactIdOf(draft.opened.index.idOf(number))
          found.push({
            id,
            purpose: summary.purpose,
            until: formatInstant(ends),
            assurance: summary.given.assurance,
            ends,
          })
        }
      }
      return found.sort((a, b) => a.ends - b.ends || (a.id < b.id ? -1 : 1))
    })
    for (const { ends: _, ...expiring } of soon) yield expiring
  }

  async erase(id: string, { suppress = true }: { readonly suppress?: boolean } = {}): Promise<Statement> {
    const readPhone = await this.#session.phones()
    return this.#forgetting({
      forgets: true,
      about: id as ContactId,
      plan: draft => planErase(draft, id as ContactId, suppress, this.actor, readPhone),
    })
  }

  async suppress(by: PointBy): Promise<void> {
    const point = await this.#point(by)
    await this.#session.commit({ plan: async draft => planSuppress(draft, [point], this.actor) })
  }

  purge(): Promise<PurgeReport> {
    return this.#session.purge()
  }

  async confirmTime(): Promise<void> {
    const { session } = this.#shared
    // What others have confirmed meanwhile is nearer; and where nothing is in doubt the time has been seen now.
    await session.read(async () => undefined)
    if (session.time.jumped) {
      const { from, to } = session.time.confirm(startOf(session.opened.days.tick + MAX_DAYS_AHEAD + 1))
      session.confirmed = { from: session.confirmed?.from ?? from, to }
    }
    const { confirmed } = session
    if (!confirmed) return
    session.confirmed = undefined
    try {
      await session.commit({
        plan: async draft => draft.note({ type: 'clock', actor: this.actor, kind: 'confirmed', ...confirmed }),
      })
    } catch (error) {
      session.confirmed = confirmed
      throw error
    }
    await session.purge()
  }

  planPolicy<N extends Policy>(
    next: N,
    options: { readonly sameLegalPerson?: { readonly evidence: string } } = {},
  ): Promise<PolicyPlan<N>> {
    return this.#session.read(async draft => planPolicy(draft, parsePolicy(next) as N, options.sameLegalPerson))
  }

  async changePolicy<N extends Policy>(next: N, { accept }: { readonly accept: PolicyPlan<N> }): Promise<Vault<N>> {
    const { session } = this.#shared
    const plan = { ...accept, next: parsePolicy(next) }
    const accepted = () =>
      session.commit({
        alone: true,
        plan: async draft => {
          // Else a purpose that is given up and put back would find the people who are still to go, and they never agreed to that.
          if (draft.record.pending) return false
          // On a draft of its own: the plan tries the policy out, and this one is committed.
          const again = await planPolicy(new Draft(draft.opened, draft.now), plan.next, accept.sameLegalPerson)
          planChangePolicy(draft, plan, again, this.actor)
          return true
        },
      })
    while (!(await accepted())) await this.narrow()
    await this.narrow()
    return this as unknown as Vault<N>
  }

  /** Carries out what an accepted policy no longer lets the vault keep; again after a crash. */
  async narrow(): Promise<void> {
    const { session } = this.#shared
    while (session.opened.policyRecord.pending) {
      const [under, all] = await session.read(async draft => [policyHash(draft.record.policy), lots(draft)] as const)
      for (const lot of all) await session.commit({ alone: true, plan: draft => planNarrow(draft, lot, this.actor) })
      await session.commit({ alone: true, plan: async draft => planNarrowed(draft, under) })
    }
  }

  async *#entries(query: LedgerQuery = {}): AsyncGenerator<LedgerLine> {
    try {
      yield* linesOf(await this.#session.read(async draft => draft.opened), query)
    } catch (error) {
      throw fromStore(error)
    }
  }

  async examine(): Promise<Examination> {
    const { examine } = await import('./commit/examine')
    return examine(work => this.#session.read(({ opened }) => work(opened)))
  }

  async backup(): Promise<Backup> {
    this.#session.mustBeOpen()
    const { startBackup } = await import('./backup/write')
    return startBackup(this.#session, this.actor)
  }

  guarantees(): Promise<Guarantees> {
    return this.#session.read(async draft => draft.opened.store.guarantees())
  }

  lock(): Promise<void> {
    return this.#session.lock()
  }

  async destroy(): Promise<void> {
    // Whoever finds it locked may not do this either, unless it was begun before and failed.
    if (!this.#destroying) {
      this.#session.used()
      this.#session.mustBeOpen()
    }
    this.#destroying = true
    const { store } = this.#session.opened
    // What it fails in, as a store that doesn't close, leaves a vault that is locked all the same, and fails for whoever asks again.
    await this.#session.lock().catch(() => undefined)
    try {
      await store.open()
      await store.destroy()
    } catch (error) {
      throw fromStore(error)
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.lock()
  }
}
