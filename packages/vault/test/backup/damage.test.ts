/** A backup that was cut, changed, or written by somebody who means ill: a typed error, and what was there is untouched. */
import { createSlot, Secret, systemRandomness } from '@amanat/crypto'
import type { Table } from '@amanat/store-contract'
import { type MemoryMedium, memoryMedium, memoryStore } from '@amanat/store-contract/memory'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { figures, size } from '../../../../tests/trust/figures'
import { encodeFrame, type Frame, readFrames } from '../../src/backup/frames'
import { Incoming, openPieces, readHeader, sealPieces } from '../../src/backup/pieces'
import { isVaultError, vaultExists } from '../../src/index'
import { type LedgerRecord, readRow } from '../../src/ledger/rows'
import { HeadView } from '../../src/pages/head'
import { decodeRecord, encodeRecord } from '../../src/record/record'
import { fakeClock, testKey } from '../../src/testing'
import { newWorld, person, type World } from '../protocol/world'
import { backupOf, bytesOf, chunked, openAt, restoreTo } from './place'

const clock = fakeClock()
const PIECE = 65_536 + 40
let world: World
let bytes: Uint8Array
let header: number

beforeAll(async () => {
  world = await newWorld({ hook: 'a damaged backup' })
  for (let number = 10; number < 18; number++) {
    const scan = { kind: 'scan', content: new Uint8Array(40_000).fill(number) }
    const consents = [{ purpose: 'call', given: { how: 'paper', evidence: scan } }]
    await world.vault.add({ ...person(number, ['call']), ref: undefined, consents } as never)
  }
  bytes = await backupOf(world.vault)
  header = 24 + 1_252
  await world.vault.lock()
  expect(bytes.length).toBeGreaterThan(header + 3 * PIECE)
})

/** Tries to restore onto an empty medium and onto the vault itself; both stay as they were. */
async function refused(wrong: Uint8Array, onto: MemoryMedium, of = world): Promise<string> {
  const empty = memoryMedium()
  let code = 'restored'
  for (const medium of [empty, onto]) {
    const error = await restoreTo(wrong, { medium, clock, evenIfOlder: true }).then(
      () => undefined,
      reason => reason,
    )
    if (!isVaultError(error)) throw error ?? new Error('it was restored')
    code = error.code
  }
  expect(await vaultExists(memoryStore({ medium: empty }))).toBe(false)
  const vault = await openAt(onto, clock)
  expect(vault.id).toBe(of.vault.id)
  expect(await vault.exists(of.ids)).toHaveLength(4)
  expect((await vault.examine()).damaged).toEqual([])
  return code
}

function changed(change: (copy: Uint8Array) => void): Uint8Array {
  const copy = bytes.slice()
  change(copy)
  return copy
}

const flipped = (at: number, bits: number): Uint8Array =>
  changed(copy => {
    copy[at] = (copy[at] as number) ^ bits
  })

/** A source, and how much of it was asked for. */
function counted(from: AsyncIterable<Uint8Array>) {
  let taken = 0
  async function* bytes() {
    for await (const chunk of from) {
      taken += chunk.length
      yield chunk
    }
  }
  return { bytes: bytes(), taken: () => taken }
}

test('a header that asks for more ways of unlocking than there can be is refused before they are read', async () => {
  async function* endless() {
    yield changed(copy => copy.set([0xff, 0xff], 6)).subarray(0, header)
    for (;;) yield new Uint8Array(65_536)
  }
  const source = counted(endless())
  const refused = restoreTo(bytes, { medium: memoryMedium(), clock, from: source.bytes })
  await expect(refused).rejects.toMatchObject({ code: 'BACKUP_DAMAGED' })
  expect(source.taken()).toBe(header)
})

describe('a backup that was cut short', () => {
  const at = (): readonly number[] => [
    ...[0, 1, 4, 7, 8, 23, 24, 25, header - 1, header, header + 1, header + 39, header + 40],
    ...[header + PIECE - 1, header + PIECE, header + PIECE + 1, header + 2 * PIECE, bytes.length - 1],
  ]
  test('anywhere is refused, and what was there still stands', async () => {
    const codes = new Set<string>()
    for (const length of at()) codes.add(await refused(bytes.subarray(0, length), world.medium.clone()))
    expect([...codes].sort()).toEqual(['BACKUP_DAMAGED', 'NOT_A_BACKUP'])
  })
})

describe('a backup that was changed', () => {
  test('in any byte of its header is refused by a code', async () => {
    const codes = new Set<string>()
    const onto = world.medium.clone()
    // The slot is opened with a key here, which takes a moment: the fixed part whole, the slot in steps.
    for (let at = 0; at < header; at += at < 48 ? 1 : 61) {
      codes.add(await refused(flipped(at, 0x20), onto))
    }
    expect(codes).toContain('NOT_A_BACKUP')
    expect(codes).toContain('CANNOT_UNLOCK')
    expect(codes).toContain('FORMAT_TOO_NEW')
    for (const code of codes) {
      expect(['NOT_A_BACKUP', 'CANNOT_UNLOCK', 'FORMAT_TOO_NEW', 'BACKUP_DAMAGED']).toContain(code)
    }
  })

  const wrong: { readonly [how: string]: () => Uint8Array } = {
    'in a bit of its first piece': () => flipped(header + 100, 1),
    'in a bit of a middle piece': () => flipped(header + PIECE + 5_000, 0x80),
    'in its last byte': () => flipped(bytes.length - 1, 1),
    'by a byte more': () => new Uint8Array([...bytes, 0]),
    'by its own last piece once more': () => new Uint8Array([...bytes, ...bytes.subarray(header + 3 * PIECE)]),
    'by two pieces in each other’s place': () =>
      changed(copy => {
        copy.set(bytes.subarray(header + PIECE, header + 2 * PIECE), header)
        copy.set(bytes.subarray(header, header + PIECE), header + PIECE)
      }),
    'by a piece left out': () =>
      new Uint8Array([...bytes.subarray(0, header + PIECE), ...bytes.subarray(header + 2 * PIECE)]),
  }
  test.each(Object.entries(wrong))('%s is refused, and what was there still stands', async (_, make) => {
    expect(await refused(make(), world.medium.clone())).toBe('BACKUP_DAMAGED')
  })

  test('by pieces of another backup of the same vault is refused', async () => {
    const other = await backupOf(await openAt(world.medium.clone(), clock))
    const mixed = changed(copy => copy.set(other.subarray(header, header + PIECE), header))
    expect(await refused(mixed, world.medium.clone())).toBe('BACKUP_DAMAGED')
  })
})

test('what is no backup is told from one that is damaged', async () => {
  const text = new TextEncoder().encode('BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Nobody\r\nEND:VCARD\r\n')
  expect(await refused(text, world.medium.clone())).toBe('NOT_A_BACKUP')
  expect(await refused(new Uint8Array(), world.medium.clone())).toBe('NOT_A_BACKUP')
})

test('a source that fails fails the restore with its own error, and is let go of', async () => {
  let ended = false
  async function* failing() {
    try {
      yield bytes.subarray(0, header + PIECE + 10)
      throw new Error('the network went away')
    } finally {
      ended = true
    }
  }
  const medium = world.medium.clone()
  await expect(restoreTo(bytes, { medium, clock, from: failing() })).rejects.toThrow('the network went away')
  expect(ended).toBe(true)
  expect((await openAt(medium, clock)).id).toBe(world.vault.id)
})

describe('a backup that somebody wrote who knows how', () => {
  let frames: Frame[]
  let small: World

  beforeAll(async () => {
    // A smaller one: each case is a restore.
    small = await newWorld({ hook: 'a small damaged backup' })
    const incoming = new Incoming(chunked(await backupOf(small.vault)))
    await small.vault.lock()
    const read = await readHeader(incoming)
    const { openAnySlot } = await import('@amanat/crypto')
    const { rootKey } = await openAnySlot({ slots: read.slots, vaultId: read.id, unlock: testKey() })
    frames = []
    for await (const frame of readFrames(openPieces(incoming, read, rootKey))) frames.push(structuredClone(frame))
  })

  async function written(list: readonly Uint8Array[]): Promise<Uint8Array> {
    const id = systemRandomness(16).slice()
    const key = Secret.random<'root-key'>(systemRandomness)
    const { slot } = await createSlot({ vaultId: id, rootKey: key, unlock: testKey(), randomness: systemRandomness })
    async function* plain() {
      yield* list
    }
    return bytesOf(
      new Blob(
        (await all(sealPieces({ id, slots: [slot] }, key, plain(), systemRandomness))) as never,
      ).stream() as never,
    )
  }

  async function all<T>(from: AsyncIterable<T>): Promise<T[]> {
    const list: T[] = []
    for await (const one of from) list.push(one)
    return list
  }

  const encoded = () => frames.map(encodeFrame)

  test('and left as it was restores, so that what follows means something', async () => {
    const medium = memoryMedium()
    const report = await restoreTo(await written(encoded()), { medium, clock })
    expect(report.people).toBe(4)
  })

  test('with any frame missing, twice there, cut, or changed in a byte: an error with a code, or people who are whole', async () => {
    const count = frames.length
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('drop', 'double', 'cut', 'flip', 'swap'),
        fc.nat(count - 1),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        async (how, which, where, bits) => {
          const list = encoded()
          const frame = list[which] as Uint8Array
          const at = where % frame.length
          if (how === 'drop') list.splice(which, 1)
          if (how === 'double') list.splice(which, 0, frame)
          if (how === 'cut') list[which] = frame.subarray(0, at)
          if (how === 'flip') list[which] = frame.map((byte, i) => (i === at ? byte ^ bits : byte))
          if (how === 'swap') [list[which], list[0]] = [list[0] as Uint8Array, frame]
          const medium = memoryMedium()
          const report = await restoreTo(await written(list), { medium, clock }).catch(error => {
            if (!isVaultError(error)) throw error
            return undefined
          })
          expect(await vaultExists(memoryStore({ medium }))).toBe(report !== undefined)
        },
      ),
      { numRuns: size(150, 20_000) },
    )
    figures('backup', { 'hostile backups': size(150, 20_000) })
    expect(Object.keys(Object.prototype)).toEqual([])
  })

  test('of a later format says so', async () => {
    const [begin, ...rest] = frames as [Frame, ...Frame[]]
    const later = ['begin', { ...(begin[1] as object), v: 2 }] as never
    expect(await refused(await written([later, ...rest].map(encodeFrame)), small.medium.clone(), small)).toBe(
      'FORMAT_TOO_NEW',
    )
  })

  test('with a frame that says it is four gigabytes long is refused before anything is kept for it', async () => {
    const long = new Uint8Array(40 * PIECE)
    long.set([0xff, 0xff, 0xff, 0xff])
    const backup = await written([long])
    expect(await refused(backup, small.medium.clone(), small)).toBe('BACKUP_DAMAGED')
    const source = counted(chunked(backup))
    await expect(restoreTo(backup, { medium: memoryMedium(), clock, from: source.bytes })).rejects.toThrow()
    expect(source.taken()).toBeLessThan(header + 3 * PIECE)
  })

  test('with a policy that no vault could have is refused', async () => {
    const { encode } = await import('cborg')
    const list = frames.map(
      (frame): Frame =>
        frame[0] === 'undated' && frame[1] === 'policy'
          ? ['undated', 'policy', encode({ policy: { purposes: 7 } })]
          : frame,
    )
    expect(await refused(await written(list.map(encodeFrame)), small.medium.clone(), small)).toBe('BACKUP_DAMAGED')
  })

  test('from a time more than a hundred years ahead of every clock is refused', async () => {
    const later = clock.now() + 36_700 * 86_400_000
    const changes = [
      frames.map((frame): Frame => (frame[0] === 'begin' ? ['begin', { ...frame[1], at: later }] : frame)),
      frames.map((frame): Frame => (frame[0] === 'end' ? ['end', { ...frame[1], seen: later }] : frame)),
    ]
    for (const list of changes)
      expect(await refused(await written(list.map(encodeFrame)), small.medium.clone(), small)).toBe('BACKUP_DAMAGED')
  })

  test('with another ledger than its end names is refused', async () => {
    const list = frames.map(
      (frame): Frame => (frame[0] === 'end' ? ['end', { ...frame[1], leaves: frame[1].leaves + 1 }] : frame),
    )
    expect(await refused(await written(list.map(encodeFrame)), small.medium.clone(), small)).toBe('BACKUP_DAMAGED')
  })

  test.each([
    ['an entry that says something else', ([leaf, kind, bytes]: LedgerRecord) => [[leaf, kind, otherActor(bytes)]]],
    ['an entry missing', () => []],
    ['an entry twice', (record: LedgerRecord) => [record, record]],
    ['an entry of a commit that is not there', ([leaf, kind, bytes]: LedgerRecord) => [[leaf + 1, kind, bytes]]],
  ] as [string, (entry: LedgerRecord) => LedgerRecord[]][])(
    'with %s in its ledger is refused (R35)',
    async (_, change) => {
      const list = frames.map((frame): Frame => {
        if (frame[0] !== 'ledger') return frame
        const records = readRow(frame[2])
        // The last of a row: numbers of commits only rise.
        const at = records.length - 1
        expect(records[at]?.[1]).toBe(1)
        const changed = [...records.slice(0, at), ...change(records[at] as LedgerRecord)]
        return ['ledger', frame[1], encodeRecord(changed)]
      })
      expect(await refused(await written(list.map(encodeFrame)), small.medium.clone(), small)).toBe('BACKUP_DAMAGED')
    },
  )

  test('with a head that names somebody else than its page is refused: who must go would be looked for by it', async () => {
    const list = frames.map((frame): Frame => {
      if (frame[0] !== 'page') return frame
      const head = frame[4].slice()
      const at = new HeadView(frame[4].slice()).idOffset(0)
      head[at] = (head[at] as number) ^ 1
      return ['page', frame[1], frame[2], frame[3], head]
    })
    expect(await refused(await written(list.map(encodeFrame)), small.medium.clone(), small)).toBe('BACKUP_DAMAGED')
  })

  const otherActor = (entry: Uint8Array): Uint8Array =>
    encodeRecord({ ...(decodeRecord(entry) as object), actor: 'staff:nobody' })
})

test('rows that were put and are not there when somebody in them must go: the store failed, and what stood still stands', async () => {
  const medium = world.medium.clone()
  const store = memoryStore({ medium })
  await store.open()
  const standing = new Set<string>()
  for await (const { id } of store.scan('pages')) standing.add(Buffer.from(id).toString('hex'))
  const losing = new Proxy(store, {
    get: (target, name) => {
      if (name === 'read')
        return async (table: Table, ids: readonly Uint8Array[]) => {
          const rows = await store.read(table, ids)
          const isNew = (i: number) => !standing.has(Buffer.from(ids[i] as Uint8Array).toString('hex'))
          return rows.map((row, i) => (table === 'pages' && isNew(i) ? undefined : row))
        }
      const value = Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
  const erasures = [world.ids[0] as string]
  const failed = restoreTo(bytes, { medium, clock, store: losing, erasures, evenIfOlder: true })
  await expect(failed).rejects.toMatchObject({ code: 'IO' })
  const vault = await openAt(medium, clock)
  expect(vault.id).toBe(world.vault.id)
  expect(await vault.exists(world.ids)).toHaveLength(4)
})
