/**
 * A process is killed by SIGKILL at random moments while it restores, onto a vault that knows more than the backup and onto
 * nothing. Afterwards the old vault opens with everything, or the new one does, never both and never neither; and another
 * restore brings the new one and leaves nothing of the first behind. A case that fails names its seed;
 * AMANAT_BACKUP_SEED runs it again, as far as the moments of a real kill can be met twice.
 */
import { createReadStream, createWriteStream } from 'node:fs'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { env } from 'node:process'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { TABLES } from '@amanat/store-contract'
import { disk } from '@amanat/store-disk'
import { createVault, isVaultError, openVault, restoreVault, vaultExists } from '@amanat/vault'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Chance } from '../kills/chance'
import { type Running, type Script, script } from '../kills/process'
import { figures, size } from '../trust/figures'
import type { Order, Said } from './child'
import {
  actor,
  asMaker,
  asMembers,
  clockAt,
  contact,
  damagedIn,
  emailOf,
  fill,
  type Members,
  newKey,
  oldKey,
} from './people'

const SEED = Number(env.AMANAT_BACKUP_SEED ?? 1 + Math.floor(Math.random() * 1e9))
const HOUR = 3_600_000
const PEOPLE = 60
const PHOTOS = 6
/** Of the calls at the end of a restore, where the one commit is. */
const LAST = 14

let child: Script
let place: string
/** With a vault from which somebody left since its backup, and to which somebody came. */
let known: string
let file: string
let vaultId: string
/** How many calls of the store a restore has, onto a vault and onto nothing. */
let steps: { readonly vault: number; readonly nothing: number }
/** Rows of a vault that was restored onto nothing, by table. */
let rows: Readonly<Record<string, number>>

const later = clockAt('2026-03-03T10:00:00Z')
const running = new Set<Running<Said>>()

beforeAll(async () => {
  child = await script('backup/child.ts')
  place = await mkdtemp(join(tmpdir(), 'amanat-restores-'))
  known = join(place, 'known')
  file = join(place, 'one.backup')
  const clock = clockAt()
  const vault = await createVault({ ...asMaker(), store: disk(known), unlock: oldKey, clock })
  vaultId = vault.id
  const [gone] = await fill(vault, PEOPLE, PHOTOS)
  const backup = await vault.backup()
  await pipeline(Readable.fromWeb(backup.file as never), createWriteStream(file))
  await clock.advance('P1D')
  await vault.erase(gone as string)
  await vault.add(contact(PEOPLE, PHOTOS))
  await vault.lock()
  const onto = await copied('counted')
  steps = { vault: await stepsOf(onto), nothing: await stepsOf(join(place, 'nothing')) }
  rows = await rowsOf(join(place, 'nothing'))
}, HOUR)

afterAll(async () => {
  for (const each of running) await each.kill()
  await child?.remove()
  await rm(place, { recursive: true, force: true })
})

/** One that has loaded everything, and waits for its order. */
function start(): Running<Said> {
  const one = child.start<Said>()
  running.add(one)
  void one.ended.then(() => running.delete(one))
  return one
}

async function copied(name: string): Promise<string> {
  const folder = join(place, name)
  await cp(known, folder, { recursive: true })
  return folder
}

const isDone = (said: Said) => said.say === 'done' || said.say === 'failed'

async function restored(one: Running<Said>, order: Order): Promise<Extract<Said, { say: 'done' }>> {
  await one.until(({ say }) => say === 'ready')
  one.tell(order)
  const said = await one.until(isDone)
  await one.kill()
  if (said.say !== 'done') throw new Error(JSON.stringify(said))
  return said
}

/** Without another process: nobody is killed any more. */
async function restoreHere(folder: string, standing: 'old' | 'new' | 'none'): Promise<{ people: number }> {
  const store = disk(folder)
  const done = await restoreVault({
    store,
    from: createReadStream(file),
    backupUnlock: oldKey,
    unlock: newKey,
    standingUnlock: standing === 'new' ? newKey : oldKey,
    evenIfOlder: true,
    actor,
    clock: later,
  })
  await store.close()
  return done
}

const stepsOf = async (folder: string) => (await restored(start(), { folder, file, standing: 'old' })).steps

async function rowsOf(folder: string): Promise<Record<string, number>> {
  const store = disk(folder)
  await store.open()
  const counted: Record<string, number> = {}
  for (const table of TABLES) {
    counted[table] = 0
    for await (const _ of store.scan(table)) counted[table]++
  }
  await store.close()
  return counted
}

/** The vault in a folder by either key, and which it was; undefined where there is none. */
async function whichOpens(folder: string): Promise<{ vault: Members; key: 'old' | 'new' } | undefined> {
  const store = disk(folder)
  const there = await vaultExists(store)
  await store.close()
  if (!there) return undefined
  const opened: { vault: Members; key: 'old' | 'new' }[] = []
  for (const [key, unlock] of [['old', oldKey] as const, ['new', newKey] as const]) {
    try {
      opened.push({ key, vault: await openVault({ ...asMembers, store: disk(folder), unlock, clock: later }) })
    } catch (error) {
      if (!isVaultError(error, 'CANNOT_UNLOCK')) throw error
    }
  }
  expect(opened).toHaveLength(1)
  return opened[0]
}

/** Everything is there that the vault opened by this key must have, and nobody who left; answers which that was. */
async function look(folder: string, where: string): Promise<'old' | 'new' | 'none'> {
  const found = await whichOpens(folder)
  if (!found) return 'none'
  const { vault, key } = found
  const door = vault.for('news')
  const isHere = async (n: number) => (await door.find({ email: emailOf(n) })).length > 0
  expect(await damagedIn(vault), where).toEqual([])
  expect(vault.id === vaultId, where).toBe(key === 'old')
  const came = await isHere(PEOPLE)
  const left = await isHere(0)
  const stayed = [await isHere(1), await isHere(PHOTOS), await isHere(PEOPLE - 1)]
  expect({ came, stayed, count: await door.count() }, where).toEqual({
    came: key === 'old',
    stayed: [true, true, true],
    count: key === 'old' ? PEOPLE : PEOPLE - (left ? 0 : 1),
  })
  await vault.lock()
  // Onto nothing, nobody here knows that they left.
  expect(left, where).toBe(folder.includes('onto-nothing'))
  return key
}

async function killSomewhen(one: Running<Said>, chance: Chance, order: Order, all: number): Promise<boolean> {
  await one.until(({ say }) => say === 'ready')
  const how = chance.below(3)
  const killAt = how === 0 ? chance.below(all) : how === 1 ? all - 1 - chance.below(LAST) : undefined
  one.tell(killAt === undefined ? order : { ...order, killAt })
  if (killAt === undefined) {
    await one.until(({ say }) => say === 'begun')
    // What a kill waits for is a moment, not an event.
    await Promise.race([one.ended, new Promise(resolve => setTimeout(resolve, chance.below(400)))])
    one.process.kill('SIGKILL')
  }
  const ended = one.ended.then(() => undefined)
  const said = await Promise.race([ended, one.until(isDone).catch(() => undefined)])
  await one.kill()
  if (said?.say === 'failed') throw new Error(said.why)
  return !one.said.some(isDone)
}

async function kill(onto: 'vault' | 'nothing', kills: number, chance: Chance): Promise<void> {
  const found = { old: 0, new: 0, none: 0 }
  let killed = 0
  let next = start()
  for (let round = 0; round < kills; round++) {
    const where = `AMANAT_BACKUP_SEED=${chance.seed}, onto ${onto}, kill ${round}`
    const folder = onto === 'vault' ? await copied(`onto-vault-${round}`) : join(place, `onto-nothing-${round}`)
    const one = next
    next = start()
    if (await killSomewhen(one, chance, { folder, file, standing: 'old' }, steps[onto])) killed++
    const key = await look(folder, where)
    found[key]++
    expect(key, where).not.toBe(onto === 'vault' ? 'none' : 'old')
    const again = await restoreHere(folder, key)
    expect(again.people, where).toBe(onto === 'vault' ? PEOPLE - 1 : PEOPLE)
    expect(await look(folder, where), where).toBe('new')
    if (onto === 'nothing') expect(withoutLedger(await rowsOf(folder)), where).toEqual(withoutLedger(rows))
    await rm(folder, { recursive: true, force: true })
  }
  await next.kill()
  expect(killed).toBeGreaterThan(kills / 3)
  figures('backup', {
    'restores killed': killed,
    'old vaults found whole': found.old,
    'new vaults found whole': found.new,
    'folders found without any': found.none,
  })
}

/** Its last row is replaced, or closed and another one begun, by how long the ledger got. */
const withoutLedger = ({ ledger: _, ...others }: Readonly<Record<string, number>>) => others

test(
  'killed onto a vault, a restore leaves the old one with everything or the new one, and can be done again',
  () => kill('vault', size(14, 200), new Chance(SEED)),
  HOUR,
)

test(
  'killed onto nothing, a restore leaves nothing that stands in the way of the next, nor any row of itself',
  () => kill('nothing', size(6, 100), new Chance(SEED + 1)),
  HOUR,
)
