/**
 * What stands behind a seal, written by somebody who had the keys: every decoder of a row's plaintext answers with a
 * value or in the one way it documents, and what it gives can be written again. That a row somebody changed without
 * the keys doesn't open at all is for sealed.test.ts.
 */
import { ready } from '@amanat/crypto'
import { decode } from 'cborg'
import fc from 'fast-check'
import { beforeAll, describe } from 'vitest'
import { decodePrints, encodePrints } from '../../packages/vault/src/commit/fingerprints'
import { decodeEntry, encodeEntry, peekType } from '../../packages/vault/src/ledger/entry'
import { holdsItems, readHeader } from '../../packages/vault/src/ledger/leaf'
import { firstRecordOf, packTail, readRow } from '../../packages/vault/src/ledger/rows'
import {
  decodeFrontier,
  encodeFrontier,
  frontierRoot,
  verifyConsistency,
  verifyInclusion,
} from '../../packages/vault/src/ledger/tree'
import { encodeHead, HeadView } from '../../packages/vault/src/pages/head'
import { decodePage, encodePage, recordAt } from '../../packages/vault/src/pages/page'
import {
  decodeChunk,
  decodeChunkList,
  encodeChunk,
  encodeChunkList,
  Ring,
  type RingEntry,
} from '../../packages/vault/src/pages/ring'
import { decodeRecord, encodeRecord } from '../../packages/vault/src/record/record'
import { formatInstant } from '../../packages/vault/src/time/calendar'
import { headSliceAt } from '../../packages/vault/test/pages/taken'
import { range } from './allowed'
import { hostileCbor, joined, looseCbor, mutated } from './bytes'
import { fit, hostile } from './parser'
import { type Haul, haul } from './world'

let here: Haul
let records: unknown[]
let ledger: { entries: unknown[]; headers: unknown[] }
const plains = (kind: string): Uint8Array[] => here.rows.filter(row => row.kind === kind).map(({ plain }) => plain)
beforeAll(async () => {
  await ready()
  here = await haul()
  records = plains('pages').flatMap(page => decodePage(page).map(record => decode(record.slice())))
  const all = plains('ledger').flatMap(readRow)
  const ofKind = (kind: number) => all.flatMap(([, each, bytes]) => (each === kind ? [decode(bytes)] : []))
  ledger = { entries: ofKind(1), headers: ofKind(0) }
})
const later = <T>(input: () => fc.Arbitrary<T>): fc.Arbitrary<T> => fc.constant(0).chain(input)
const same = (a: Uint8Array, b: Uint8Array) => Buffer.from(a).equals(Buffer.from(b))

describe('the ring', () => {
  hostile('a chunk comes back as it was', {
    input: later(() => mutated(plains('ring'))),
    runs: 1_500,
    refuses: range('chunk malformed'),
    read: bytes => {
      const entries = decodeChunk(bytes)
      // Four bytes of an entry that nobody reads aren't written again.
      fit(encodeChunk(entries).length === bytes.length, 'entries came or went')
      fit(JSON.stringify(decodeChunk(encodeChunk(entries))) === JSON.stringify(entries), 'entries changed')
    },
  })

  hostile('the list of chunks comes back as it was', {
    input: later(() =>
      mutated([
        encodeChunkList(here.opened.root.chunks),
        joined(encodeChunkList(here.opened.root.chunks), new Uint8Array(48)),
      ]),
    ),
    runs: 600,
    refuses: range('ring root malformed'),
    read: bytes => fit(same(encodeChunkList(decodeChunkList(bytes)), bytes), 'the list changed'),
  })

  hostile('a ring of any chunks can be changed', {
    input: later(() => fc.array(mutated(plains('ring')), { minLength: 1, maxLength: 3 })),
    runs: 300,
    refuses: range('chunk malformed'),
    read: all => {
      const [first] = here.opened.root.chunks
      const chunks = all.map((bytes, i) => [`${i}`, { ...(first as object), entries: decodeChunk(bytes) }] as const)
      const ring = new Ring(new Map(chunks as never))
      const keys = [...ring.entries()].map(({ id }) => Buffer.from(id).toString('hex'))
      const { next } = ring.change(
        new Set(keys.slice(0, 1)),
        [...ring.entries()].slice(0, 1) as RingEntry[],
        0,
        n => new Uint8Array(n),
        true,
      )
      fit(next.size <= ring.size + 1, 'entries came from nowhere')
    },
  })
})

describe('a page', () => {
  hostile('comes back as it was', {
    input: later(() => mutated(plains('pages'))),
    runs: 1_500,
    refuses: range('page malformed'),
    read: bytes => {
      const all = decodePage(bytes)
      for (const [slot, record] of all.entries()) fit(same(recordAt(bytes, slot), record), 'another record')
      fit(same(encodePage(all), bytes), 'the page changed')
    },
  })

  hostile('a record in it comes back as it was', {
    input: later(() => fc.oneof(hostileCbor(records), looseCbor)),
    runs: 2_500,
    refuses: range('record malformed'),
    read: bytes => {
      const value = decodeRecord(bytes)
      let again: Uint8Array
      try {
        again = encodeRecord(value)
      } catch (error) {
        // Read with such a key or with half a character in it, and never written.
        fit(error instanceof TypeError && error.message.startsWith('record'), 'it can not be written')
        return
      }
      fit(same(encodeRecord(decodeRecord(again)), again), 'the record changed')
    },
  })
})

describe('a head', () => {
  hostile('answers every question, and comes back as it was', {
    input: later(() => mutated(plains('heads'))),
    runs: 2_500,
    refuses: range('head malformed'),
    read: bytes => {
      const head = new HeadView(bytes)
      const slices = Array.from({ length: head.count }, (_, slot) => headSliceAt(head, slot))
      for (const { consents } of slices) {
        for (const { givenAt, until, askedAt } of consents) {
          for (const instant of [givenAt, until, askedAt]) if (instant !== undefined) formatInstant(instant)
        }
      }
      // A name that is cut short here, and a NaN with other bits, are the same head in other bytes.
      const again = new HeadView(encodeHead(slices))
      fit(again.count === head.count && again.bytes.length <= bytes.length, 'the head changed')
    },
  })
})

describe('the ledger', () => {
  hostile('a row is its records, and can be appended to', {
    input: later(() =>
      fc.oneof(mutated(plains('ledger')), hostileCbor(plains('ledger').map(row => decode(row.slice())))),
    ),
    runs: 1_200,
    refuses: range('ledger row malformed', 'record malformed'),
    read: bytes => {
      const rows = readRow(bytes)
      const { rows: packed } = packTail({ tail: bytes, tailFirst: 0, records: [[2 ** 40, 1, new Uint8Array(3)]] })
      const after = packed.flatMap(({ plain }) => readRow(plain)).length
      fit(after === rows.length + 1 || after === 1, 'records went')
    },
  })

  hostile('an entry is written as it was read', {
    input: later(() => hostileCbor(ledger.entries)),
    runs: 2_500,
    refuses: range('ledger entry malformed', 'record malformed'),
    read: bytes => {
      const entry = decodeEntry(bytes)
      formatInstant(entry.at)
      const peeked = peekType(bytes)
      if (entry.type === 'unknown') fit(peeked === '' || peeked === entry.was, 'another type at a glance')
      else {
        fit(same(encodeEntry(entry), bytes), 'the entry changed')
        fit(peeked === '' || peeked === entry.type, 'another type at a glance')
      }
    },
  })

  hostile('a glance at the type of any bytes never fails', {
    input: later(() => fc.oneof(hostileCbor(ledger.entries), looseCbor)),
    runs: 600,
    refuses: () => false,
    read: bytes => fit(peekType(bytes).length <= 23, 'a type too long'),
  })

  hostile('a header of a leaf is read, or refused', {
    input: later(() => hostileCbor(ledger.headers)),
    runs: 1_200,
    refuses: range('leaf malformed', 'record malformed'),
    read: bytes => {
      const header = readHeader(bytes)
      fit(
        !holdsItems(
          header,
          Array.from({ length: 3 }, () => bytes),
        ) || header.count === 3,
        'it holds what it has not',
      )
    },
  })

  hostile('a frontier comes back as it was', {
    input: later(() => mutated([here.opened.root.ledger.frontier, encodeFrontier({ size: 0, roots: [] })])),
    runs: 600,
    refuses: range('frontier malformed'),
    read: bytes => {
      const frontier = decodeFrontier(bytes)
      fit(frontierRoot(frontier).length === 32, 'no root')
      fit(same(encodeFrontier(frontier), bytes), 'the frontier changed')
    },
  })

  hostile("a row's id is a number, or refused", {
    input: later(() => mutated(here.rows.filter(({ kind }) => kind === 'ledger').map(({ id }) => id))),
    runs: 300,
    refuses: range('ledger row id out of bounds'),
    read: id => fit(Number.isSafeInteger(firstRecordOf(id)), 'no number'),
  })

  const bytes = fc.oneof(fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.uint8Array({ maxLength: 40 }))
  const count = fc.oneof(fc.nat(20), fc.constantFrom(-1, 0.5, Number.NaN, 2 ** 53, 2 ** 52, Number.POSITIVE_INFINITY))
  hostile('a claim about the tree is true or false, whatever it says', {
    input: fc.record({
      a: count,
      b: count,
      hash: bytes,
      other: bytes,
      proof: fc.array(bytes, { maxLength: 70 }),
    }),
    runs: 1_200,
    refuses: () => false,
    read: ({ a, b, hash, other, proof }) => {
      const alone = proof.length === 0 && same(hash, other)
      const inclusion = verifyInclusion({ leafHash: hash, index: a, size: b, proof, root: other })
      fit(!inclusion || (alone && a === 0 && b === 1), 'a made-up leaf was believed')
      const consistency = verifyConsistency({ oldSize: a, oldRoot: hash, size: b, root: other, proof })
      fit(!consistency || (alone && a === b), 'a made-up past was believed')
    },
  })
})

describe('undated rows', () => {
  hostile('fingerprints come back as they were', {
    input: later(() => mutated([...plains('left'), ...plains('quarantined')])),
    runs: 800,
    refuses: range('fingerprints malformed'),
    read: bytes => {
      const prints = decodePrints(bytes)
      fit(decodePrints(encodePrints(prints)).length === prints.length, 'fingerprints came or went')
    },
  })
})
