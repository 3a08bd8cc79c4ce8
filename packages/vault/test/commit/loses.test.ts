/**
 * Whether a draft takes something away before its day: said of two records without a vault. Were it to overlook
 * anything, what was taken away would stay readable in an old page until its day (R13); so each place where a record
 * can hold something is taken away, changed, and moved to an earlier and to a later slice.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { loses, losesSomething } from '../../src/commit/loses'
import type { Opened } from '../../src/commit/opened'
import { Overtaken } from '../../src/commit/overtaken'
import { contactIdOf } from '../../src/contact/id'
import type { CutSlice, SliceRecord } from '../../src/contact/slice'
import { encodePage } from '../../src/pages/page'
import { encodeRecord } from '../../src/record/record'

const id = new Uint8Array(16).fill(1)
const event = { k: 1, a: 1_772_355_600_000, w: 1_772_355_600_000, x: 'staff:leila' }
const blob = (byte: number) => ({
  secret: new Uint8Array(32).fill(byte),
  pieces: [new Uint8Array(16).fill(byte)],
  bucket: 20_600,
  size: 9,
})
const sara = (): SliceRecord => ({
  i: id,
  d: { name: { full: 'Sara' }, phones: { p1: { number: '+44 7700 900101' } } },
  t: { fa: { 'name/full': 'سارا', 'titles/t1/name': 'مدیر' }, ar: { 'name/full': 'سارة' } },
  s: { 'phones/p1': 'sheet', 'emails/e1': 'form' },
  n: [
    [0, [event, { ...event, k: 4, a: event.a + 1 }]],
    [2, [event]],
  ],
  o: { photo: blob(4), scan: blob(5) },
  f: 'member-17',
})
const slice = (record: SliceRecord, bucket = 20_600): CutSlice => ({ bucket, record })
const without = <T extends object>(from: T, name: string): T => {
  const { [name as keyof T]: _, ...rest } = from
  return rest as T
}
const parts = { d: sara().d, t: sara().t, s: sara().s, o: sara().o } as Record<string, Record<string, unknown>>

describe('a record', () => {
  it('that stays as it is loses nothing, in one slice or over several', () => {
    expect(loses(sara(), [slice(sara())])).toBe(false)
    expect(loses({ i: id, d: {} }, [])).toBe(false)
    const { d, t, s, n, o, f } = sara()
    const shared: CutSlice[] = [
      slice({ i: id, d: { name: d.name }, t: { fa: t?.fa ?? {} } }),
      slice({ i: id, d: { phones: d.phones, emails: {} }, t: { ar: t?.ar ?? {} }, s: s ?? {} }),
      slice({ i: id, d: {}, n: n?.slice(1) ?? [], o: o ?? {} }),
      slice({ i: id, d: {}, n: n?.slice(0, 1) ?? [], f: f ?? '' }),
    ]
    expect(loses(sara(), shared)).toBe(false)
    for (const missing of shared)
      expect(
        loses(
          sara(),
          shared.filter(each => each !== missing),
        ),
      ).toBe(true)
  })

  it('of which nothing stays long enough loses whatever it holds', () => {
    for (const part of ['d', 't', 's', 'n', 'o', 'f'] as const) {
      const only = { i: id, d: {}, [part]: sara()[part] } as SliceRecord
      expect(loses(only, []), part).toBe(true)
      expect(loses(only, [slice({ i: id, d: {} })]), part).toBe(true)
      expect(loses(only, [slice({ i: id, d: {} }), slice(only)]), part).toBe(false)
    }
  })

  it.each(Object.entries(parts).flatMap(([part, held]) => Object.keys(held).map(name => [part, name] as const)))(
    'without its %s %s loses it, and so it does with another',
    (part, name) => {
      const held = parts[part] as Record<string, unknown>
      expect(loses(sara(), [slice({ ...sara(), [part]: without(held, name) } as SliceRecord)])).toBe(true)
      const other = part === 's' ? 'elsewhere' : part === 'o' ? blob(9) : { 'name/full': 'somebody' }
      expect(loses(sara(), [slice({ ...sara(), [part]: { ...held, [name]: other } } as SliceRecord)])).toBe(true)
      expect(loses(sara(), [slice({ ...sara(), [part]: { ...held, more: other } } as SliceRecord)])).toBe(false)
    },
  )

  it('loses one translation of many, and a ref that changes', () => {
    const { t } = sara()
    const less = { ...t, fa: without(t?.fa ?? {}, 'titles/t1/name') }
    expect(loses(sara(), [slice({ ...sara(), t: less })])).toBe(true)
    expect(loses(sara(), [slice({ ...sara(), t: { ...t, fa: { ...t?.fa, 'name/full': 'سارا ک' } } })])).toBe(true)
    expect(loses(sara(), [slice({ ...sara(), f: 'member-18' })])).toBe(true)
    expect(loses(without(sara(), 'f'), [slice(sara())])).toBe(false)
  })

  it('loses an event that goes or changes, and none when one is added', () => {
    const [first, second] = sara().n as NonNullable<SliceRecord['n']>
    const events = (list: NonNullable<SliceRecord['n']>) => loses(sara(), [slice({ ...sara(), n: list })])
    if (!first || !second) throw new Error('there are two')
    expect(events([first, second])).toBe(false)
    expect(events([second, first])).toBe(false)
    expect(events([[0, [...first[1], { ...event, k: 1 }]], second])).toBe(false)
    expect(events([[0, first[1].slice(0, 1)], second])).toBe(true)
    expect(events([[0, first[1].slice(1)], second])).toBe(true)
    expect(events([[0, [{ ...event, x: 'staff:omid' }, ...first[1].slice(1)]], second])).toBe(true)
    expect(events([[0, first[1].toReversed()], second])).toBe(true)
    expect(events([first])).toBe(true)
    expect(events([first, [3, second[1]]])).toBe(true)
  })

  it('of any fields loses exactly what no later slice has as it was', () => {
    const fields = fc.dictionary(fc.constantFrom('name', 'phones', 'emails', 'notes'), fc.integer({ min: 0, max: 2 }))
    fc.assert(
      fc.property(fields, fc.array(fields, { maxLength: 3 }), (old, later) => {
        const kept = Object.entries(old).every(([field, value]) => later.some(each => each[field] === value))
        expect(
          loses(
            { i: id, d: old },
            later.map(d => slice({ i: id, d })),
          ),
        ).toBe(!kept)
        expect(
          loses(
            { i: id, d: {}, t: { fa: old } },
            later.map(d => slice({ i: id, d: {}, t: { fa: d } })),
          ),
        ).toBe(!kept)
      }),
    )
  })
})

describe('a draft', () => {
  const TODAY = 20_513
  const person = contactIdOf(id)
  /** A vault that holds these slices of one contact, whose number is 0, a page each. */
  const holding = (slices: readonly CutSlice[]) =>
    ({
      index: {
        numberOf: (bytes: Uint8Array) => (Buffer.from(bytes).equals(Buffer.from(id)) ? 0 : -1),
        slicesOf: (number: number) =>
          number === 0 ? slices.map(({ bucket }, i) => ({ page: `${i}`, slot: 0, bucket })) : [],
      },
      pages: {
        read: async (key: string, read: (plain: Uint8Array) => unknown) =>
          read(encodePage([encodeRecord((slices[Number(key)] as CutSlice).record)])),
      },
    }) as unknown as Opened
  const name = { i: id, d: { name: { full: 'Sara' } } }
  const phone = { i: id, d: { phones: { p1: { number: '+44 7700 900101' } } } }
  const asked = (held: readonly CutSlice[], cut: readonly CutSlice[], contact = person) =>
    losesSomething(holding(held), new Map([[contact, cut]]), TODAY)

  it('loses nothing of who is new, or stays as long or longer', async () => {
    const held = [slice(name, TODAY + 9), slice(phone, TODAY + 5)]
    expect(await asked(held, [], contactIdOf(new Uint8Array(16).fill(2)))).toBe(false)
    expect(await asked(held, held)).toBe(false)
    expect(await asked(held, [slice(name, TODAY + 10), slice(phone, TODAY + 9)])).toBe(false)
    expect(await asked(held, [slice({ i: id, d: { ...name.d, ...phone.d } }, TODAY + 9)])).toBe(false)
    expect(await losesSomething(holding(held), new Map(), TODAY)).toBe(false)
  })

  it('loses what goes, and what goes earlier by a day', async () => {
    const held = [slice(name, TODAY + 9), slice(phone, TODAY + 5)]
    expect(await asked(held, [])).toBe(true)
    for (const [nameDay, phoneDay] of [
      [8, 5],
      [9, 4],
    ] as const) {
      expect(await asked(held, [slice(name, TODAY + nameDay), slice(phone, TODAY + phoneDay)])).toBe(true)
    }
  })

  it('can not lose what has passed already, and loses what may be read today', async () => {
    expect(await asked([slice(name, TODAY - 1)], [])).toBe(false)
    expect(await asked([slice(name, TODAY)], [])).toBe(true)
    expect(await asked([slice(name, TODAY - 1), slice(phone, TODAY)], [])).toBe(true)
  })

  it('is planned again when a page went meanwhile', async () => {
    const pages = { read: () => Promise.reject(new Overtaken()) }
    const opened = { ...holding([slice(name, TODAY)]), pages } as unknown as Opened
    await expect(losesSomething(opened, new Map([[person, []]]), TODAY)).rejects.toThrow(Overtaken)
  })
})
