/**
 * What lies in the clear, where anybody who has the storage can write it: the root's header, slots, the cell. Whatever
 * stands there, opening answers with one of its codes, before it allocates or derives anything for a length that lies.
 */
import { hash, openSlot, readSlot, ready, systemRandomness } from '@amanat/crypto'
import { type Cell, HALF_BYTES, type Half } from '@amanat/store-contract'
import { testKey } from '@amanat/vault/testing'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { commitmentOf, settle } from '../../packages/vault/src/commit/cell'
import { decodeRoot, encodeRoot } from '../../packages/vault/src/commit/root'
import { formatInstant } from '../../packages/vault/src/time/calendar'
import { crypto, vault } from './allowed'
import { joined, mutated, utf8 } from './bytes'
import { fit, hostile } from './parser'
import { type Haul, haul } from './world'

let here: Haul
let roots: Uint8Array[]
let slots: Uint8Array[]
let halves: Uint8Array[]
beforeAll(async () => {
  await ready()
  here = await haul()
  roots = [here.opened.rootBytes, here.medium.history.roots[0] as Uint8Array]
  slots = here.sealed.filter(({ table }) => table === 'slots').map(({ bytes }) => bytes)
  halves = [...(here.medium.cellNow() ?? [])]
})
const of = (samples: () => Uint8Array[]) => fc.constant(0).chain(() => mutated(samples()))
const same = (a: Uint8Array, b: Uint8Array) => Buffer.from(a).equals(Buffer.from(b))

describe('the root', () => {
  hostile('is its bytes again, or CORRUPT, or too new', {
    input: of(() => roots),
    runs: 1_500,
    refuses: vault('CORRUPT', 'FORMAT_TOO_NEW'),
    read: bytes => fit(same(encodeRoot(decodeRoot(bytes)), bytes), 'the root says something else than its bytes'),
  })

  test('larger than any vault makes it is refused unread', () => {
    const bytes = new Uint8Array(4 * 1024 * 1024 + 1)
    bytes.set(roots[0] as Uint8Array)
    expect(() => decodeRoot(bytes)).toThrow(expect.objectContaining({ code: 'CORRUPT' }))
  })
})

describe('a slot', () => {
  hostile('is read, or SLOT_MALFORMED', {
    input: of(() => slots),
    runs: 1_500,
    refuses: crypto('SLOT_MALFORMED'),
    read: bytes => {
      const { kind, params } = readSlot(bytes)
      fit(['passphrase', 'secret-key', 'recovery-code'].includes(kind), 'an unknown kind')
      fit(!params || (params.memory <= 1_048_576 && params.passes <= 16), 'a cost that nobody may ask for')
    },
  })

  hostile('does not open, in one way', {
    input: of(() => slots),
    runs: 400,
    refuses: crypto('CANNOT_OPEN'),
    read: async slot => {
      await openSlot({ slot, vaultId: here.opened.vaultId, unlock: testKey() })
      fit(
        slots.some(each => same(each, slot)),
        'a changed slot opened',
      )
    },
  })
})

/** A cell of these two halves, that remembers what is written to it. */
function cellOf(bytes: readonly [Uint8Array, Uint8Array]): Cell & { readonly now: Uint8Array[] } {
  const now = bytes.map(half => half.slice())
  return {
    now,
    create: async () => undefined,
    read: async (half: Half) => now[half]?.slice(),
    overwrite: async (half: Half, next: Uint8Array) => {
      now[half] = next.slice()
    },
  }
}

const sized = (bytes: Uint8Array) => joined(bytes, new Uint8Array(HALF_BYTES)).slice(0, HALF_BYTES)

describe('the cell', () => {
  const settled = async (bytes: readonly [Uint8Array, Uint8Array]) => {
    const { record } = await settle(
      cellOf(bytes),
      here.opened.vaultId,
      here.opened.clear.commitment,
      systemRandomness,
      async () => {},
    )
    fit(Number.isSafeInteger(record.epoch) && Number.isSafeInteger(record.seq + 1), 'numbers that lose bits')
    formatInstant(record.lastSeen)
    fit(
      same(commitmentOf(here.opened.vaultId, record.epoch, record.secret), here.opened.clear.commitment),
      'a record of another epoch',
    )
  }

  hostile('settles on a record of this vault, or CELL_STALE', {
    input: fc.tuple(
      of(() => halves),
      of(() => halves),
    ),
    runs: 600,
    refuses: vault('CELL_STALE'),
    read: ([a, b]) => settled([sized(a), sized(b)]),
  })

  // The checksum has no key: who can read the cell can write it anew with other numbers in it.
  const field = fc.constantFrom<[at: number, width: 4 | 8]>([24, 8], [64, 4], [100, 8], [108, 4], [112, 8])
  const value = fc.oneof(
    fc.constantFrom(
      [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
      [0, 0, 0, 0, 0, 0, 0xf8, 0x7f],
      [0, 0, 0, 0, 0, 0, 0xf0, 0x7f],
      [0, 0, 0, 0, 0, 0, 0xf0, 0xff],
      [0, 0, 0, 0, 0, 0, 0x20, 0],
      [0x9c, 0x75, 0, 0x88, 0x3c, 0xe4, 0x37, 0x7e],
    ),
    fc.array(fc.nat(255), { minLength: 8, maxLength: 8 }),
  )
  hostile('with other numbers and a right checksum is never believed beyond what time and counts can be', {
    input: fc.array(fc.tuple(field, value), { minLength: 1, maxLength: 3 }),
    runs: 600,
    refuses: vault('CELL_STALE'),
    read: async changes => {
      const holds = halves.findIndex(half => same(half.subarray(0, 4), utf8('AMNC')))
      const sector = (halves[holds] as Uint8Array).slice(0, 512)
      for (const [[at, width], bytes] of changes) sector.set(bytes.slice(0, width), at)
      sector.set(hash('amanat/cell/1', sector.subarray(0, 120)), 120)
      const half = joined(...Array.from({ length: 8 }, () => sector))
      await settled([half, halves[1 - holds] as Uint8Array])
    },
  })
})
