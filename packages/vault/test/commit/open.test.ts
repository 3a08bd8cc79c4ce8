/**
 * Making a vault and opening one, below everything that checks what an app asks for: what a new one holds, what is
 * refused before anything is written, and that opening changes nothing until it may.
 */
import { createSlot, ready, Secret, secretKey, systemRandomness } from '@amanat/crypto'
import { fakeClock, memoryMedium, memoryStore, testKey } from '@amanat/vault/testing'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { settle } from '../../src/commit/cell'
import { maxJumpDays, noVault, unlockVault } from '../../src/commit/open'
import type { Opened } from '../../src/commit/opened'
import { PLACEHOLDER } from '../../src/commit/root'
import { slotHash } from '../../src/commit/seal-draft'
import { VaultError } from '../../src/errors'
import type { AnyEntry } from '../../src/ledger/entry'
import { policyHash } from '../../src/policy/record'
import { dayOf } from '../../src/time/day'
import { over } from '../over'
import { riverside } from '../riverside'
import { type Inside, inside } from './inside'
import { making } from './making'

beforeAll(() => ready())

const MARCH = '2026-03-01T09:00:00Z'
/** What stands in the cell. */
const cellOf = async (opened: Opened) =>
  (await settle(opened.store.cell, opened.vaultId, opened.clear.commitment, systemRandomness, async () => {})).record

describe('how far a clock may have moved', () => {
  it.each([
    ['P62D', 62],
    ['PT36H', 2],
    ['PT24H', 1],
    ['P1M', 31],
  ])('is so many whole days from March on: %s is %d', (duration, days) => {
    expect(maxJumpDays(duration, Date.parse(MARCH))).toBe(days)
  })
})

describe('a new vault', () => {
  it('holds its policy, its words and its notices, one way to open it, and says so in the ledger', async () => {
    const clock = fakeClock(MARCH)
    const { made, told } = making({ clock })
    const { opened, time } = await made
    const day = dayOf(clock.now())
    expect([opened.version, opened.epoch, opened.verifiedEpoch, opened.days.tick]).toEqual([1, 1, 1, day])
    expect(opened.root).toMatchObject({ lastSeen: clock.now(), verified: 1, purged: day, chunks: [] })
    expect(opened.undated.map(({ kind }) => kind).sort()).toEqual(['catalogue', 'notice', 'policy'])
    expect(opened.catalogue.record.purposes).toEqual(['prayer-times', 'group-chat', 'counselling'])
    expect(opened.policyRecord).toEqual({ policy: riverside })
    const entry = { type: 'vault-created', actor: 'staff:leila', vault: opened.vaultId, policy: policyHash(riverside) }
    expect(told).toEqual([{ ...entry, at: clock.now() }])
    const [slot, ...more] = opened.slots
    expect(more).toEqual([])
    expect(slot).toMatchObject({ label: 'Office', added: clock.now() })
    const [row] = await opened.store.read('slots', [slot?.id as Uint8Array])
    expect(slot?.hash).toEqual(slotHash(row as Uint8Array))
    expect(await cellOf(opened)).toMatchObject({ epoch: 1, tick: day, lastSeen: clock.now(), maxJumpDays: 62, seq: 1 })
    expect(opened.maxJumpDays).toBe(62)
    expect(opened.time).toBe(time)
    expect([time.now(), time.maxJump]).toEqual([clock.now(), 'P62D'])
    const keys = [opened.root.pointKey, opened.root.leftKey, opened.root.ledger.secret, opened.rootKey]
    expect(new Set(keys.map((key: Secret<string>) => Buffer.from(key.expose()).toString('hex'))).size).toBe(4)
    expect(opened.vaultId).toHaveLength(16)
  })

  it('is refused where one stands, before it asks for the key or whoever was first meanwhile', async () => {
    const medium = memoryMedium()
    await making({ store: memoryStore({ medium }) }).made
    const store = memoryStore({ medium })
    await expect(making({ store }).made).rejects.toMatchObject({ code: 'VAULT_EXISTS' })
    const empty = memoryStore()
    await empty.open()
    expect(await noVault(empty)).toBeNull()
    const racing = memoryStore()
    racing.commit = async () => 'conflict'
    await expect(making({ store: racing }).made).rejects.toMatchObject({ code: 'VAULT_EXISTS' })
    const first = memoryStore()
    const exclusive = first.exclusive.bind(first)
    first.exclusive = async work => {
      await first.commit({ expect: null, root: new Uint8Array(100).fill(1), put: [], drop: [] })
      return exclusive(work)
    }
    await expect(making({ store: first }).made).rejects.toMatchObject({ code: 'VAULT_EXISTS' })
    expect(await first.cell.read(0)).toBeUndefined()
  })

  it('takes the place of one that was being brought in and never came', async () => {
    const store = memoryStore()
    await store.open()
    await store.commit({ expect: null, root: PLACEHOLDER, put: [], drop: [] })
    expect(await noVault(store)).toBe(1)
    const { opened } = await making({ store }).made
    expect(opened.version).toBe(2)
    expect((await store.root())?.version).toBe(2)
  })

  it('needs a clock that tells the time, from the first moment of 1970 on', async () => {
    const store = memoryStore()
    const before = making({ store, clock: { ...fakeClock(), now: () => -1 } }).made
    await expect(before).rejects.toMatchObject({ code: 'UNSUPPORTED', data: { what: 'a clock that tells the time' } })
    expect([await store.root(), await store.cell.read(0)]).toEqual([undefined, undefined])
    const { opened } = await making({ store, clock: { ...fakeClock(), now: () => 0 } }).made
    expect(opened.days.tick).toBe(0)
  })
})

describe('a vault', () => {
  const open = async ({ medium, clock }: Pick<Inside, 'medium' | 'clock'>, change: object = {}) => {
    const told: AnyEntry[] = []
    return unlockVault({
      store: memoryStore({ medium }),
      unlock: testKey(),
      clock,
      randomness: systemRandomness,
      onEntries: entries => told.push(...entries),
      maxJumpOf: () => 'P62D',
      check: () => {},
      ...change,
    })
  }

  /** The test's key of that number, and how many times it was asked for. */
  const counting = (number = 9) => {
    let times = 0
    const unlock = secretKey(() => {
      times++
      return new Uint8Array(32).fill(number)
    })
    return { unlock, asked: () => times }
  }

  it('opens with its key, as it is, and what it forgot is known to be gone', async () => {
    const vault = await inside()
    await vault.commit(draft => draft.put(vault.person(1)))
    const maxJumpOf = vi.fn((_: Opened, seen: number) => (seen > 0 ? 'P30D' : ''))
    const { opened, time } = await open(vault, { maxJumpOf })
    expect([opened.version, opened.index.contacts(), opened.verifiedEpoch]).toEqual([2, 1, 1])
    expect(opened.rootKey.expose()).toEqual(vault.opened.rootKey.expose())
    expect(maxJumpOf.mock.calls).toEqual([[opened, vault.clock.now()]])
    expect([opened.time, time.maxJump]).toEqual([time, 'P30D'])
    // A policy that believes a clock less far is noted in the cell, where no policy can be read.
    expect(await cellOf(opened)).toMatchObject({ maxJumpDays: 30, lastSeen: vault.clock.now() })
  })

  it('is not there, or not this one, and a key that does not fit says so', async () => {
    const vault = await inside()
    await expect(open({ medium: memoryMedium(), clock: vault.clock })).rejects.toMatchObject({ code: 'VAULT_MISSING' })
    await expect(open(vault, { unlock: testKey(2) })).rejects.toMatchObject({
      code: 'CANNOT_UNLOCK',
      cause: expect.anything(),
    })
    const no = new Error('the keychain is locked')
    await expect(open(vault, { unlock: secretKey(() => Promise.reject(no)) })).rejects.toBe(no)
  })

  it('tries a key that does not fit once where the slots stay as they are', async () => {
    const vault = await inside()
    const key = counting()
    await expect(open(vault, { unlock: key.unlock })).rejects.toMatchObject({ code: 'CANNOT_UNLOCK' })
    expect(key.asked()).toBe(1)
  })

  const asTheyAre = (bytes: Uint8Array) => bytes
  it.each([
    ['more', asTheyAre, (slots: Uint8Array[], tries: number) => [...slots, ...Array(tries).fill(slots[0])]],
    ['others', asTheyAre, (slots: Uint8Array[], tries: number) => slots.map(bytes => bytes.fill(tries, -1))],
    [
      'those of another vault',
      (root: Uint8Array, tries: number) => root.fill(tries, 8, 24),
      (all: Uint8Array[]) => all,
    ],
  ])('tries it again where they became %s meanwhile, and eight times at most', async (_, rootOf, slotsOf) => {
    const vault = await inside()
    const key = counting()
    const store = over(vault.store, {
      async *scan(table: 'slots') {
        const slots = []
        for await (const { bytes } of vault.store.scan(table)) slots.push(bytes.slice())
        for (const bytes of slotsOf(slots, key.asked())) yield { id: new Uint8Array(16), bytes }
      },
      root: async () => {
        const now = await vault.store.root()
        return now && { ...now, bytes: rootOf(now.bytes.slice(), key.asked()) }
      },
    })
    await expect(open(vault, { store, unlock: key.unlock })).rejects.toMatchObject({ code: 'CANNOT_UNLOCK' })
    expect(key.asked()).toBe(8)
  })

  it('is not opened anew for anything else that went wrong', async () => {
    const vault = await inside()
    const key = counting(1)
    let slots = 0
    const store = over(vault.store, {
      async *scan(table: 'slots') {
        for await (const row of vault.store.scan(table)) yield row
        if (table === 'slots') yield { id: new Uint8Array(16), bytes: new Uint8Array(++slots) }
      },
    })
    const check = () => {
      throw new VaultError('BUSY')
    }
    await expect(open(vault, { store, unlock: key.unlock, check })).rejects.toMatchObject({ code: 'BUSY' })
    expect(key.asked()).toBe(1)
  })

  it('whose slot holds another root key was tampered with', async () => {
    const { medium, clock, opened } = await inside()
    const { vaultId } = opened
    const rootKey = Secret.random<'root-key'>(systemRandomness)
    const { slot } = await createSlot({ vaultId, rootKey, unlock: testKey(), randomness: systemRandomness })
    medium.damageRow('slots', opened.slots[0]?.id as Uint8Array, slot)
    await expect(open({ medium, clock })).rejects.toMatchObject({
      code: 'CANNOT_UNLOCK',
      cause: { code: 'KEY_CHANGED' },
    })
  })

  it('without its cell does not open, and says why', async () => {
    const { medium, clock } = await inside()
    medium.removeCell()
    await expect(open({ medium, clock })).rejects.toMatchObject({ code: 'CELL_MISSING' })
  })

  it('is looked at before anything of it is changed, and stays as it is when that says no', async () => {
    const { medium, clock, opened } = await inside()
    await clock.advance('P3D')
    const before = medium.cellNow()?.map(half => half.slice())
    const no = new Error('no')
    const check = vi.fn((there: Opened) => {
      expect(there.version).toBe(1)
      throw no
    })
    await expect(open({ medium, clock }, { check })).rejects.toBe(no)
    expect(check).toHaveBeenCalledTimes(1)
    expect(medium.cellNow()).toEqual(before)
    expect((await opened.store.root())?.version).toBe(1)
  })

  it('steps on to today, and the rows of days that have passed go', async () => {
    const { medium, clock, commit, person, store } = await inside()
    await commit(draft => [draft.put(person(1, 1)), draft.put(person(2))])
    await clock.advance('P2D')
    const { opened } = await open({ medium, clock })
    expect([opened.days.tick, opened.index.contacts()]).toEqual([dayOf(clock.now()), 1])
    expect(await cellOf(opened)).toMatchObject({ tick: dayOf(clock.now()), lastSeen: clock.now() })
    const rows: number[] = []
    for await (const { bucket } of store.scan('pages')) rows.push(bucket)
    expect(rows).toEqual([dayOf(clock.now()) + 7])
  })

  it('of the same day notes the time alone, and no version is made for it', async () => {
    const { medium, clock, store } = await inside()
    await clock.advance('PT3H')
    const { opened } = await open({ medium, clock })
    expect(await cellOf(opened)).toMatchObject({ tick: dayOf(clock.now()), lastSeen: clock.now() })
    expect((await store.root())?.version).toBe(1)
  })

  it('goes by the latest time that anybody saw, in the cell or in the root', async () => {
    const vault = await inside()
    await vault.clock.advance('PT3H')
    await vault.commit(draft => draft.put(vault.person(1)))
    const seen = vault.clock.now()
    vault.clock.set(MARCH)
    const maxJumpOf = vi.fn(() => 'P62D')
    const { time } = await open(vault, { maxJumpOf })
    expect(maxJumpOf).toHaveBeenCalledWith(expect.anything(), seen)
    expect(time.now()).toBe(seen)
  })

  it('whose clock has jumped opens, and nothing of it is changed or destroyed', async () => {
    const { medium, clock, commit, person, opened: made } = await inside()
    await commit(draft => draft.put(person(1, 1)))
    const before = medium.cellNow()?.map(half => half.slice())
    clock.set('2031-03-01T09:00:00Z')
    const { opened, time } = await open({ medium, clock })
    expect([time.jumped, opened.days.tick]).toEqual([true, made.days.tick])
    expect(medium.cellNow()).toEqual(before)
    expect(opened.index.contacts()).toBe(1)
  })
})
