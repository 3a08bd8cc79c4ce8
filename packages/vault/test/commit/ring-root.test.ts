/**
 * The sealed part of the root: that everything in it comes back, that it stands under the keys and names of the format,
 * and that whoever had the keys and wrote something else meets the same answer as damage does.
 */
import { derive, openSealed, ready, Secret, seal, systemRandomness } from '@amanat/crypto'
import { decode, encode } from 'cborg'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { openRingRoot, type RingRoot, sealRingRoot } from '../../src/commit/ring-root'
import { emptyFrontier, encodeFrontier } from '../../src/ledger/tree'

beforeAll(() => ready())

const bytes = (length: number, byte: number) => new Uint8Array(length).fill(byte)
const rootKey = Secret.of<'root-key'>(bytes(32, 1))
const epochSecret = Secret.of<'epoch'>(bytes(32, 2))
const HEADER = bytes(64, 3)
const EPOCH = 5

const full: RingRoot = {
  chunks: [
    { id: bytes(16, 4), secret: Secret.of<'row'>(bytes(32, 5)) },
    { id: bytes(16, 6), secret: Secret.of<'row'>(bytes(32, 7)) },
  ],
  undated: (['policy', 'policy-history', 'catalogue', 'notice', 'left', 'quarantined'] as const).map((kind, i) => ({
    kind,
    id: bytes(16, 20 + i),
    secret: Secret.of<'row'>(bytes(32, 30 + i)),
  })),
  ledger: {
    secret: Secret.of<'ledger'>(bytes(32, 8)),
    leaves: 11,
    records: 40,
    frontier: encodeFrontier(emptyFrontier()),
    tail: bytes(16, 9),
    tailFirst: 33,
  },
  pointKey: Secret.of<'points'>(bytes(32, 10)),
  leftKey: Secret.of<'left'>(bytes(32, 11)),
  slots: [
    { id: bytes(16, 12), hash: bytes(32, 13), publicKey: bytes(1216, 14), label: 'Office', added: 1_772_355_600_000 },
  ],
  lastSeen: 1_772_355_700_000,
  verified: 4,
  purged: 20_513,
  marks: [
    [20_512, 3],
    [20_513, 33],
  ],
  quiet: [[10, 30]],
}
const sealed = (root: RingRoot = full) => sealRingRoot(root, rootKey, EPOCH, epochSecret, HEADER, systemRandomness)
const opened = (sealedBytes: Uint8Array) => openRingRoot(sealedBytes, rootKey, EPOCH, epochSecret, HEADER)

/** With its secrets as what is in them: they compare equal otherwise, whatever they hold. */
const plain = (value: unknown): unknown => {
  if (value instanceof Secret) return Buffer.from(value.expose()).toString('hex')
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex')
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, held]) => [key, plain(held)]))
}

const key = () => {
  const epoch = new Uint8Array(8)
  new DataView(epoch.buffer).setBigUint64(0, BigInt(EPOCH), true)
  return derive('amanat/ring-root/1', rootKey, epochSecret.expose(), epoch)
}
type Written = Record<string, unknown> & { l: Record<string, unknown>; k: Record<string, unknown>[] }
const written = () => decode(openSealed(key(), sealed(), HEADER)) as Written
const forged = (value: unknown) => seal(key(), encode(value), HEADER, systemRandomness)

describe('what the root seals', () => {
  it('comes back, with a tail of the ledger or none', () => {
    expect(plain(opened(sealed()))).toEqual(plain(full))
    const bare = {
      ...full,
      chunks: [],
      undated: [],
      slots: [],
      marks: [],
      quiet: [],
      ledger: { ...full.ledger, tail: undefined },
    }
    expect(plain(opened(sealed(bare)))).toEqual(plain(bare))
  })

  it('stands under the names that the format gives', () => {
    const secretOf = (secret: Secret<string>) => secret.expose()
    const [chunk, other] = full.chunks
    expect(plain(written())).toEqual(
      plain({
        v: 1,
        c: Buffer.concat([chunk, other].flatMap(each => (each ? [each.id, secretOf(each.secret)] : []))),
        u: full.undated.map(({ kind, id, secret }) => [kind, id, secretOf(secret)]),
        l: { k: bytes(32, 8), n: 11, r: 40, f: full.ledger.frontier, t: bytes(16, 9), o: 33 },
        p: bytes(32, 10),
        s: bytes(32, 11),
        k: [{ i: bytes(16, 12), h: bytes(32, 13), p: bytes(1216, 14), l: 'Office', a: 1_772_355_600_000 }],
        t: full.lastSeen,
        e: 4,
        d: 20_513,
        w: full.marks,
        q: full.quiet,
      }),
    )
  })

  it('opens with its root key, its epoch, its secret and its header alone', () => {
    const right = sealed()
    const wrong = [
      () => openRingRoot(right, Secret.of<'root-key'>(bytes(32, 9)), EPOCH, epochSecret, HEADER),
      () => openRingRoot(right, rootKey, EPOCH + 1, epochSecret, HEADER),
      () => openRingRoot(right, rootKey, EPOCH, Secret.of<'epoch'>(bytes(32, 9)), HEADER),
      () => openRingRoot(right, rootKey, EPOCH, epochSecret, HEADER.with(63, 9)),
      () => opened(right.with(60, (right[60] as number) ^ 1)),
      () => opened(right.subarray(0, 30)),
    ]
    for (const open of wrong) expect(open).toThrow(expect.objectContaining({ code: 'KEY_CHANGED' }))
  })

  it('leaves its key nowhere, whether it opens or not (R19)', () => {
    const right = sealed()
    const wipe = vi.spyOn(Secret.prototype, 'wipe')
    sealed()
    expect(wipe).toHaveBeenCalledTimes(1)
    opened(right)
    expect(wipe).toHaveBeenCalledTimes(2)
    expect(() => opened(right.with(60, (right[60] as number) ^ 1))).toThrow()
    expect(wipe).toHaveBeenCalledTimes(3)
    wipe.mockRestore()
    expect(epochSecret.expose()[0]).toBe(2)
  })

  it('of a later version is named so, whatever else is in it', () => {
    for (const later of [{ v: 2 }, { ...written(), v: 2 }, { ...written(), v: 0 }]) {
      expect(() => opened(forged(later))).toThrow(expect.objectContaining({ code: 'FORMAT_TOO_NEW' }))
    }
  })

  it('in any other shape is damage of the root', () => {
    const right = written()
    const [slot] = right.k
    expect(plain(opened(forged(right)))).toEqual(plain(full))
    const wrong: unknown[] = [
      null,
      [],
      'root',
      7,
      // Every key with something else in it, and without it.
      ...Object.keys(right)
        .flatMap(name => {
          const { [name]: _, ...without } = right
          const others = ['x', null, Number.NaN].map(value => ({ ...right, [name]: value }))
          // Runs to pass over needn't be there.
          return name === 'q' ? others : [...others, without]
        })
        // Another number is a version that isn't known here.
        .filter(({ v }: { v?: unknown }) => typeof v !== 'number' || v === 1),
      ...Object.keys(right.l).flatMap(name => {
        const { [name]: _, ...without } = right.l
        const values = name === 't' ? ['x', -1, bytes(15, 1)] : ['x', null, -1, bytes(15, 1)]
        return [...values.map(value => ({ ...right, l: { ...right.l, [name]: value } })), { ...right, l: without }]
      }),
      ...Object.keys(slot ?? {}).flatMap(name => {
        const { [name]: _, ...without } = slot ?? {}
        const values = name === 'l' ? [null, -1, bytes(15, 1)] : ['x', null, Number.NaN, bytes(15, 1), 8.7e15]
        return [...values.map(value => ({ ...right, k: [{ ...slot, [name]: value }] })), { ...right, k: [without] }]
      }),
      ...['n', 'r', 'o'].flatMap(name => [0.5, 2 ** 53].map(value => ({ ...right, l: { ...right.l, [name]: value } }))),
      ...['e', 'd'].flatMap(name => [-1, 0.5, 2 ** 53].map(value => ({ ...right, [name]: value }))),
      ...['p', 's'].flatMap(name => [31, 33].map(length => ({ ...right, [name]: bytes(length, 1) }))),
      { ...right, t: 8.7e15 },
      { ...right, c: bytes(47, 1) },
      { ...right, l: { ...right.l, f: bytes(7, 0) } },
      { ...right, l: { ...right.l, f: bytes(9, 0) } },
      ...[
        ['nothing', bytes(16, 1), bytes(32, 1)],
        ['policy', bytes(15, 1), bytes(32, 1)],
        ['policy', bytes(16, 1), bytes(31, 1)],
        ['policy', bytes(16, 1)],
      ].map(row => ({ ...right, u: [row] })),
      ...[[1], [1, -1], [-1, 1], [1, 0.5], ['x', 1], 1].flatMap(run => [
        { ...right, w: [run] },
        { ...right, q: [run] },
      ]),
    ]
    for (const value of wrong) {
      expect(() => opened(forged(value)), JSON.stringify(plain(value)).slice(0, 80)).toThrow(
        expect.objectContaining({ code: 'CORRUPT', data: { row: 'root' } }),
      )
    }
    expect(() => opened(seal(key(), Uint8Array.of(0xff), HEADER, systemRandomness))).toThrow(
      expect.objectContaining({ code: 'CORRUPT', data: { row: 'root' } }),
    )
  })
})
