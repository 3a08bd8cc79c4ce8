/** A small vault in memory, seen from inside: committing step by step, and what a commit puts and drops. */
import { Secret, systemRandomness } from '@amanat/crypto'
import type { Batch, Table } from '@amanat/store-contract'
import { type FakeClock, fakeClock, type MemoryMedium, memoryMedium, memoryStore } from '@amanat/vault/testing'
import { hex } from '../../src/bytes'
import { Committer } from '../../src/commit/commit'
import { Draft } from '../../src/commit/draft'
import { Opened } from '../../src/commit/opened'
import { openRingRoot, type RingRoot } from '../../src/commit/ring-root'
import { decodeRoot, rootHeader } from '../../src/commit/root'
import { type Cuts, cutDraft, type NextEpoch, sealDraft } from '../../src/commit/seal-draft'
import type { HeldContact } from '../../src/contact/held'
import { contactIdOf } from '../../src/contact/id'
import type { AnyEntry } from '../../src/ledger/entry'
import { dayOf, startOf } from '../../src/time/day'
import { making } from './making'

export const idOf = (person: number) => new Uint8Array(16).fill(person)
export const nameOf = (person: number) => contactIdOf(idOf(person))
export const entryOf = (person: number) =>
  ({ type: 'contact-erased', actor: 'staff:leila', contact: idOf(person) }) as const

export type Inside = Awaited<ReturnType<typeof inside>>

export async function inside({
  medium = memoryMedium(),
  clock = fakeClock(),
}: {
  medium?: MemoryMedium
  clock?: FakeClock
} = {}) {
  const store = memoryStore({ medium })
  const { made, told } = making({ store, clock })
  const { opened, time } = await made
  told.length = 0
  const TODAY = dayOf(clock.now())
  /** Somebody in quarantine until so many days from today: one slice. */
  const person = (number: number, days = 9, more: Partial<HeldContact> = {}): HeldContact => ({
    id: nameOf(number),
    revision: 1,
    created: clock.now(),
    card: { name: { full: `Person ${number}` } },
    sources: {},
    consents: [],
    quarantine: { since: clock.now(), until: startOf(TODAY + days + 1) },
    ...more,
  })
  const same = (): NextEpoch => ({ epoch: opened.epoch, secret: opened.epochSecret as Secret<'epoch'> })
  const seal = (plan: (draft: Draft) => unknown, next = same(), cuts?: Cuts) => {
    const draft = new Draft(opened, clock.now())
    plan(draft)
    return sealDraft(opened, draft, cuts ?? cutDraft(draft), next)
  }
  const commit = async (plan: (draft: Draft) => unknown, next = same()): Promise<Batch> => {
    const { batch, apply } = await seal(plan, next)
    if ((await store.commit(batch)) !== 'committed') throw new Error('somebody was first')
    apply(opened.version + 1)
    return batch
  }
  /** The vault as another tab has it, which has read nothing yet. */
  const other = async (on = memoryStore({ medium })) => {
    await on.open()
    const heard: AnyEntry[] = []
    const rootKey = Secret.of<'root-key'>(opened.rootKey.expose())
    const object = new Opened(on, opened.vaultId, rootKey, systemRandomness, clock, entries => heard.push(...entries))
    const load = () => on.exclusive(lost => object.refreshSettled(lost))
    return { opened: object, heard, load, store: on }
  }
  return { medium, store, clock, time, opened, told, TODAY, person, seal, commit, other, same }
}

/** Somebody who left, as it is kept. */
export const print = { purpose: 1, bits: 20, week: 2_900, value: 3 }

/** A vault with two people, and another object that has loaded it. */
export async function two() {
  const vault = await inside()
  await vault.commit(draft => {
    draft.put(vault.person(1))
    draft.put(vault.person(2, 5))
    draft.left.push(print)
    draft.note(entryOf(9))
  })
  const tab = await vault.other()
  await tab.load()
  return { ...vault, tab }
}

export const forget = ({ opened, time }: Inside, person: number) =>
  new Committer(opened, time).submit({
    forgets: true,
    plan: async draft => {
      draft.remove(nameOf(person))
      draft.forgets = true
      draft.note(entryOf(person))
    },
  })

export const pagesOf = (opened: Opened) => [...opened.index.pages()].sort()

/** The sealed part of a root, opened. */
export function rootOf(bytes: Uint8Array, rootKey: Secret<'root-key'>, secret: Secret<'epoch'>): RingRoot {
  const clear = decodeRoot(bytes)
  return openRingRoot(clear.sealed, rootKey, clear.epoch, secret, rootHeader(clear))
}
export const putOf = ({ put }: Batch, table: Table) => put.filter(row => row.table === table)
export const droppedOf = ({ drop }: Batch, table: Table) =>
  drop.filter(row => row.table === table).map(({ id }) => hex(id))
