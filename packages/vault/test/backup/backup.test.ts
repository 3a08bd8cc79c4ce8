/** A backup brings everything back, to wherever, and only to whoever can unlock it. */
import { memoryMedium } from '@amanat/store-contract/memory'
import { expect, test } from 'vitest'
import { secretKey, vaultExists } from '../../src/index'
import { fakeClock, testKey } from '../../src/testing'
import { actor, consentTo, haulOf, marksOf, newWorld, PEOPLE, person } from '../protocol/world'
import { backupOf, bytesOf, everybody, marksIn, openAt, restoreTo, shown } from './place'

async function linesOf(vault: Awaited<ReturnType<typeof openAt>>) {
  const lines = []
  for await (const line of vault.ledger.entries()) lines.push(line)
  return lines
}

test('R21: everything comes back, in a vault of its own', async () => {
  const { vault, ids, clock } = await newWorld()
  const before = await shown(vault, ids)
  const bytes = await backupOf(vault)
  const medium = memoryMedium()
  const report = await restoreTo(bytes, { medium, clock })
  expect(report).toMatchObject({
    people: PEOPLE.length,
    gone: 0,
    expired: 0,
    damaged: 0,
    made: '2026-03-01T09:00:00.000Z',
  })
  expect(report.vault).not.toBe(vault.id)
  const restored = await openAt(medium, clock)
  expect(restored.id).toBe(report.vault)
  expect(await shown(restored, ids)).toEqual(before)
  expect((await restored.examine()).damaged).toEqual([])
  const haul = await haulOf(medium)
  for (const mark of everybody()) expect(haul.where(mark), mark).not.toEqual([])
})

test('a restored vault goes on: people come and go, and who goes is forgotten', async () => {
  const { vault, ids, clock } = await newWorld()
  const medium = memoryMedium()
  await restoreTo(await backupOf(vault), { medium, clock })
  const restored = await openAt(medium, clock)
  const { id } = await restored.add(person(6, ['times']) as never)
  await restored.erase(ids[2] as string)
  await restored.withdraw(ids[1] as string, 'chat')
  await restored.lock()
  const again = await openAt(medium, clock)
  expect(await again.exists([...ids, id])).toEqual([ids[0], ids[1], ids[3], id])
  const haul = await haulOf(medium)
  const { email, note, evidence } = marksOf(1)
  for (const mark of [...marksIn(2), email, note, `chat-${evidence}`]) expect(haul.where(mark), mark).toEqual([])
  for (const mark of marksIn(0)) expect(haul.where(mark), mark).not.toEqual([])
})

test('the ledger comes along, and its next entry says from where', async () => {
  const { vault, clock } = await newWorld()
  const { id, file } = await vault.backup()
  const before = await linesOf(vault)
  expect(before.at(-1)).toMatchObject({ type: 'backup-started', actor, backup: id })
  const medium = memoryMedium()
  await restoreTo(await bytesOf(file), { medium, clock })
  const lines = await linesOf(await openAt(medium, clock))
  expect(lines.slice(0, before.length)).toEqual(before)
  expect(lines[before.length]).toMatchObject({
    type: 'restored',
    actor: 'staff:omid',
    backup: id,
    vault: vault.id,
    size: (before.at(-1)?.leaf ?? 0) + 1,
    people: 4,
    gone: 0,
    expired: 0,
  })
  expect(lines[before.length]).not.toHaveProperty('replaced')
})

test('R25: who was seen before a backup counts in the meter after it', async () => {
  const { vault, ids, clock } = await newWorld()
  await vault.for('times').reveal(ids[0] as string)
  const left = (await vault.for('times').budget()).left
  const medium = memoryMedium()
  await restoreTo(await backupOf(vault), { medium, clock })
  expect((await (await openAt(medium, clock)).for('times').budget()).left).toBe(left)
})

test('each way of unlocking that the vault had opens the backup, and none of them the restored vault', async () => {
  const { vault, clock } = await newWorld()
  await vault.slots.add(testKey(2), 'spare')
  const bytes = await backupOf(vault)
  for (const key of [1, 2]) {
    const medium = memoryMedium()
    await restoreTo(bytes, { medium, clock, backupUnlock: testKey(key), unlock: testKey(9), slotLabel: 'new' })
    await expect(openAt(medium, clock, key)).rejects.toMatchObject({ code: 'CANNOT_UNLOCK' })
    const restored = await openAt(medium, clock, 9)
    expect((await restored.slots.list()).map(({ label }) => label)).toEqual(['new'])
    expect((await restored.examine()).damaged).toEqual([])
  }
})

test('a backup opens for nobody else, and says that it was the backup', async () => {
  const { vault, clock } = await newWorld()
  const bytes = await backupOf(vault)
  await vault.slots.add(testKey(2), 'later')
  for (const unlock of [testKey(2), secretKey(new Uint8Array(32))]) {
    const medium = memoryMedium()
    const failed = restoreTo(bytes, { medium, clock, backupUnlock: unlock })
    await expect(failed).rejects.toMatchObject({ code: 'CANNOT_UNLOCK', data: { what: 'backup' } })
    const { memoryStore } = await import('@amanat/store-contract/memory')
    expect(await vaultExists(memoryStore({ medium }))).toBe(false)
  }
})

test('nothing of anybody stands in a backup for whoever has no key', async () => {
  const { vault } = await newWorld()
  const text = new TextDecoder('latin1').decode(await backupOf(vault))
  for (const mark of everybody()) expect(text.includes(mark), mark).toBe(false)
})

test('R21: what expired between backup and restore is not brought back, not even to who has every byte', async () => {
  const { vault } = await newWorld()
  const bytes = await backupOf(vault)
  const later = fakeClock('2026-06-15T00:00:00Z')
  const medium = memoryMedium()
  const report = await restoreTo(bytes, { medium, clock: later })
  // `times` keeps for ninety days: one person had nothing else, two keep their name and number for longer.
  expect(report).toMatchObject({ people: 3, gone: 0 })
  expect(report.expired).toBeGreaterThan(0)
  const haul = await haulOf(medium)
  for (const mark of [...marksIn(0), `times-${marksOf(1).evidence}`]) expect(haul.where(mark), mark).toEqual([])
  for (const mark of marksIn(3)) expect(haul.where(mark), mark).not.toEqual([])
})

test('R16: a clock far ahead of the backup restores nothing until somebody says that it is right', async () => {
  const { vault, clock } = await newWorld()
  const bytes = await backupOf(vault)
  const later = fakeClock('2028-01-01T00:00:00Z')
  const medium = memoryMedium()
  await expect(restoreTo(bytes, { medium, clock: later })).rejects.toMatchObject({
    code: 'CLOCK_JUMPED',
    data: { lastSeen: new Date(clock.now()).toISOString(), clock: '2028-01-01T00:00:00.000Z' },
  })
  const report = await restoreTo(bytes, { medium, clock: later, confirmTime: true })
  expect(report.people).toBe(1)
  expect((await linesOf(await openAt(medium, later))).map(({ type }) => type)).toContain('clock')
})

test('R16: a clock that is behind the backup revives nothing: time goes on from there', async () => {
  const { vault, clock } = await newWorld()
  await clock.advance('P89D')
  const bytes = await backupOf(vault)
  const medium = memoryMedium()
  const behind = fakeClock('2026-03-02T09:00:00Z')
  await restoreTo(bytes, { medium, clock: behind })
  const restored = await openAt(medium, behind)
  expect(await restored.for('times').count()).toBe(3)
  behind.set('2026-06-02T00:00:00Z')
  expect(await restored.for('times').count()).toBe(0)
})

/** What a vault holds, looked at without leaving a trace in its ledger. */
async function heldBy(vault: Awaited<ReturnType<typeof openAt>>, ids: readonly string[]) {
  const lists = []
  for (const purpose of ['times', 'chat', 'call'] as const) {
    lists.push((await vault.for(purpose).list({ sort: 'name', limit: 1_000 })).people.map(({ id, name }) => [id, name]))
  }
  const consents = []
  for (const id of ids) consents.push(await vault.consents(id).catch(() => undefined))
  return { lists, consents }
}

test('a backup is the vault as of one moment, whatever is committed while it is read', async () => {
  const { vault, ids, clock, open } = await newWorld()
  for (let number = 10; number < 40; number++) {
    const scan = { kind: 'scan', content: new Uint8Array(30_000).fill(number) }
    const consents = [{ purpose: 'call', given: { how: 'paper', evidence: scan } }]
    await vault.add({ ...person(number, ['call']), ref: undefined, consents } as never)
  }
  const other = await open()
  const { file } = await vault.backup()
  const acts = [
    () => other.erase(ids[0] as string),
    () => vault.change(ids[1] as string, { name: { full: 'Changed1Zq' } }),
    () => other.withdraw(ids[2] as string, 'call'),
    () => vault.consent(ids[3] as string, consentTo('chat', 'RenewedZq')),
    () => other.add(person(8, ['times']) as never),
    () => clock.advance('P90D'),
    () => other.erase(ids[3] as string),
  ]
  /** What the vault held, by how many leaves its ledger had. */
  const states = new Map<number, unknown>()
  const look = async () => states.set(((await linesOf(vault)).at(-1)?.leaf ?? 0) + 1, await heldBy(vault, ids))
  await look()
  const parts: Uint8Array[] = []
  for await (const part of file as unknown as AsyncIterable<Uint8Array>) {
    parts.push(part)
    // Between the pages, and not all at once.
    if (parts.length % 2 === 1) continue
    await acts.shift()?.()
    await look()
  }
  expect(acts.length, 'too few parts for this test to say anything').toBe(0)
  const medium = memoryMedium()
  await restoreTo(new Uint8Array(await new Blob(parts as never).arrayBuffer()), { medium, clock })
  const restored = await openAt(medium, clock)
  expect((await restored.examine()).damaged).toEqual([])
  const from = (await linesOf(restored)).find(({ type }) => type === 'restored')
  expect(await heldBy(restored, ids)).toEqual(states.get(from?.size as number))
  const haul = await haulOf(medium)
  expect([...marksIn(0), ...marksIn(3)].filter(mark => haul.where(mark).length > 0)).toEqual([])
})

test('a backup of a vault that is locked meanwhile ends as a file that restores nothing', async () => {
  const { vault, clock } = await newWorld()
  const reader = (await vault.backup()).file.getReader()
  const { value: header } = await reader.read()
  await vault.lock()
  await expect(reader.read()).rejects.toMatchObject({ code: 'VAULT_LOCKED' })
  const medium = memoryMedium()
  const cut = restoreTo(header as Uint8Array, { medium, clock })
  await expect(cut).rejects.toMatchObject({ code: 'BACKUP_DAMAGED' })
})

test('a backup of a vault with a page that does not open holds the rest, and says so', async () => {
  const { vault, clock, medium: from, store } = await newWorld()
  const page = from.history.rows.findLast(row => row.table === 'pages')
  from.damageRow('pages', (page as { id: Uint8Array }).id, undefined)
  await vault.lock()
  const { openVault } = await import('../../src/index')
  const { policy } = await import('../protocol/world')
  const opened = await openVault({ store: store(), unlock: testKey(), policy, actor, clock })
  const medium = memoryMedium()
  const report = await restoreTo(await backupOf(opened as never), { medium, clock })
  expect(report.damaged).toBe(1)
  expect((await (await openAt(medium, clock)).examine()).damaged).toEqual([])
})
