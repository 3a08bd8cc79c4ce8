/**
 * Delivery: an export without a file. People are handed to a function in batches, and their plaintext lives for one
 * batch. Each batch is on the record before it is handed over, so that nobody is handed over twice, whatever breaks.
 */
import { hex } from '../bytes'
import type { Draft, NewEntry } from '../commit/draft'
import { ledgerEntries } from '../commit/read-ledger'
import type { ContactId } from '../contact/id'
import { isVaultError, VaultError } from '../errors'
import { hexId, hexIdBytes } from '../hex-id'
import type { AnyEntry } from '../ledger/entry'
import type { Delivery } from '../public'
import { exportWay } from '../rules/export'
import type { Session } from '../session'
import { formatInstant } from '../time/calendar'
import { type Asked, cutAgain, idsOfExport, planStart, type ReadPerson, readPeople } from './export'
import type { PeopleOfPurpose } from './people'

export interface DeliverAsked extends Asked {
  readonly batch?: number
  readonly to: (people: readonly ReadPerson[]) => Promise<unknown>
  readonly resume?: string
  readonly signal?: AbortSignal
}

interface Way {
  readonly id: Uint8Array
  readonly ids: readonly ContactId[]
  readonly from: number
  readonly batch: number
  readonly leftOut: number
  readonly destroyBy: number
  /** The ledger's row from which on another run of the same delivery would show. */
  readonly row: number
}

const BATCH = 100
const MOST = 1_000
/** How the ledger names what leaves without a file. */
const FORMAT = { name: 'delivery', version: '1' }

export async function deliver(
  session: Session,
  people: PeopleOfPurpose,
  asked: DeliverAsked,
  actor: string,
): Promise<Delivery> {
  const { batch: size = BATCH } = asked
  if (!Number.isInteger(size) || size < 1 || size > MOST) throw new TypeError(`batch must be 1 to ${MOST}`)
  const way =
    asked.resume === undefined
      ? await begin(session, people, asked, actor)
      : await goOn(session, people, asked, asked.resume)
  const request = {
    purpose: people.purpose,
    recipient: asked.recipient,
    ...(asked.fields ? { fields: asked.fields } : {}),
  }
  let delivered = 0
  let leftOut = way.leftOut
  let { batch, row } = way
  /** Also where this can't be put on the record: without the id to resume by, everybody would be handed over again. */
  const broken = async (cause: unknown): Promise<never> => {
    const plan = async (draft: Draft) => draft.note({ type: 'export-broken', actor, export: way.id, people: delivered })
    await session.commit({ plan }).catch(() => undefined)
    throw new VaultError('DELIVERY_BROKEN', { data: { delivery: hexId(way.id), delivered }, cause })
  }
  /** Decided once more in the commit that records the batch: nobody is handed over who left before it. */
  const recorded = async (some: readonly ReadPerson[], read: string, from: number, to: number) =>
    session.commit({
      plan: async draft => {
        exportWay(draft.policy, people.purpose, asked.recipient, 'delivery')
        if (await isTaken(draft, way.id, batch, row)) throw new VaultError('UNKNOWN_DELIVERY')
        row = draft.opened.root.ledger.tailFirst
        draft.note({ type: 'delivery-batch', actor, export: way.id, batch, from, to })
        return stateOf(draft) === read ? some : some.flatMap(person => cutAgain(draft, person, request) ?? [])
      },
    })
  for (let from = way.from; from < way.ids.length; from += size, batch++) {
    if (asked.signal?.aborted) await broken(asked.signal.reason)
    const to = Math.min(from + size, way.ids.length)
    const some: ReadPerson[] = []
    let read = ''
    try {
      read = await session.read(async draft => stateOf(draft))
      for await (const person of readPeople(session, way.ids.slice(from, to), request, () => leftOut++))
        some.push(person)
    } catch (cause) {
      await broken(cause)
    }
    const still = await recorded(some, read, from, to).catch(cause => {
      // Another run goes on with it.
      if (isVaultError(cause, 'UNKNOWN_DELIVERY')) throw cause
      return broken(cause)
    })
    leftOut += some.length - still.length
    try {
      if (still.length > 0) await asked.to(still)
    } catch (cause) {
      await broken(cause)
    }
    delivered += still.length
  }
  const ended = async (draft: Draft) =>
    draft.note({ type: 'export-ended', actor, export: way.id, bytes: 0, people: delivered, leftOut })
  await session.commit({ plan: ended }).catch(broken)
  return { id: hexId(way.id), delivered, leftOut, destroyBy: formatInstant(way.destroyBy) }
}

/** As long as it is the same, nobody has left and nothing was narrowed. */
const stateOf = ({ opened, today }: Draft): string => `${opened.version} ${today}`

/** Whether another run of this delivery has begun this batch, or ended it all: somebody resumed what was still going on. */
async function isTaken(draft: Draft, id: Uint8Array, batch: number, row: number): Promise<boolean> {
  const name = hex(id)
  const tells = (entry: NewEntry | AnyEntry): boolean =>
    (entry.type === 'export-ended' || (entry.type === 'delivery-batch' && entry.batch >= batch)) &&
    hex(entry.export) === name
  if (draft.entries.some(tells)) return true
  for await (const { entry } of ledgerEntries(draft.opened, draft.opened.root, row)) if (tells(entry)) return true
  return false
}

async function begin(session: Session, people: PeopleOfPurpose, asked: Asked, actor: string): Promise<Way> {
  let row = 0
  const started = await session.commit({
    plan: async draft => {
      const via = exportWay(draft.policy, people.purpose, asked.recipient, 'delivery')
      row = draft.opened.root.ledger.tailFirst
      return planStart(draft, people, asked, FORMAT, via, actor)
    },
  })
  if (started instanceof VaultError) throw started
  return { ...started, from: 0, batch: 0, leftOut: started.decided.leftOut, row }
}

/** After the last batch that was begun, whether or not it arrived: at most once for each person. */
async function goOn(session: Session, people: PeopleOfPurpose, asked: Asked, resume: string): Promise<Way> {
  const id = hexIdBytes(resume)
  return session.read(async draft => {
    exportWay(draft.policy, people.purpose, asked.recipient, 'delivery')
    let way: Omit<Way, 'ids' | 'id' | 'row'> | undefined
    const name = id && hex(id)
    for await (const { entry } of ledgerEntries(draft.opened, draft.opened.root)) {
      if (!('export' in entry) || hex(entry.export) !== name) continue
      if (
        entry.type === 'export-started' &&
        entry.purpose === people.purpose &&
        entry.recipient === asked.recipient &&
        entry.via === 'delivery'
      ) {
        way = { from: 0, batch: 0, leftOut: entry.leftOut, destroyBy: entry.destroyBy }
      }
      if (entry.type === 'delivery-batch' && way) way = { ...way, from: entry.to, batch: entry.batch + 1 }
      if (entry.type === 'export-ended') way = undefined
    }
    const ids = id && way ? await idsOfExport(draft, id) : []
    if (!id || !way || ids.length === 0) throw new VaultError('UNKNOWN_DELIVERY')
    return { ...way, id, ids, row: draft.opened.root.ledger.tailFirst }
  })
}
