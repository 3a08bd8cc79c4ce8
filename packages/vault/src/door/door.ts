/** One purpose's door: what an actor may see through it. Every call looks first whether somebody committed meanwhile. */
import { openBlob } from '../commit/blobs'
import type { Draft } from '../commit/draft'
import { pointFingerprint } from '../commit/head-slice'
import { type ContactId, contactIdBytes, contactIdOf } from '../contact/id'
import type { Card } from '../contact/jscontact'
import { putBackMedia } from '../contact/media'
import { isOneOf, POINT_KINDS, type Point, pointBy } from '../contact/points'
import { VaultError } from '../errors'
import type { Policy } from '../policy/policy'
import { recipientIn } from '../policy/purpose'
import type {
  Contact,
  Decision,
  DeliverOptions,
  Delivery,
  Door,
  Export,
  ExportRequest,
  ExportWho,
  Find,
  ListOptions,
  People,
  Person,
} from '../public'
import type { Live } from '../rules/permits'
import { cutCard, fieldOf, isContactPoint } from '../rules/read'
import type { Session } from '../session'
import { formatInstant } from '../time/calendar'
import { decide, decisionOf, type Who } from './decide'
import type { Formats } from './format'
import type { PeopleOfPurpose } from './people'
import { personOf, seenPerson } from './seen'
import { seenInDraft, seenThrough } from './view'

export class OpenDoor implements Door<Policy, string> {
  readonly #people: PeopleOfPurpose
  // Out of reach, also for whoever logs a door: behind the session lies the whole vault (R31).
  readonly #session: Session
  readonly #formats: Formats

  readonly purpose: string

  constructor(
    people: PeopleOfPurpose,
    readonly actor: string,
    session: Session,
    formats: Formats,
  ) {
    this.purpose = people.purpose
    this.#session = session
    this.#formats = formats
    this.#people = people
  }

  count(query?: { readonly text: string }): Promise<number> {
    return this.#session.read(async draft => this.#people.count(draft, query))
  }

  list(options?: ListOptions): Promise<People> {
    return this.#session.read(async draft => this.#people.list(draft, options))
  }

  async find(by: Find): Promise<Person[]> {
    // Told as a mistake of the call: the words below would fail somewhere inside.
    if (!isOneOf(by, ['phone', 'email', 'text']))
      throw new TypeError('people are found by { phone }, { email } or { text }, with a text')
    if ('text' in by) {
      return this.#session.read(async draft => this.#people.named(draft, by.text).map(personOf))
    }
    const readPhone = await this.#session.phones()
    const { opened, policy, meter, time } = this.#session
    meter.mayMiss(opened, policy, time.believed())
    const point = pointBy(by, policy.region, readPhone)
    // One look: whoever finds nobody, or somebody who counts already, commits nothing.
    const hits = await meter.asking(() =>
      this.#session.commit({
        plan: async draft => {
          const people: Person[] = []
          for (const id of this.#withPoint(draft, point)) {
            const bytes = contactIdBytes(id) as Uint8Array
            const refused = this.#session.meter.reveal(draft, this.actor, this.purpose, bytes, 'find')
            if (refused) return refused
            const seen = seenPerson(draft, draft.opened.index.numberOf(bytes), this.purpose)
            if (seen) people.push(personOf(seen))
          }
          return people
        },
      }),
    )
    if (hits instanceof VaultError) throw hits
    if (hits.length === 0) await this.#missed()
    return hits
  }

  /** Whoever has this point, is seen through this door, and agreed that it is used for this purpose. */
  #withPoint(draft: Draft, point: Point): ContactId[] {
    const { index, root } = draft.opened
    const field = point.kind === 'phone' ? 'phones' : 'emails'
    return index
      .byPoint(POINT_KINDS[point.kind], pointFingerprint(root.pointKey, point))
      .map(number => contactIdOf(index.idOf(number)))
      .filter(id => this.#seen(draft, id)?.fields.includes(field))
  }

  async #missed(): Promise<void> {
    const session = this.#session
    if (session.meter.missed(session.time.believed())) await session.tellMisses(this.actor)
  }

  get(id: string): Promise<Contact<Policy, string> | undefined> {
    return this.#session.read(async draft => {
      const live = this.#seen(draft, id)
      if (!live) return undefined
      const isShown = (field: string, value: unknown) => !isContactPoint(field, draft.policy, this.purpose, value)
      return this.#contact(draft, id as ContactId, live, isShown)
    }, id as ContactId)
  }

  async reveal(id: string): Promise<Contact<Policy, string> | undefined> {
    const shown = await this.#session.commit({
      about: id as ContactId,
      plan: async draft => {
        const live = this.#seen(draft, id)
        const bytes = contactIdBytes(id)
        if (!live || !bytes) return undefined
        const refused = this.#session.meter.reveal(draft, this.actor, this.purpose, bytes, 'reveal')
        return refused ?? this.#contact(draft, id as ContactId, live)
      },
    })
    if (shown instanceof VaultError) throw shown
    return shown
  }

  #seen(draft: Draft, id: string): Live | undefined {
    // As somebody leaves them in the same commit, if anybody does.
    if (draft.contacts.has(id as ContactId)) return seenInDraft(draft, id as ContactId, this.purpose)
    const bytes = contactIdBytes(id)
    const number = bytes ? draft.opened.index.numberOf(bytes) : -1
    return number < 0 ? undefined : seenThrough(draft, number, this.purpose)
  }

  async #contact(
    draft: Draft,
    id: ContactId,
    live: Live,
    isShown: (field: string, value: unknown) => boolean = () => true,
  ): Promise<Contact<Policy, string> | undefined> {
    const held = await draft.contact(id)
    if (!held) return undefined
    const fields = live.fields.filter(field => isShown(field, (held.card as Record<string, unknown>)[field]))
    const card = fields.includes('media') ? await putBackMedia(held, blob => openBlob(draft.opened, blob)) : held.card
    // Each stands at a contact point, so there are none where none of those is shown.
    const sources = Object.entries(held.sources).filter(([path]) => fields.includes(fieldOf(path)))
    return {
      id,
      card: cutCard(card as Card, fields) as Contact<Policy, string>['card'],
      revision: held.revision,
      until: formatInstant(live.until),
      assurance: live.assurance,
      ...(sources.length > 0 ? { sources: Object.fromEntries(sources) } : {}),
    }
  }

  async budget(): Promise<{ left: number; resets?: string }> {
    return this.#session.read(async draft => {
      const { left, resets } = this.#session.meter.budget(draft, this.actor)
      return resets === undefined ? { left } : { left, resets: formatInstant(resets) }
    })
  }

  check(who: ExportWho<Policy, string>): Promise<Decision> {
    return this.#session.read(async draft => {
      recipientIn(draft.policy, this.purpose, who.recipient)
      return decisionOf(decide(draft, this.#people, who as Who), who as Who)
    })
  }

  async export(request: ExportRequest<Policy, string>): Promise<Export> {
    await this.#session.read(async draft => recipientIn(draft.policy, this.purpose, request.recipient))
    // Loaded when it is first asked for: most pages never are.
    const { startExport } = await import('./export')
    return startExport(
      this.#session,
      this.#people,
      request as Who & ExportRequest<Policy, string>,
      this.#formats,
      this.actor,
    )
  }

  async deliver(options: DeliverOptions<Policy, string>): Promise<Delivery> {
    const { deliver } = await import('./deliver')
    return deliver(this.#session, this.#people, options as never, this.actor)
  }
}
