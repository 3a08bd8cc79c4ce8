import { type Batch, type Row, StoreError, type Table } from '@amanat/store-contract'
import type { MemoryStep } from '@amanat/store-contract/memory'
import { memoryMedium, memoryStore, testKey } from '@amanat/vault/testing'
import { describe, expect, it } from 'vitest'
import { createVault, dropExpired, openAnyVault, openVault, restoreVault, vaultExists } from '../../src/index'
import { over } from '../over'
import { riverside } from '../riverside'
import {
  card,
  centre,
  everythingShown,
  gather,
  groupChat,
  ledgerOf,
  phone,
  prayerTimes,
  refusal,
  signUp,
} from './centre'

const SECRETS = /Sara|Karimi|7700 ?900|4711/

async function rows(medium: ReturnType<typeof memoryMedium>, table: Table) {
  const store = memoryStore({ medium })
  await store.open()
  return gather(store.scan(table))
}

describe('opening', () => {
  it('tells a vault that is there from one that is not, without a key', async () => {
    const { medium } = await centre()
    expect(await vaultExists(memoryStore({ medium }))).toBe(true)
    const none = { store: memoryStore(), unlock: testKey(), policy: riverside, actor: 'a' }
    expect(await vaultExists(none.store)).toBe(false)
    await refusal('VAULT_MISSING', openVault(none))
    await refusal('VAULT_EXISTS', createVault({ ...none, store: memoryStore({ medium }) }))
    await expect(openVault({ ...none, actor: '' })).rejects.toThrow(TypeError)
  })

  it('says what a store is to whoever hands in something else', async () => {
    const store = './contacts' as never
    const options = { store, unlock: testKey(), policy: riverside, actor: 'a' }
    const wrong: (() => Promise<unknown>)[] = [
      () => createVault(options),
      () => openVault(options),
      () => openAnyVault(options),
      () => vaultExists(store),
      () => dropExpired(store),
      () => restoreVault({ ...options, from: new ReadableStream(), backupUnlock: testKey() }),
    ]
    for (const call of wrong) await expect(call()).rejects.toThrow(/^a store is made by/)
  })

  it.each([
    ['another key', (_: unknown) => undefined, 'CANNOT_UNLOCK', testKey(2)],
    ['a slot that was tampered with', (m: never) => damage(m, 'slots'), 'CANNOT_UNLOCK', testKey()],
    ['no cell beside the rows', (m: { removeCell(): void }) => m.removeCell(), 'CELL_MISSING', testKey()],
  ])('with %s is refused and changes nothing', async (_, harm, code, unlock) => {
    const { vault, open, medium } = await centre()
    await signUp(vault, 1, 'Sara Karimi')
    await vault.lock()
    await harm(medium as never)
    const before = [await rows(medium, 'pages'), medium.cellNow()]
    const error = await refusal(code as 'CANNOT_UNLOCK', open('staff:omid', { unlock }))
    expect(everythingShown(error)).not.toMatch(SECRETS)
    expect([await rows(medium, 'pages'), medium.cellNow()]).toEqual(before)
  })

  it('with a cell of another time is refused, and the right one opens it again', async () => {
    const { vault, open, medium } = await centre()
    const { id } = await signUp(vault, 1)
    const old = medium.cellNow() as readonly [Uint8Array, Uint8Array]
    await vault.erase(id)
    await vault.lock()
    const now = medium.cellNow() as readonly [Uint8Array, Uint8Array]
    for (const half of [0, 1] as const) medium.damageCell(half, old[half])
    await refusal('CELL_STALE', open())
    for (const half of [0, 1] as const) medium.damageCell(half, now[half])
    await (await open()).lock()
  })

  it('with a damaged page names the row and goes on with the rest (R37)', async () => {
    const { vault, open, medium } = await centre()
    const sara = await signUp(vault, 1, 'Sara Karimi')
    const [page] = (await rows(medium, 'pages')) as [Row]
    const omid = await signUp(vault, 2, 'Omid', [groupChat()])
    await vault.lock()
    medium.damageRow(
      'pages',
      page.id,
      page.bytes.map(byte => byte ^ 1),
    )
    const again = await open()
    const error = await refusal('CORRUPT', again.for('prayer-times').reveal(sara.id))
    expect(error.data.row).toMatch(/^pages/)
    expect(everythingShown(error)).not.toMatch(SECRETS)
    expect((await again.for('group-chat').reveal(omid.id))?.id).toBe(omid.id)
  })
})

async function damage(medium: ReturnType<typeof memoryMedium>, table: Table): Promise<void> {
  for (const { id, bytes } of await rows(medium, table))
    medium.damageRow(
      table,
      id,
      bytes.map(byte => byte ^ 1),
    )
}

describe('a vault that was locked', () => {
  it('answers nothing more, whatever is asked of it', async () => {
    const { vault } = await centre()
    const { id } = await signUp(vault, 1, 'Sara Karimi')
    const door = vault.for('prayer-times')
    const [slot] = await vault.slots.list()
    await vault.lock()
    await vault.lock()
    const calls: (() => Promise<unknown>)[] = [
      () => vault.add({ card: card(2), consents: [prayerTimes()], source: 'x' }),
      () => vault.addMany([{ card: card(2), consents: [prayerTimes()], source: 'x' }]),
      () => vault.change(id, {}),
      () => vault.exists([id]),
      () => vault.identify({ phone: phone(1) }),
      () => vault.consent(id, prayerTimes()),
      () => vault.refuse(id, 'prayer-times'),
      () => vault.withdraw(id),
      () => vault.consents(id),
      () => gather(vault.expiring('P1D')),
      () => vault.erase(id),
      () => vault.suppress({ phone: phone(1) }),
      () => vault.purge(),
      () => vault.planPolicy(riverside),
      () => gather(vault.ledger.entries()),
      () => vault.slots.list(),
      () => vault.slots.add(testKey(2), 'x'),
      () => vault.slots.remove(slot?.id as string),
      () => vault.slots.replace(slot?.id as string, testKey(2)),
      () => vault.guarantees(),
      () => vault.quarantine.count(),
      () => vault.quarantine.reveal(id),
      () => door.count(),
      () => door.list(),
      () => door.find({ text: 'Sara' }),
      () => door.find({ phone: phone(1) }),
      () => door.get(id),
      () => door.reveal(id),
      () => door.budget(),
      () => door.check({ recipient: 'sms-gateway' }),
      () => door.export({ recipient: 'sms-gateway', format: 'lines' }),
      () => door.deliver({ recipient: 'sms-gateway', to: async () => undefined }),
    ]
    for (const call of calls) expect(everythingShown(await refusal('VAULT_LOCKED', call()))).not.toMatch(SECRETS)
  })

  it('is not destroyed by whoever finds it so', async () => {
    const { vault, open } = await centre()
    await signUp(vault, 1)
    await vault.lock()
    await refusal('VAULT_LOCKED', vault.destroy())
    expect(await (await open()).for('prayer-times').count()).toBe(1)
  })

  it('was locked by itself when it lay idle, and not while it was used', async () => {
    const { vault, clock } = await centre(riverside, { lockAfter: 'PT10M' })
    const door = vault.for('prayer-times')
    const heard: string[] = []
    vault.subscribe(({ type }) => heard.push(type))
    for (let i = 0; i < 3; i++) {
      await clock.advance('PT9M')
      expect(await door.count()).toBe(0)
    }
    await clock.advance('PT10M')
    expect(heard).toContain('locked')
    await refusal('VAULT_LOCKED', door.count())
  })

  it('finishes what was under way first', async () => {
    const { vault, open } = await centre()
    const adding = signUp(vault, 1)
    await vault.lock()
    const added = await adding.catch(() => undefined)
    expect(await (await open()).for('prayer-times').count()).toBe(added ? 1 : 0)
  })

  it('is gone when it was destroyed', async () => {
    const { vault, medium, open } = await centre()
    await signUp(vault, 1)
    await vault.destroy()
    expect(await vaultExists(memoryStore({ medium }))).toBe(false)
    expect(medium.cellNow()).toBeUndefined()
    await refusal('VAULT_MISSING', open())
  })

  it('is destroyed at the second call when the first one failed', async () => {
    const made = memoryMedium()
    const store = memoryStore({ medium: made })
    let fails = true
    const failing = over(store, {
      destroy: async () => {
        if (fails) throw new StoreError('IO', 'the disk failed')
        await store.destroy()
      },
    })
    const { vault } = await centre(riverside, { store: failing })
    await refusal('IO', vault.destroy())
    fails = false
    await vault.destroy()
    expect(await vaultExists(memoryStore({ medium: made }))).toBe(false)
  })

  it('is destroyed although its store does not close', async () => {
    const { vault, open, medium } = await centre()
    await vault.lock()
    const store = memoryStore({ medium })
    let stuck = true
    const closing = over(store, {
      close: () => (stuck ? Promise.reject(new StoreError('IO', 'not now')) : store.close()),
      destroy: () => (stuck ? Promise.reject(new StoreError('IO', 'not now')) : store.destroy()),
    })
    const again = await open('staff:omid', { store: closing })
    await refusal('IO', again.destroy())
    stuck = false
    await again.destroy()
    expect(await vaultExists(memoryStore({ medium }))).toBe(false)
  })
})

describe('two objects on one vault', () => {
  it('see what the other did before their next answer', async () => {
    const { vault, open } = await centre()
    const { id } = await signUp(vault, 1)
    const other = await open()
    expect((await other.for('prayer-times').reveal(id))?.id).toBe(id)
    await vault.withdraw(id)
    expect(await other.for('prayer-times').reveal(id)).toBeUndefined()
    expect(await other.for('prayer-times').list()).toMatchObject({ total: 0 })
    expect(await other.exists([id])).toEqual([])
    const fresh = await signUp(other, 2)
    expect((await vault.for('prayer-times').get(fresh.id))?.id).toBe(fresh.id)
  })

  it('lose none of what both do at once', async () => {
    const { vault, open } = await centre()
    const other = await open()
    const leaving = await Promise.all(Array.from({ length: 10 }, (_, n) => signUp(vault, n)))
    await Promise.all([
      ...Array.from({ length: 20 }, (_, n) => signUp(n % 2 ? vault : other, 100 + n)),
      // Without a suppression: its short fingerprints stop an innocent number now and then, as they may.
      ...leaving.map(({ id }, n) => (n % 2 ? other : vault).erase(id, { suppress: false })),
    ])
    for (const one of [vault, other]) {
      expect(await one.for('prayer-times').count()).toBe(20)
      expect(await one.exists(leaving.map(({ id }) => id))).toEqual([])
    }
    expect((await ledgerOf(vault, { type: 'contact-added' })).length).toBe(30)
    await vault.lock()
    await other.lock()
    expect(await (await open()).for('prayer-times').count()).toBe(20)
  })

  it('tell listeners of what the other committed, by version', async () => {
    const { vault, open } = await centre()
    const other = await open()
    const heard: number[] = []
    const off = vault.subscribe(({ version }) => heard.push(version))
    await signUp(other, 1)
    await vault.for('prayer-times').count()
    expect(heard.at(-1)).toBe(vault.version)
    off()
    await signUp(other, 2)
    await vault.for('prayer-times').count()
    expect(heard.at(-1)).toBeLessThan(vault.version)
  })
})

describe('a disk that is full', () => {
  it('on which a vault could not be opened leaves nothing of it behind that locks the store later', async () => {
    const { vault, open, clock, medium } = await centre()
    await signUp(vault, 1, 'Sara Karimi', [prayerTimes({ until: '2026-03-20' })])
    await vault.lock()
    await clock.advance('P20D')
    const below = memoryStore({ medium })
    let full = true
    let watching = 0
    const store = over(below, {
      // The root alone finds room; what the ledger is owed doesn't.
      commit: async (batch: Batch) => {
        if (full && batch.put.length > 0) throw new StoreError('NO_SPACE', 'no room')
        return below.commit(batch)
      },
      watch: (listener: () => void) => {
        const unwatch = below.watch(listener)
        watching++
        return () => {
          watching--
          unwatch()
        }
      },
    })
    await refusal('NO_SPACE', open('staff:omid', { store, lockAfter: 'PT10M' }))
    expect(watching).toBe(0)
    full = false
    await clock.advance('PT1M')
    const again = await open('staff:omid', { store })
    await clock.advance('PT10M')
    expect(await again.for('prayer-times').count()).toBe(0)
    expect(again.version).toBeGreaterThan(vault.version)
  })

  it('refuses what does not fit, leaves the vault as it was, and says nothing of it (R37)', async () => {
    let full = false
    const onStep = ({ op, phase }: MemoryStep) => {
      if (full && op === 'commit' && phase === 'before') throw new StoreError('NO_SPACE', 'no room')
    }
    const medium = memoryMedium()
    const { vault, open } = await centre(riverside, { store: memoryStore({ medium, onStep }) })
    const { id } = await signUp(vault, 1, 'Sara Karimi')
    full = true
    const attempts = [
      () => vault.add({ card: card(2, 'Sara Karimi'), consents: [prayerTimes()], source: 'x', ref: 'crm:4711' }),
      () => vault.change(id, { name: { full: 'Sara K.' } }),
      () => vault.withdraw(id),
      () => vault.erase(id),
      () => vault.for('prayer-times').reveal(id),
    ]
    for (const attempt of attempts) expect(everythingShown(await refusal('NO_SPACE', attempt()))).not.toMatch(SECRETS)
    expect((await vault.for('prayer-times').get(id))?.card).toEqual({ name: { full: 'Sara Karimi' } })
    full = false
    expect((await vault.for('prayer-times').reveal(id))?.card).toEqual(card(1, 'Sara Karimi'))
    await vault.erase(id)
    await vault.lock()
    const again = await open('staff:omid', { store: memoryStore({ medium }) })
    expect(await again.exists([id])).toEqual([])
  })
})
