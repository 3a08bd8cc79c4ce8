/**
 * A row of those who left that doesn't open: nobody is let in and no backup is made, for nobody can say whom that would
 * bring back (R20, R21). What helps is a backup from before: it takes the vault's place, and who left since is kept away anew.
 */

import type { Row } from '@amanat/store-contract'
import type { MemoryMedium } from '@amanat/store-contract/memory'
import { describe, expect, test } from 'vitest'
import { hex } from '../../src/bytes'
import { haulOf, marksOf, newWorld, person, type World } from '../protocol/world'
import { backupOf, bytesOf, marksIn, openAt, restoreTo, undatedIn } from './place'

/** Carries this out, and says which row tells then who left, or waited. */
async function rowWritten({ medium }: World, act: () => Promise<unknown>) {
  const before = new Set((await undatedIn(medium)).map(({ id }) => hex(id)))
  await act()
  const [row, ...others] = (await undatedIn(medium)).filter(({ id }) => !before.has(hex(id)))
  if (!row || others.length > 0) throw new Error('one row is written anew')
  return row
}

const damage = (medium: MemoryMedium, { id, bytes }: Row) =>
  medium.damageRow('undated', id, bytes.with(40, (bytes[40] as number) ^ 1))

const id = ({ ids }: World, number: number) => ids[number] as string
const alone = (number: number) => ({ ...person(number, ['times']), ref: undefined }) as never

describe('a row of those who left that does not open', () => {
  test('R20: lets nobody in and no backup be made, says so, and stops nothing else', async () => {
    const world = await newWorld()
    const row = await rowWritten(world, () => world.vault.erase(id(world, 0)))
    await world.vault.lock()
    damage(world.medium, row)
    const vault = await openAt(world.medium, world.clock)
    const corrupt = { code: 'CORRUPT', data: { row: 'undated' }, fix: expect.stringContaining('backup') }
    await expect(vault.add(alone(6))).rejects.toMatchObject(corrupt)
    await expect(vault.backup().then(({ file }) => bytesOf(file))).rejects.toMatchObject(corrupt)
    expect((await vault.examine()).damaged).toEqual([`undated ${hex(row.id)}`])
    expect((await vault.for('chat').list()).people).toHaveLength(3)
    await vault.change(id(world, 1), { notes: { n1: { note: 'Changed' } } } as never)
    await vault.withdraw(id(world, 1), 'chat')
    await vault.erase(id(world, 2))
    expect((await haulOf(world.medium)).where(marksOf(2).name)).toEqual([])
  })

  test('R21: a backup that knows everything brings it back', async () => {
    const world = await newWorld()
    const row = await rowWritten(world, () => world.vault.erase(id(world, 0)))
    const bytes = await backupOf(world.vault)
    await world.vault.lock()
    damage(world.medium, row)
    const report = await restoreTo(bytes, { medium: world.medium, clock: world.clock })
    expect(report).toMatchObject({ people: 3, gone: 0 })
    const vault = await openAt(world.medium, world.clock)
    await expect(vault.add(alone(0))).rejects.toMatchObject({ code: 'SUPPRESSED' })
    await vault.add(alone(6))
  })

  test.each([
    ['was erased', 0, ({ vault, ids }: World) => vault.erase(ids[0] as string)],
    ['withdrew', 0, ({ vault, ids }: World) => vault.withdraw(ids[0] as string)],
  ] as const)('R21: whoever %s since the backup does not come back with it, nor later', async (_, number, act) => {
    const world = await newWorld()
    const bytes = await backupOf(world.vault)
    const row = await rowWritten(world, () => act(world))
    await world.vault.lock()
    damage(world.medium, row)
    const report = await restoreTo(bytes, { medium: world.medium, clock: world.clock, evenIfOlder: true })
    expect(report).toMatchObject({ people: 3, gone: 1 })
    const haul = await haulOf(world.medium)
    expect(marksIn(number).filter(mark => haul.where(mark).length > 0)).toEqual([])
    const vault = await openAt(world.medium, world.clock)
    await expect(vault.add(alone(number))).rejects.toMatchObject({ code: 'SUPPRESSED' })
    await vault.add(alone(6))
    await backupOf(vault)
    expect((await vault.examine()).damaged).toEqual([])
  })
})

test('R22: no backup is made where it is not known who waited in quarantine: they could wait again after it', async () => {
  const world = await newWorld()
  const { name, phone } = marksOf(6)
  const contact = { card: { name: { full: name }, phones: { p1: { number: phone } } }, source: 'list' }
  const row = await rowWritten(world, () => world.vault.add(contact as never))
  await world.vault.lock()
  damage(world.medium, row)
  const vault = await openAt(world.medium, world.clock)
  const corrupt = { code: 'CORRUPT', data: { row: 'undated' } }
  await expect(vault.backup().then(({ file }) => bytesOf(file))).rejects.toMatchObject(corrupt)
})
