/** Quarantine: people without a consent, waiting briefly to be asked, seen one at a time under a meter of their own (R22). */
import type { Draft } from '../commit/draft'
import { type ContactId, contactIdBytes, contactIdOf } from '../contact/id'
import { VaultError } from '../errors'
import type { Quarantine, QuarantinedPerson } from '../public'
import type { Session } from '../session'
import { formatInstant } from '../time/calendar'
import { startOf } from '../time/day'

const LIMIT = 50
const MOST = 1_000

export class QuarantineRoom implements Quarantine {
  // Out of reach, also for whoever logs this: behind the session lies the whole vault (R31).
  readonly #session: Session

  constructor(
    session: Session,
    readonly actor: string,
  ) {
    this.#session = session
  }

  count(): Promise<number> {
    return this.#session.read(async draft => here(draft).length)
  }

  async list({ after, limit = LIMIT }: { readonly after?: string; readonly limit?: number } = {}) {
    if (!Number.isInteger(limit) || limit < 1 || limit > MOST) throw new TypeError(`limit must be 1 to ${MOST}`)
    return this.#session.read(async draft => {
      const all = here(draft).sort((a, b) =>
        a.until === b.until ? (a.id < b.id ? -1 : 1) : a.until < b.until ? -1 : 1,
      )
      const from = after === undefined ? 0 : all.findIndex(({ id }) => id === after) + 1
      const people = all.slice(from, from + limit)
      const last = people.at(-1)
      return { people, total: all.length, ...(last && from + limit < all.length ? { next: last.id } : {}) }
    })
  }

  async reveal(id: string) {
    const bytes = contactIdBytes(id)
    if (!bytes) return undefined
    const shown = await this.#session.commit({
      plan: async draft => {
        const contact = await draft.contact(id as ContactId)
        if (!contact?.quarantine) return undefined
        const { mayAsk, until } = contact.quarantine
        // Without a ground they may not be approached, so there is nothing to see them for: they can only be erased.
        if (mayAsk === undefined) throw new VaultError('ASK_REFUSED', { data: { reason: 'no-ground' } })
        const refused = this.#session.meter.reveal(draft, this.actor, undefined, bytes, 'quarantine')
        if (refused) return refused
        return {
          id: contact.id,
          card: contact.card,
          source: contact.sources,
          until: formatInstant(until),
          mayAsk,
        }
      },
    })
    if (shown instanceof VaultError) throw shown
    return shown
  }
}

function here(draft: Draft): QuarantinedPerson[] {
  const { index } = draft.opened
  const people: QuarantinedPerson[] = []
  for (const number of index.allContacts()) {
    for (const { head, slot, bucket } of index.slicesOf(number)) {
      if (bucket < draft.today || !head.isQuarantined(slot)) continue
      const name = head.name(slot)
      const id = contactIdOf(index.idOf(number))
      people.push({ id, until: formatInstant(startOf(bucket + 1)), ...(name === undefined ? {} : { name }) })
    }
  }
  return people
}
