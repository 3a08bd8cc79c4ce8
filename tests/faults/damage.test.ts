/**
 * One bad byte, anywhere: in the root, the cell, or a row of any kind. While it is there the vault says so by a code, or
 * goes on with the rest; it never shows anything else than what was stored, and makes nothing worse: people can be
 * brought in and can leave, or that is refused, and once the byte is put back everything is there that was answered
 * for and everything gone that was. The cell bears it: a record stands in eight sectors.
 *
 * By day one bit of a byte, by night all eight. `AMANAT_DAMAGE='undated left 60'` looks at one place alone.
 */
import { env } from 'node:process'
import { openAnySlot, systemRandomness } from '@amanat/crypto'
import type { Half, Row, Table } from '@amanat/store-contract'
import { type MemoryMedium, memoryStore } from '@amanat/store-contract/memory'
import { type AnyVault, isVaultError, openVault } from '@amanat/vault'
import { fakeClock, testKey } from '@amanat/vault/testing'
import { decode } from 'cborg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { settle } from '../../packages/vault/src/commit/cell'
import { openRingRoot } from '../../packages/vault/src/commit/ring-root'
import { decodeRoot, rootHeader } from '../../packages/vault/src/commit/root'
import { haulOf, marksOf, person } from '../../packages/vault/test/protocol/world'
import { figures, nightly, size } from '../trust/figures'
import { EVENING, gather, newWorld, optionsOn, type World } from './world'

const only = env.AMANAT_DAMAGE
const PURPOSES = ['times', 'chat', 'call']
const MORE_PEOPLE = 26

let world: World
/** Which undated row is of which kind, by its id in hexadecimal. */
let kinds: ReadonlyMap<string, string>
let truth: Shown
let flipped = 0

beforeAll(async () => {
  world = await newWorld()
  const vault = await opened(world.medium)
  // Many days, so that there are many pages; enough of them make a root of some 4 KB with its slots.
  for (let n = 0; n < MORE_PEOPLE; n++) {
    const until = new Date(Date.parse('2026-04-02') + n * 86_400_000).toISOString().slice(0, 10)
    const consents = [
      { purpose: 'times', until, given: { how: 'paper', evidence: { kind: 'scan', content: Uint8Array.of(n) } } },
    ]
    const card = { name: { full: `Many${n}` }, phones: { p1: { number: `07700 900${300 + n}` } } }
    await vault.add({ card, consents, source: 'sheet' } as never)
  }
  // Two changes of the policy leave a notice and its history behind, and end where it began.
  const first = vault.policy
  for (const next of [{ ...first, notices: { signup: { version: '1', text: { en: 'We text you.' } } } }, first])
    await vault.changePolicy(next, { accept: await vault.planPolicy(next) })
  const root = (await haulOf(world.medium)).found.findLast(({ where }) => where === 'root')
  const listed: [string, Uint8Array][] = decode(root?.bytes as Uint8Array).u
  kinds = new Map(listed.map(([kind, id]) => [hex(id), kind]))
  truth = await shownOn(vault)
  await vault.lock()
})

afterAll(() => figures('faults', { 'bytes flipped': flipped }))

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
const flip = (bytes: Uint8Array, at: number, bit: number) => bytes.with(at, (bytes[at] as number) ^ (1 << bit))
const bitsAt = (at: number): readonly number[] => (nightly ? [0, 1, 2, 3, 4, 5, 6, 7] : [(at * 5 + 3) % 8])

/** With whichever of its policies the vault has by then. */
async function opened(medium: MemoryMedium, policy?: AnyVault['policy']): Promise<AnyVault> {
  const options = optionsOn(medium, fakeClock(EVENING))
  return (await openVault({ ...options, ...(policy ? { policy } : {}) })) as AnyVault
}

/** By purpose and person: what is shown of them. */
type Shown = ReadonlyMap<string, string>

async function shownOn(vault: AnyVault): Promise<Shown> {
  const shown = new Map<string, string>()
  for (const purpose of PURPOSES) {
    for (const { id, name } of (await vault.for(purpose).list()).people) {
      const card = (await vault.for(purpose).get(id).catch(mustBeTyped))?.card
      shown.set(`${purpose} ${id}`, JSON.stringify({ name, card }))
    }
  }
  return shown
}

/** The codes that damage may end in. */
const TYPED = /^(CORRUPT|CANNOT_UNLOCK|CELL_STALE|FORMAT_TOO_NEW|KEY_CHANGED)$/

function mustBeTyped(error: unknown): undefined {
  expect(isVaultError(error) ? error.code : error).toMatch(TYPED)
}

/** Nothing else than the truth, though perhaps less; a card that can't be opened is none. */
function mustBeTrue(shown: Shown, where: string): void {
  for (const [key, said] of shown) {
    const right = truth.get(key)
    expect(right, `${where}: ${key}`).toBeDefined()
    const [got, wanted] = [said, right as string].map(text => JSON.parse(text))
    expect([wanted.name, undefined], where).toContain(got.name)
    if (got.card) expect(wanted.card, `${where}: ${key}`).toMatchObject(got.card)
  }
}

/** Opens it and looks; answers the open vault, if there is one. */
async function looked(medium: MemoryMedium, where: string): Promise<AnyVault | undefined> {
  flipped++
  const vault = await opened(medium).catch(mustBeTyped)
  if (vault) mustBeTrue(await shownOn(vault), where)
  return vault
}

/** What was answered for while the byte was bad. */
interface Lived {
  readonly added: string | undefined
  readonly erased: boolean
  readonly withdrawn: boolean
}

async function liveOn(vault: AnyVault): Promise<Lived> {
  const done = <T>(promise: Promise<T>) => promise.catch(mustBeTyped)
  const added = await done(vault.add({ ...person(8, ['times']), ref: undefined } as never))
  const erased = await done(vault.erase(world.ids[0] as string))
  const withdrawn = await done(vault.withdraw(world.ids[1] as string, 'chat'))
  await done(vault.for('call').reveal(world.ids[2] as string))
  await done(gather(vault.ledger.entries()))
  await done(vault.examine())
  await vault.lock()
  return { added: added?.id, erased: erased !== undefined, withdrawn: withdrawn !== undefined }
}

/** Lives with the damage, has it mended, and finds everything as it was answered for. */
async function comesBack(medium: MemoryMedium, mend: () => void | Promise<void>, where: string): Promise<Lived> {
  const vault = await looked(medium, where)
  const lived = vault ? await liveOn(vault) : { added: undefined, erased: false, withdrawn: false }
  await mend()
  const again = await opened(medium)
  const wanted = new Map(truth)
  const [id0, id1] = world.ids
  if (lived.erased) for (const purpose of PURPOSES) wanted.delete(`${purpose} ${id0}`)
  if (lived.withdrawn) wanted.delete(`chat ${id1}`)
  const shown = new Map(await shownOn(again))
  if (lived.added) expect(shown.delete(`times ${lived.added}`), `${where}: who was added`).toBe(true)
  // Who was refused to leave may have gone as far as they could be found.
  const perhaps = [
    ...(lived.erased ? [] : PURPOSES.map(purpose => `${purpose} ${id0}`)),
    ...(lived.withdrawn ? [] : [`chat ${id1}`]),
  ]
  const names = (all: Shown) => [...all.keys()].filter(key => !perhaps.includes(key)).sort()
  expect(names(shown), where).toEqual(names(wanted))
  mustBeTrue(shown, where)
  expect((await again.examine()).damaged, where).toEqual([])
  await gather(again.ledger.entries())
  await again.lock()
  const haul = await haulOf(medium)
  const gone = [
    ...(lived.erased ? [marksOf(0).name, `times-${marksOf(0).evidence}`] : []),
    ...(lived.withdrawn ? [marksOf(1).email, marksOf(1).note] : []),
  ]
  expect(
    gone.filter(word => haul.where(word).length > 0),
    where,
  ).toEqual([])
  return lived
}

async function rowsOf(medium: MemoryMedium, table: Table): Promise<Row[]> {
  const store = memoryStore({ medium })
  await store.open()
  return gather(store.scan(table))
}

async function rootOf(medium: MemoryMedium): Promise<Uint8Array> {
  const store = memoryStore({ medium })
  await store.open()
  return ((await store.root()) as { bytes: Uint8Array }).bytes
}

async function setRoot(medium: MemoryMedium, bytes: Uint8Array): Promise<void> {
  const store = memoryStore({ medium })
  await store.open()
  const root = await store.root()
  await store.commit({ expect: root?.version ?? null, root: bytes, put: [], drop: [] })
}

/** Nobody else is here. */
const unfenced = async () => {}

test('the root, each byte: the vault says so, or is as it was; and opens when the byte is back', async () => {
  const whole = await rootOf(world.medium)
  expect(whole.length).toBeGreaterThan(3_000)
  const clear = decodeRoot(whole)
  const { vaultId } = clear
  const slots = (await rowsOf(world.medium, 'slots')).map(({ bytes }) => bytes)
  const { rootKey } = await openAnySlot({ slots, vaultId, unlock: testKey() })
  const now = world.medium.cellNow() as readonly [Uint8Array, Uint8Array]
  const reads = async (bytes: Uint8Array) => {
    const { sealed, epoch, commitment, vaultId, tick, ...rest } = decodeRoot(bytes)
    const { record } = await settle(cellOf([...now]), vaultId, commitment, systemRandomness, unfenced)
    const header = rootHeader({ ...rest, vaultId, epoch, commitment })
    return openRingRoot(sealed, rootKey, epoch, record.secret, header)
  }
  expect((await reads(whole)).ledger.leaves).toBeGreaterThan(MORE_PEOPLE)
  for (let at = 0; at < whole.length; at++) {
    if (only && only !== `root ${at}`) continue
    for (const bit of bitsAt(at)) {
      if (at < 64 || at >= 68) await expect(reads(flip(whole, at, bit)), `root ${at}`).rejects.toSatisfy(isVaultError)
      flipped++
      // The whole vault looks at each byte of what is clear, and at some of what is sealed.
      if (at >= 110 && at % 41 !== 0) continue
      const damaged = world.medium.clone()
      await setRoot(damaged, flip(whole, at, bit))
      // Whoever can open it in spite of that may go on from it: only a tick that is behind is of that kind.
      const vault = await looked(damaged, `root ${at}`)
      expect(vault === undefined || (at >= 64 && at < 68), `root ${at}`).toBe(true)
      if (vault) await vault.lock()
      else if (at % 97 === 0) await comesBack(damaged, () => setRoot(damaged, whole), `root ${at}`)
    }
  }
})

test('the cell, each byte of both halves: the record is found, and both halves are whole again', async () => {
  const { vaultId, commitment } = decodeRoot(await rootOf(world.medium))
  const now = world.medium.cellNow() as readonly [Uint8Array, Uint8Array]
  const right = await settle(cellOf([...now]), vaultId, commitment, systemRandomness, unfenced)
  for (const half of [0, 1] as const) {
    for (let at = 0; at < now[half].length; at++) {
      for (const bit of bitsAt(at)) {
        flipped++
        const halves: [Uint8Array, Uint8Array] = [...now]
        halves[half] = flip(halves[half], at, bit)
        const { record } = await settle(cellOf(halves), vaultId, commitment, systemRandomness, unfenced)
        expect([record.seq, record.tick, record.lastSeen]).toEqual([
          right.record.seq,
          right.record.tick,
          right.record.lastSeen,
        ])
        expect(record.secret.expose()).toEqual(right.record.secret.expose())
        expect(halves.map(marksIn).sort(), `cell ${half} ${at}`).toEqual(['AMNC', 'AMNF'])
      }
    }
  }
  for (let at = 0; at < 8192; at += 331) {
    const half = at < 4096 ? 0 : 1
    const damaged = world.medium.clone()
    damaged.damageCell(half, flip(now[half], at % 4096, 2))
    const vault = await looked(damaged, `cell ${at}`)
    expect(vault && (await shownOn(vault))).toEqual(truth)
  }
}, 600_000)

function cellOf(halves: [Uint8Array, Uint8Array]) {
  return {
    create: async () => undefined,
    read: async (half: Half) => halves[half].slice(),
    overwrite: async (half: Half, bytes: Uint8Array) => {
      halves[half] = bytes.slice()
    },
  }
}

/** What the eight sectors say they are, if they agree. */
const marksIn = (half: Uint8Array) =>
  [
    ...new Set(
      Array.from({ length: 8 }, (_, i) => Buffer.from(half.subarray(512 * i, 512 * i + 4)).toString('latin1')),
    ),
  ].join()

describe('a row of each kind, each byte', () => {
  const PLACES: readonly [name: string, table: Table, find: (row: Row) => boolean][] = [
    ['slots', 'slots', () => true],
    ['ring', 'ring', () => true],
    ['heads', 'heads', () => true],
    ['pages', 'pages', () => true],
    ['blobs', 'blobs', () => true],
    ['exports', 'exports', () => true],
    ['ledger', 'ledger', () => true],
    ...['policy', 'policy-history', 'catalogue', 'notice', 'left', 'quarantined'].map(
      kind => [`undated ${kind}`, 'undated', (row: Row) => kinds.get(hex(row.id)) === kind] as const,
    ),
  ] as never

  test.each(PLACES)(
    '%s',
    async (name, table, find) => {
      const rows = (await rowsOf(world.medium, table)).filter(find)
      expect(rows.length).toBeGreaterThan(0)
      const lived: Lived[] = []
      for (const [number, row] of rows.entries()) {
        if (number >= size(3, rows.length) && number < rows.length - 1) continue
        // Of one row every so many bytes, of the others one in the middle.
        const step = number === rows.length - 1 ? size(Math.ceil(row.bytes.length / 20), 1) : row.bytes.length
        for (let at = number === rows.length - 1 ? 0 : row.bytes.length >> 1; at < row.bytes.length; at += step) {
          if (only && only !== `${name} ${at}`) continue
          for (const bit of bitsAt(at)) {
            const damaged = world.medium.clone()
            damaged.damageRow(table, row.id, flip(row.bytes, at, bit))
            const mend = () => putBack(damaged, row)
            if (step === row.bytes.length || at % (10 * step) === 0)
              lived.push(await comesBack(damaged, mend, `${name} ${at}`))
            else await looked(damaged, `${name} ${at}`)
          }
        }
        const damaged = world.medium.clone()
        damaged.damageRow(table, row.id, undefined)
        await looked(damaged, `${name}, gone`)
      }
      // Who is let in and who can leave while it is damaged.
      const all = (look: (one: Lived) => boolean) => only !== undefined || lived.every(look)
      const leave = all(one => one.erased && one.withdrawn)
      const come = all(one => one.added !== undefined)
      if (/notice|history|exports|ledger/.test(name)) expect([leave, come]).toEqual([true, true])
      if (/left/.test(name)) expect([leave, come]).toEqual([true, false])
      if (/quarantined/.test(name)) expect([leave, come]).toEqual([true, true])
    },
    600_000,
  )
})

/** The row as it was, unless it was dropped for good meanwhile. */
function putBack(medium: MemoryMedium, row: Row): void {
  try {
    medium.damageRow(row.table, row.id, row.bytes)
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
  }
}
