import { createRecoveryCode, isCryptoError, passphrase, recoveryCode } from '@amanat/vault'
import { type MemoryMedium, memoryStore, testKey } from '@amanat/vault/testing'
import { describe, expect, it } from 'vitest'
import { centre, gather, ledgerOf, refusal, signUp } from './centre'

async function rowsOf(medium: MemoryMedium, table: 'pages' | 'heads' | 'slots') {
  const store = memoryStore({ medium })
  await store.open()
  return gather(store.scan(table))
}

describe('a way of unlocking', () => {
  it('that is added opens the vault beside the first, and is on the ledger', async () => {
    const { vault, open } = await centre()
    await signUp(vault, 1)
    const added = await vault.slots.add(testKey(2), 'Omid’s phone')
    expect((await vault.slots.list()).map(({ label }) => label)).toEqual(['first', 'Omid’s phone'])
    expect(await ledgerOf(vault, { type: 'slot-added' })).toMatchObject([{ slot: added.id }])
    expect(JSON.stringify(await ledgerOf(vault))).not.toContain('Omid’s')
    await vault.lock()
    for (const unlock of [testKey(1), testKey(2)]) {
      const again = await open('staff:omid', { unlock })
      expect(await again.for('prayer-times').count()).toBe(1)
      await again.lock()
    }
  })

  it('that is replaced opens nothing any more, and no page is encrypted again', async () => {
    const { vault, open, medium } = await centre()
    for (let n = 0; n < 5; n++) await signUp(vault, n)
    const before = [await rowsOf(medium, 'pages'), await rowsOf(medium, 'heads')]
    const [first] = await vault.slots.list()
    const slot = await vault.slots.replace(first?.id as string, testKey(9))
    expect(slot.label).toBe('first')
    expect([await rowsOf(medium, 'pages'), await rowsOf(medium, 'heads')]).toEqual(before)
    await vault.lock()
    await refusal('CANNOT_UNLOCK', open('staff:omid', { unlock: testKey(1) }))
    expect(await (await open('staff:omid', { unlock: testKey(9) })).for('prayer-times').count()).toBe(5)
  })

  it('that was replaced or removed leaves no row behind, and those that stay are written anew', async () => {
    const { vault, medium } = await centre()
    const ids = async () => (await rowsOf(medium, 'slots')).map(({ id }) => String(id))
    const [first] = await vault.slots.list()
    await vault.slots.add(testKey(2), 'second')
    const before = await ids()
    const { id } = await vault.slots.replace(first?.id as string, testKey(3))
    const between = await ids()
    await vault.slots.remove(id)
    const after = await ids()
    expect([before.length, between.length, after.length]).toEqual([2, 2, 1])
    expect(new Set([...before, ...between, ...after]).size).toBe(5)
  })

  it('whose row somebody changed is told of as damaged, and nothing is wrapped by what stands there', async () => {
    const { vault, medium } = await centre()
    const { id } = await vault.slots.add(testKey(2), 'second')
    const [row] = await rowsOf(medium, 'slots')
    if (!row) throw new Error('there are two')
    // Of a passphrase it says what it costs to derive: whoever wraps by that asks for whatever somebody wrote there.
    medium.damageRow('slots', row.id, row.bytes.with(row.bytes.length - 1, (row.bytes.at(-1) as number) ^ 1))
    for (const asked of [() => vault.slots.list(), () => vault.backup(), () => vault.slots.remove(id)])
      expect((await refusal('CORRUPT', asked())).data).toEqual({ row: 'slots' })
  })

  it('may be a recovery code, drawn and told from a mistyped one with nothing but this package', async () => {
    const { vault, open } = await centre()
    const code = createRecoveryCode()
    expect(createRecoveryCode()).not.toBe(code)
    await vault.slots.add(recoveryCode(code), 'on paper')
    await vault.lock()
    let mistake: unknown
    try {
      recoveryCode(code.slice(0, -1))
    } catch (error) {
      mistake = error
    }
    expect(isCryptoError(mistake) && mistake.code).toBe('RECOVERY_CODE_MISTYPED')
    const again = await open('staff:omid', { unlock: recoveryCode(code.toLowerCase()) })
    expect((await again.slots.list()).map(({ kind }) => kind)).toEqual(['secret-key', 'recovery-code'])
    await again.lock()
  })

  it('that is removed opens nothing any more; the last one stays', async () => {
    const { vault, open } = await centre()
    await vault.slots.add(testKey(2), 'second')
    const [first] = await vault.slots.list()
    await vault.slots.remove(first?.id as string)
    const [last, ...none] = await vault.slots.list()
    expect(none).toEqual([])
    await refusal('LAST_SLOT', vault.slots.remove(last?.id as string))
    await refusal('UNKNOWN_SLOT', vault.slots.remove(first?.id as string))
    await refusal('UNKNOWN_SLOT', vault.slots.replace('x', testKey(3)))
    await vault.lock()
    await refusal('CANNOT_UNLOCK', open('staff:omid', { unlock: testKey(1) }))
    await (await open('staff:omid', { unlock: testKey(2) })).lock()
  })

  it('is one of eight at most', async () => {
    const { vault } = await centre()
    for (let n = 2; n <= 8; n++) await vault.slots.add(testKey(n), `slot ${n}`)
    expect((await refusal('TOO_MANY_SLOTS', vault.slots.add(testKey(9), 'ninth'))).data).toEqual({ most: 8 })
    expect(await vault.slots.list()).toHaveLength(8)
    await expect(vault.slots.add(testKey(9), ' ')).rejects.toThrow(TypeError)
  })

  it('is not lost when two are added at once', async () => {
    const { vault, open } = await centre()
    await Promise.all([vault.slots.add(testKey(2), 'second'), vault.slots.add(testKey(3), 'third')])
    expect(await vault.slots.list()).toHaveLength(3)
    await vault.lock()
    for (const n of [1, 2, 3]) await (await open('staff:omid', { unlock: testKey(n) })).lock()
  })

  it('that changed while another object was open ends that object’s trust in its key', async () => {
    const { vault, open } = await centre()
    const { id } = await signUp(vault, 1)
    const other = await open()
    const [first] = await vault.slots.list()
    await vault.slots.replace(first?.id as string, testKey(9))
    await refusal('KEY_CHANGED', other.for('prayer-times').get(id))
    await refusal('KEY_CHANGED', signUp(other, 2))
    expect(await vault.for('prayer-times').count()).toBe(1)
  })

  it('is not added to a vault that is locked while its key is derived', async () => {
    const { vault } = await centre()
    const adding = refusal('VAULT_LOCKED', vault.slots.add(passphrase('four words, and a fifth'), 'second'))
    await vault.lock()
    await adding
  })
})
