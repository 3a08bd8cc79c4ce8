/** Sealed rows: key, additional data and frame as `docs/format.md` says, and that no row can stand for another. */
import { derive, openSealed, ready, Secret, seal, systemRandomness } from '@amanat/crypto'
import { TABLES, UNDATED } from '@amanat/store-contract'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { DayKeys } from '../../src/commit/ratchet'
import { ledgerKey, newRowId, newRowSecret, openRow, type RowPlace, sealRow } from '../../src/commit/rows'

beforeAll(() => ready())

const TODAY = 20_000
const days = () => new DayKeys(TODAY, Secret.of<'ratchet'>(new Uint8Array(32).fill(5)))
const secret = Secret.of<'row'>(new Uint8Array(32).fill(6))
const place: RowPlace = {
  vaultId: new Uint8Array(16).fill(7),
  table: 'pages',
  id: new Uint8Array(16).fill(8),
  bucket: TODAY + 3,
}
const plain = Uint8Array.of(1, 2, 3, 4, 5)
const sealAt = (at: RowPlace) => sealRow(at, secret, days(), plain, systemRandomness)

/** What is bound to a row: format, table, vault, id, bucket. */
const boundTo = ({ table, vaultId, id, bucket }: RowPlace) => {
  const last = new Uint8Array(4)
  new DataView(last.buffer).setUint32(0, bucket, true)
  return Uint8Array.of(1, TABLES.indexOf(table), ...vaultId, ...id, ...last)
}
const keyAt = ({ table, bucket }: RowPlace) => {
  const day = bucket === UNDATED ? [] : [(days().of(bucket) as Secret<'day'>).expose()]
  return derive(`amanat/row/${table}/1`, secret, ...day)
}
const places = TABLES.flatMap(table => [TODAY, TODAY + 3, UNDATED].map(bucket => ({ ...place, table, bucket })))

describe('a sealed row', () => {
  it.each(places)('of $table for day $bucket opens as the format says, framed and padded', at => {
    const row = sealAt(at)
    expect(row).toMatchObject({ table: at.table, id: at.id, bucket: at.bucket })
    const framed = openSealed(keyAt(at), row.bytes, boundTo(at))
    // u32 length, itself, and zeros up to its Padmé length, which for 9 bytes is 10.
    expect([...framed]).toEqual([5, 0, 0, 0, 1, 2, 3, 4, 5, 0])
    expect(openRow(at, secret, days(), row.bytes)).toEqual(plain)
  })

  it('is as long as others of about its size', () => {
    const lengths = Array.from({ length: 64 }, (_, i) => {
      const sealed = sealRow(place, secret, days(), new Uint8Array(1000 + i).fill(1), systemRandomness).bytes
      expect(Buffer.from(openRow(place, secret, days(), sealed)).equals(Buffer.alloc(1000 + i, 1))).toBe(true)
      return sealed.length
    })
    expect(new Set(lengths).size).toBeLessThan(6)
  })

  it('opens at its own place only, with its own secret and before its day has passed (R13)', () => {
    const { bytes } = sealAt(place)
    const elsewhere: RowPlace[] = [
      { ...place, vaultId: new Uint8Array(16) },
      { ...place, table: 'heads' },
      { ...place, id: new Uint8Array(16) },
      { ...place, bucket: TODAY + 4 },
      { ...place, bucket: UNDATED },
    ]
    for (const other of elsewhere) {
      expect(() => openRow(other, secret, days(), bytes)).toThrow(
        expect.objectContaining({ code: 'CORRUPT', data: { row: other.table } }),
      )
    }
    expect(() => openRow(place, newRowSecret(systemRandomness), days(), bytes)).toThrow(
      expect.objectContaining({ code: 'CORRUPT' }),
    )
    const ratchet = Secret.of<'ratchet'>(new Uint8Array(32).fill(5))
    expect(() => openRow(place, secret, new DayKeys(TODAY + 4, ratchet), bytes)).toThrow(
      expect.objectContaining({ code: 'CORRUPT', data: { row: 'pages' } }),
    )
  })

  it('is never made for a day that has passed', () => {
    expect(() => sealAt({ ...place, bucket: TODAY - 1 })).toThrow(
      new RangeError('a row was to be sealed for a day that has passed'),
    )
  })

  it('whose frame says more than there is, or that has none, is damage', () => {
    const forged = (framed: readonly number[]) =>
      seal(keyAt(place), Uint8Array.from(framed), boundTo(place), systemRandomness)
    for (const framed of [[], [0, 0, 0], [1, 0, 0, 0], [0xff, 0xff, 0xff, 0xff, 1], [6, 0, 0, 0, 1, 2, 3, 4, 5]]) {
      expect(() => openRow(place, secret, days(), forged(framed))).toThrow(
        expect.objectContaining({ code: 'CORRUPT', cause: new RangeError('row malformed') }),
      )
    }
    expect(openRow(place, secret, days(), forged([0, 0, 0, 0]))).toHaveLength(0)
    expect([...openRow(place, secret, days(), forged([1, 0, 0, 0, 9]))]).toEqual([9])
  })

  it('leaves its key nowhere, whether it opens or not (R19)', () => {
    const ours = days()
    const { bytes } = sealRow(place, secret, ours, plain, systemRandomness)
    const wipe = vi.spyOn(Secret.prototype, 'wipe')
    sealRow(place, secret, ours, plain, systemRandomness)
    expect(wipe).toHaveBeenCalledTimes(1)
    openRow(place, secret, ours, bytes)
    expect(wipe).toHaveBeenCalledTimes(2)
    expect(() => openRow(place, secret, ours, bytes.with(30, (bytes[30] as number) ^ 1))).toThrow()
    expect(wipe).toHaveBeenCalledTimes(3)
    wipe.mockRestore()
    expect(secret.expose()[0]).toBe(6)
  })
})

describe('what a new row needs', () => {
  it('is drawn, of its right length and its own', () => {
    const shared = new Uint8Array(32).fill(3)
    const id = newRowId(length => shared.subarray(0, length))
    expect(id).toHaveLength(16)
    shared.fill(0)
    expect(id).toEqual(new Uint8Array(16).fill(3))
    expect(newRowSecret(systemRandomness).expose()).not.toEqual(newRowSecret(systemRandomness).expose())
  })

  it('of the ledger is derived from the one secret of the ledger and the id of the row', () => {
    const ledger = Secret.of<'ledger'>(new Uint8Array(32).fill(4))
    const [one, other] = [place.id, new Uint8Array(16)].map(id => ledgerKey(ledger, id).expose())
    expect(one).toEqual(derive('amanat/ledger-row/1', ledger, place.id).expose())
    expect(other).not.toEqual(one)
  })
})
