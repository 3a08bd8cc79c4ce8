/** Quarantine: people without a consent, waiting briefly to be asked, seen one at a time under a meter of their own (R22). */
import type { Draft } from '../commit/draft'
import { type ContactId, contactIdBytes, contactIdOf } from '../contact/id'
import { VaultError } from '../errors'
import type { HeadView } from '../pages/head'
import type { Quarantine } from '../public'
import { quarantineFields } from '../rules/quarantine'
import { cutCard, fieldOf, isContactPoint } from '../rules/read'
import type { Session } from '../session'
import { formatInstant } from '../time/calendar'
import { type Day, startOf } from '../time/day'

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
    return this.#session.read(async draft => {
      let count = 0
      for (const _ of here(draft)) count++
      return count
    })
  }

  async list({ after, limit = LIMIT }: { readonly after?: string; readonly limit?: number } = {}) {
    if (!Number.isInteger(limit) || limit < 1 || limit > MOST) throw new TypeError(`limit must be 1 to ${MOST}`)
    if (after !== undefined && typeof after !== 'string') throw new TypeError('after must be text')
    return this.#session.read(async draft => {
      const all = Array.from(here(draft), waiting => ({
        ...waiting,
        id: contactIdOf(draft.opened.index.idOf(waiting.number)),
      }))
      all.sort((a, b) => a.bucket - b.bucket || (a.id < b.id ? -1 : 1))
      const from = after === undefined ? 0 : placeAfter(all, after)
      const shown = all.slice(from, from + limit)
      const last = shown.at(-1)
      // Where being here is the secret, names are metered like contact points (R2).
      const named = !isContactPoint('name', draft.policy)
      return {
        people: shown.map(({ id, bucket, head, slot }) => {
          const name = named ? head.name(slot) : undefined
          return { id, until: formatInstant(startOf(bucket + 1)), ...(name === undefined ? {} : { name }) }
        }),
        total: all.length,
        ...(last && from + limit < all.length ? { next: `${last.bucket}.${last.id}` } : {}),
      }
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
        const fields = quarantineFields(contact.card, draft.policy)
        const sources = Object.entries(contact.sources).filter(([path]) => fields.includes(fieldOf(path)))
        return {
          id: contact.id,
          card: cutCard(contact.card, fields),
          source: Object.fromEntries(sources),
          until: formatInstant(until),
          mayAsk,
        }
      },
    })
    if (shown instanceof VaultError) throw shown
    return shown
  }
}

interface Waiting {
  readonly number: number
  /** The last day on which they wait. */
  readonly bucket: Day
  readonly head: HeadView
  readonly slot: number
}

function* here(draft: Draft): Generator<Waiting> {
  const { index } = draft.opened
  for (const number of index.allContacts()) {
    for (const { head, slot, bucket } of index.slicesOf(number)) {
      if (bucket >= draft.today && head.isQuarantined(slot)) yield { number, bucket, head, slot }
    }
  }
}

/** Where the list goes on: behind the person it stopped at, also when they wait no longer. */
function placeAfter(all: readonly { readonly bucket: Day; readonly id: ContactId }[], after: string): number {
  const [day, id = ''] = after.split('.')
  const last = Number(day)
  // Better somebody twice than somebody never.
  if (!Number.isSafeInteger(last)) return 0
  const at = all.findIndex(one => one.bucket > last || (one.bucket === last && one.id > id))
  return at < 0 ? all.length : at
}
