import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  EMPTY_HEAD_BYTES,
  encodeHead,
  type HeadConsent,
  type HeadSlice,
  HeadView,
  headSizeOf,
  MAX_NAME_BYTES,
  NO_SCOPE,
} from '../../src/pages/head'
import { headSliceAt } from './taken'

const bytesOf = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const u32 = fc.integer({ min: 0, max: 0xffff_ffff })
const instant = fc.option(fc.integer({ min: 0, max: 4e12 }), { nil: undefined })
const consent: fc.Arbitrary<HeadConsent> = fc.record({
  purpose: fc.integer({ min: 0, max: 0xffff }),
  scope: fc.option(fc.integer({ min: 0, max: NO_SCOPE - 1 }), { nil: undefined }),
  state: fc.constantFrom('requested', 'given', 'refused', 'withdrawn'),
  assurance: fc.constantFrom(undefined, 'claimed', 'evidenced', 'confirmed'),
  givenAt: instant,
  until: instant,
  askedAt: instant,
})
const slice: fc.Arbitrary<HeadSlice> = fc.record({
  contact: bytesOf(16),
  latest: fc.boolean(),
  quarantined: fc.boolean(),
  hasRef: fc.boolean(),
  name: fc.option(fc.string({ unit: 'grapheme', maxLength: 20 }), { nil: undefined }),
  consents: fc.array(consent, { maxLength: 4 }),
  points: fc.array(fc.record({ kind: fc.integer({ min: 1, max: 255 }), fingerprint: bytesOf(8) }), { maxLength: 4 }),
  revision: u32,
  created: u32,
})
const slices = fc.array(slice, { maxLength: 20 })

const plain: HeadSlice = {
  contact: new Uint8Array(16).fill(7),
  latest: true,
  quarantined: false,
  name: 'Sara Karimi',
  consents: [{ purpose: 1, scope: 2, state: 'given', assurance: 'claimed', givenAt: 1, until: 2, askedAt: undefined }],
  points: [{ kind: 1, fingerprint: new Uint8Array(8).fill(3) }],
  revision: 4,
  created: 20_000,
}
const example = () => encodeHead([plain, { ...plain, name: undefined }, { ...plain, consents: [], points: [] }])
const named = (name: string) => new HeadView(encodeHead([{ ...plain, name }])).name(0)

describe('a head', () => {
  it('gives every slice back as it was, from wherever its bytes lie', () => {
    fc.assert(
      fc.property(slices, fc.integer({ min: 0, max: 7 }), (written, offset) => {
        const head = encodeHead(written)
        const moved = new Uint8Array(head.length + 8)
        moved.set(head, offset)
        const view = new HeadView(moved.subarray(offset, offset + head.length))
        expect(view.count).toBe(written.length)
        expect(view.points).toBe(written.flatMap(each => each.points).length)
        expect(written.map((_, slot) => headSliceAt(view, slot))).toEqual(written)
      }),
    )
  })

  it('is as large as its slices say', () => {
    fc.assert(
      fc.property(slices, written => {
        const size = written.reduce((sum, each) => sum + headSizeOf(each), EMPTY_HEAD_BYTES)
        expect(encodeHead(written).length).toBe(size)
        const view = new HeadView(encodeHead(written))
        for (const [slot, each] of written.entries()) expect(view.sizeOf(slot)).toBe(headSizeOf(each))
      }),
    )
  })

  it('takes slices over from other heads as if they were written anew, whatever stands before them', () => {
    fc.assert(
      fc.property(slices, slices, fc.infiniteStream(fc.nat()), (one, other, chance) => {
        const views = [one, other].map(written => new HeadView(encodeHead(written)))
        const all = [one, other].flatMap((written, i) =>
          written.map((each, slot) => ({ each, taken: { head: views[i] as HeadView, slot } })),
        )
        const mixed = all
          .map(entry => ({
            ...entry,
            place: chance.next().value as number,
            fresh: (chance.next().value as number) % 3 === 0,
          }))
          .sort((a, b) => a.place - b.place)
        const expected = encodeHead(mixed.map(({ each }) => each))
        expect(encodeHead(mixed.map(({ each, taken, fresh }) => (fresh ? each : taken)))).toEqual(expected)
      }),
    )
  })

  it('takes nothing over from a head that was wiped', () => {
    const head = new HeadView(example())
    head.wipe()
    expect(() => encodeHead([{ head, slot: 0 }])).toThrow(RangeError)
  })

  it('stands in the bytes that the table in its file gives', () => {
    const head = encodeHead([plain])
    const view = new DataView(head.buffer)
    expect([...head.subarray(0, 16)]).toEqual([1, 0, 1, 0, 1, 0, 0, 0, 1, 0, 0, 0, 11, 0, 0, 0])
    expect([...head.subarray(16, 32)]).toEqual(new Array(16).fill(7))
    expect(view.getUint16(16 + 16, true)).toBe(1 + 4)
    expect(view.getUint32(16 + 36, true)).toBe(4)
    expect(view.getUint32(16 + 40, true)).toBe(20_000)
    expect([...head.subarray(64, 72)]).toEqual([1, 0, 2, 0, 1, 1, 0, 0])
    expect([8, 16, 24].map(at => view.getFloat64(64 + at, true))).toEqual([1, 2, Number.NaN])
    expect([...head.subarray(96, 108)]).toEqual([1, 0, 0, 0, 3, 3, 3, 3, 3, 3, 3, 3])
    expect(new TextDecoder().decode(head.subarray(108))).toBe('Sara Karimi')
  })

  it('tells an empty name from none', () => {
    expect(named('')).toBe('')
    expect(new HeadView(encodeHead([{ ...plain, name: undefined }])).name(0)).toBeUndefined()
  })

  it('cuts a long name at a character', () => {
    expect(named('x'.repeat(MAX_NAME_BYTES))).toBe('x'.repeat(MAX_NAME_BYTES))
    expect(named('x'.repeat(MAX_NAME_BYTES + 1))).toBe('x'.repeat(MAX_NAME_BYTES))
    expect(named(`x${'ی'.repeat(MAX_NAME_BYTES)}`)).toBe(`x${'ی'.repeat(MAX_NAME_BYTES / 2 - 1)}`)
    expect(named('😀'.repeat(200))).toBe('😀'.repeat(MAX_NAME_BYTES / 4))
  })

  it('is refused when it is too large for a row, or a number for its place', () => {
    const many = Array.from({ length: 1000 }, () => plain)
    expect(() => encodeHead(many)).toThrow('head too large')
    const consent = plain.consents[0] as HeadConsent
    const bad: Partial<HeadSlice>[] = [
      { contact: new Uint8Array(15) },
      { revision: -1 },
      { revision: 2 ** 32 },
      { created: 0.5 },
      { points: [{ kind: 0, fingerprint: new Uint8Array(8) }] },
      { points: [{ kind: 1, fingerprint: new Uint8Array(9) }] },
      { consents: [{ ...consent, purpose: 65_536 }] },
      { consents: [{ ...consent, scope: NO_SCOPE }] },
      { consents: [{ ...consent, state: 'expired' as 'given' }] },
    ]
    for (const wrong of bad) expect(() => encodeHead([{ ...plain, ...wrong }])).toThrow(RangeError)
  })

  it('cut short anywhere, or longer by a byte, is refused before anything is read of it', () => {
    const head = example()
    for (let n = 0; n < head.length; n++) expect(() => new HeadView(head.subarray(0, n))).toThrow('head malformed')
    expect(() => new HeadView(Uint8Array.of(...head, 0))).toThrow('head malformed')
    expect(() => new HeadView(new Uint8Array(1 << 20))).toThrow('head malformed')
  })

  it('with any one byte changed is refused, or answers within its bounds', () => {
    const head = example()
    const read = (view: HeadView) => {
      for (let slot = 0; slot < view.count; slot++) headSliceAt(view, slot)
    }
    let refused = 0
    for (let at = 0; at < head.length; at++) {
      for (const value of [0, 1, 0x80, 0xff]) {
        const broken = head.slice()
        broken[at] = value
        try {
          read(new HeadView(broken))
        } catch (error) {
          expect(error).toEqual(new RangeError('head malformed'))
          refused++
        }
      }
    }
    expect(refused).toBeGreaterThan(100)
  })

  it('with counts and starts that point elsewhere is refused', () => {
    const wrongAt = (offset: number, value: number) => {
      const head = example()
      head[offset] = value
      return () => new HeadView(head)
    }
    const second = 16 + 48
    for (const offset of [
      0,
      1,
      2,
      4,
      8,
      12,
      second + 18,
      second + 20,
      second + 24,
      second + 28,
      second + 30,
      second + 32,
    ])
      expect(wrongAt(offset, 9), `byte ${offset}`).toThrow('head malformed')
    const third = second + 48
    for (const offset of [third + 18, third + 28, third + 30]) {
      expect(wrongAt(offset, 9), `byte ${offset}`).toThrow('head malformed')
    }
    expect(wrongAt(16 + 16, 1), 'a name without its flag').toThrow('head malformed')
    for (const offset of [16 + 17, 16 + 44]) expect(wrongAt(offset, 1), `byte ${offset}`).toThrow('head malformed')
    const consents = 16 + 3 * 48
    expect(wrongAt(consents + 4, 4)).toThrow('head malformed')
    expect(wrongAt(consents + 5, 4)).toThrow('head malformed')
    expect(wrongAt(consents + 6, 1)).toThrow('head malformed')
    const points = consents + 2 * 32
    expect(wrongAt(points, 0)).toThrow('head malformed')
    expect(wrongAt(points + 1, 1)).toThrow('head malformed')
  })

  it('with an instant that is none, in any consent of any slice, or a name that begins inside a character is refused', () => {
    const head = example()
    const consents = 16 + 3 * 48
    for (const at of [8, 16, 24].flatMap(field => [consents + field, consents + 32 + field])) {
      for (const wrong of [8.7e15, -8.7e15, Number.POSITIVE_INFINITY]) {
        const broken = head.slice()
        new DataView(broken.buffer).setFloat64(at, wrong, true)
        expect(() => new HeadView(broken), `${wrong} at ${at}`).toThrow('head malformed')
      }
    }
    const two = encodeHead([
      { ...plain, name: 'aé', consents: [], points: [] },
      { ...plain, name: 'b', consents: [], points: [] },
    ])
    const view = new DataView(two.buffer)
    // The first name gives its last byte to the second: all of it together is still UTF-8.
    view.setUint16(16 + 30, 2, true)
    view.setUint16(64 + 30, 2, true)
    view.setUint32(64 + 32, 2, true)
    expect(() => new HeadView(two)).toThrow('head malformed')
    const whole = encodeHead([{ ...plain, name: 'b', consents: [], points: [] }])
    for (const byte of [0xff, 0xc3]) {
      expect(() => new HeadView(whole.with(whole.length - 1, byte))).toThrow('head malformed')
    }
  })

  it('of the largest size is written and read, and shares nothing with the slices that are taken from it', () => {
    const names = Array.from({ length: 105 }, () => 'x'.repeat(MAX_NAME_BYTES))
    const bare = { ...plain, consents: [], points: [] }
    const rest = 59_000 - 16 - names.length * (48 + MAX_NAME_BYTES)
    const slices = [...names.map(name => ({ ...bare, name })), { ...bare, name: 'y'.repeat(rest - 48) }]
    const head = encodeHead(slices)
    expect(head).toHaveLength(59_000)
    expect(new HeadView(head).count).toBe(slices.length)
    expect(() => encodeHead([...slices.slice(0, -1), { ...bare, name: 'y'.repeat(rest - 47) }])).toThrow(
      'head too large',
    )
    const view = new HeadView(encodeHead([plain]))
    const taken = headSliceAt(view, 0)
    expect(view.idOffset(0)).toBe(16)
    view.wipe()
    expect(taken.contact).toEqual(plain.contact)
    expect(taken.points).toEqual(plain.points)
  })

  it.each([
    [true, true],
    [true, false],
    [false, true],
    [false, false],
  ])('tells whether a slice is the latest (%s) and in quarantine (%s)', (latest, quarantined) => {
    const view = new HeadView(encodeHead([{ ...plain, latest, quarantined }]))
    expect([view.isLatest(0), view.isQuarantined(0)]).toEqual([latest, quarantined])
  })

  it('made of any bytes is a head or a RangeError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), bytes => {
        try {
          new HeadView(bytes)
        } catch (error) {
          expect(error).toEqual(new RangeError('head malformed'))
        }
      }),
    )
  })

  it('answers nothing about a slice, a consent or a point that is not there', () => {
    const view = new HeadView(example())
    for (const slot of [-1, 3, Number.NaN]) {
      expect(() => view.idAt(slot)).toThrow(RangeError)
      expect(() => view.flags(slot)).toThrow(RangeError)
      expect(() => view.nameBytes(slot)).toThrow(RangeError)
      expect(() => view.pointCount(slot)).toThrow(RangeError)
    }
    expect(() => view.consentState(0, 1)).toThrow(RangeError)
    expect(() => view.consentPurpose(2, 0)).toThrow(RangeError)
    expect(() => view.pointFingerprint(0, -1)).toThrow(RangeError)
    expect(() => view.pointKind(2, 0)).toThrow(RangeError)
  })

  it('has neither bytes nor slices once it is wiped (R19)', () => {
    const head = example()
    const view = new HeadView(head)
    view.wipe()
    expect(head.every(byte => byte === 0)).toBe(true)
    expect(view.count).toBe(0)
    expect(() => view.name(0)).toThrow(RangeError)
  })
})
