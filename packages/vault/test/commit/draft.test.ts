/**
 * A draft: that an operation which fails leaves no trace in it, whatever it wrote; what makes it empty; and who is found
 * on top of what is held. What becomes of it is for `seal-draft`.
 */
import { describe, expect, it } from 'vitest'
import { readAs } from '../../src/commit/damaged'
import { Draft, readContact, readSlice } from '../../src/commit/draft'
import type { Opened } from '../../src/commit/opened'
import { Overtaken } from '../../src/commit/overtaken'
import { Catalogue } from '../../src/contact/catalogue'
import { bytesTooMany, type HeldContact, MAX_CONTACT_BYTES } from '../../src/contact/held'
import { contactIdOf } from '../../src/contact/id'
import type { SliceRecord } from '../../src/contact/slice'
import { encodePage } from '../../src/pages/page'
import { decodeRecord, encodeRecord } from '../../src/record/record'
import { dayOf } from '../../src/time/day'
import { riverside } from '../riverside'

const NOW = 1_772_355_600_000
const TODAY = dayOf(NOW)
const id = new Uint8Array(16).fill(1)
const sara = contactIdOf(id)

/** A vault that holds these slices of one person, a page each. */
function holding(slices: readonly { bucket: number; record: SliceRecord | Uint8Array }[] = [], hidesPages = false) {
  const opened = {
    policyRecord: { policy: riverside },
    catalogue: new Catalogue([encodeRecord({ purposes: ['prayer-times'], scopes: [], notices: [] })]),
    hidesPages,
    index: {
      numberOf: (bytes: Uint8Array) => (Buffer.from(bytes).equals(id) && slices.length > 0 ? 0 : -1),
      slicesOf: () => slices.map(({ bucket }, i) => ({ page: `${i}`, slot: 1, bucket })),
    },
    pages: {
      read: async <T>(key: string, read: (plain: Uint8Array) => T) => {
        const record = slices[Number(key)]?.record
        if (!record) throw new Overtaken()
        const bytes = record instanceof Uint8Array ? record : encodeRecord(record)
        const plain = encodePage([encodeRecord('before'), bytes, encodeRecord('after')])
        const answer = readAs('pages', () => read(plain))
        plain.fill(0)
        return answer
      },
    },
  }
  return opened as unknown as Opened
}
const slice = (bucket: number, more: Partial<SliceRecord> = {}) => ({ bucket, record: { i: id, d: {}, ...more } })
const contact = (change: Partial<HeldContact> = {}): HeldContact => ({
  id: sara,
  revision: 1,
  created: NOW,
  card: { name: { full: 'Sara' } },
  sources: {},
  consents: [],
  ...change,
})
const entry = { type: 'contact-erased', actor: 'staff:leila', contact: id } as const
const print = { purpose: 1, bits: 20, week: 2_900, value: 3 }
const drafted = (opened = holding()) => new Draft(opened, NOW)

describe('an operation that fails', () => {
  /** Whatever an operation can write. */
  const write = (draft: Draft, number: number) => {
    draft.put(contact({ revision: number }))
    draft.note(entry)
    draft.left.push(print)
    draft.quarantined.push(print)
    draft.exportRows.push({ bucket: TODAY, plain: id, id })
    draft.setRecord({ policy: riverside, pending: true })
    draft.catalogue.purpose(`purpose ${number}`)
    draft.forgets = true
    draft.rememberPoint('1:a', contactIdOf(new Uint8Array(16).fill(number)))
    draft.slotChange = { rootKey: `key ${number}` as never, slots: [], put: [], drop: [] }
  }
  const stateOf = (draft: Draft) => ({
    contacts: [...draft.contacts],
    entries: [...draft.entries],
    left: [...draft.left],
    quarantined: [...draft.quarantined],
    exportRows: [...draft.exportRows],
    undated: [...draft.undated],
    forgets: draft.forgets,
    catalogue: structuredClone(draft.catalogue.record),
    changed: draft.catalogue.changed,
    record: draft.record,
    points: [...(draft.byPoint('1:a') ?? [])],
    slotChange: draft.slotChange,
    empty: draft.empty,
  })

  it.each([
    ['nothing', () => {}],
    ['what another wrote', (draft: Draft) => write(draft, 1)],
  ])('leaves a draft with %s as it was', async (_, before) => {
    const draft = drafted()
    before(draft)
    const was = stateOf(draft)
    const no = new Error('no')
    const failed = draft.attempt(async within => {
      expect(within).toBe(draft)
      write(within, 2)
      within.remove(contactIdOf(new Uint8Array(16).fill(9)))
      expect(stateOf(within)).not.toEqual(was)
      throw no
    })
    await expect(failed).rejects.toBe(no)
    expect(stateOf(draft)).toEqual(was)
  })

  it('keeps nobody from those that succeed, before it and after it', async () => {
    const draft = drafted()
    expect(await draft.attempt(async within => write(within, 1) ?? 'one')).toBe('one')
    await expect(draft.attempt(async within => Promise.reject(write(within, 2)))).rejects.toBeUndefined()
    expect(await draft.attempt(async within => write(within, 3) ?? 'three')).toBe('three')
    expect(draft.entries).toHaveLength(2)
    expect([...draft.contacts.values()].map(each => each?.revision)).toEqual([3])
    expect(draft.catalogue.record.purposes).toEqual(['prayer-times', 'purpose 1', 'purpose 3'])
    expect(draft.byPoint('1:a')?.size).toBe(2)
  })
})

describe('a draft', () => {
  it('is empty until anything would be written', () => {
    expect(drafted().empty).toBe(true)
    const changes: ((draft: Draft) => unknown)[] = [
      draft => draft.put(contact()),
      draft => draft.remove(sara),
      draft => draft.note(entry),
      draft => draft.left.push(print),
      draft => draft.quarantined.push(print),
      draft => draft.exportRows.push({ bucket: TODAY, plain: id, id }),
      draft => draft.undated.push({ kind: 'notice', plain: id, replace: false }),
      draft => (draft.slotChange = { rootKey: undefined as never, slots: [], put: [], drop: [] }),
      draft => (draft.forgets = true),
    ]
    for (const change of changes) {
      const draft = drafted()
      change(draft)
      expect(draft.empty, String(change)).toBe(false)
    }
  })

  it('has a catalogue of its own, or the one it is given', () => {
    const opened = holding()
    const draft = new Draft(opened, NOW)
    draft.catalogue.purpose('chat')
    expect(opened.catalogue.record.purposes).toEqual(['prayer-times'])
    expect(new Draft(opened, NOW, opened.catalogue).catalogue).toBe(opened.catalogue)
    expect(draft.today).toBe(TODAY)
  })

  it('rules by the record that it sets, which is written in the place of the old one', () => {
    const draft = drafted()
    expect(draft.policy).toEqual(riverside)
    const stricter = { ...riverside, maxJump: 'P30D' } as typeof riverside
    draft.setRecord({ policy: stricter })
    expect(draft.policy).toEqual(stricter)
    expect(draft.undated.map(({ kind, replace }) => [kind, replace])).toEqual([['policy', true]])
    expect(decodeRecord(draft.undated[0]?.plain as Uint8Array)).toEqual({ policy: stricter })
    // What loosens waits until its day.
    draft.setRecord({ policy: riverside, before: stricter, loosensAt: NOW + 1 })
    expect(draft.policy).toMatchObject({ maxJump: 'P30D' })
    draft.setRecord({ policy: riverside, before: stricter, loosensAt: NOW })
    expect(draft.policy).toEqual(riverside)
  })

  it('takes in a contact as large as may be, and no byte more', () => {
    const draft = drafted()
    const note = (length: number) => contact({ card: { notes: { n1: { note: 'x'.repeat(length) } } } as never })
    const large = 60_000
    const rest = (bytesTooMany(note(large)) as number) - large
    draft.put(note(MAX_CONTACT_BYTES - rest))
    expect(draft.contacts.size).toBe(1)
    expect(() => drafted().put(note(MAX_CONTACT_BYTES - rest + 1))).toThrow(
      expect.objectContaining({
        code: 'CARD_TOO_LARGE',
        data: { bytes: MAX_CONTACT_BYTES + 1, limit: MAX_CONTACT_BYTES },
      }),
    )
  })
})

describe('a contact', () => {
  const held = () =>
    holding([
      slice(TODAY + 9, { l: true, r: 4, c: NOW, d: { name: { full: 'Sara' } } }),
      slice(TODAY, { d: { phones: {} } }),
    ])

  it('is put together from its slices, but for those that have passed', async () => {
    expect(await drafted(held()).contact(sara)).toMatchObject({ id: sara, revision: 4, card: { name: {}, phones: {} } })
    const passed = holding([slice(TODAY - 1, { l: true, r: 4, d: { name: {} } }), slice(TODAY, { d: { phones: {} } })])
    expect((await drafted(passed).contact(sara))?.card).toEqual({ phones: {} })
    expect(await drafted(holding([slice(TODAY - 1)])).contact(sara)).toBeUndefined()
  })

  it('is as the draft leaves it, also where it is gone', async () => {
    const draft = drafted(held())
    draft.put(contact({ revision: 5 }))
    expect((await draft.contact(sara))?.revision).toBe(5)
    draft.remove(sara)
    expect(await draft.contact(sara)).toBeUndefined()
    await expect(draft.needContact(sara)).rejects.toMatchObject({ code: 'UNKNOWN_CONTACT' })
  })

  it('that nobody is is unknown, and may be in what does not open where something is damaged', async () => {
    const nobody = contactIdOf(new Uint8Array(16).fill(2))
    for (const wrong of [nobody, 'nobody' as never]) expect(await drafted(held()).contact(wrong)).toBeUndefined()
    expect((await drafted(held()).needContact(sara)).id).toBe(sara)
    await expect(drafted(held()).needContact(nobody)).rejects.toMatchObject({ code: 'UNKNOWN_CONTACT' })
    const damaged = holding([slice(TODAY)], true)
    await expect(drafted(damaged).needContact(nobody)).rejects.toMatchObject({
      code: 'CORRUPT',
      data: { row: 'pages' },
    })
    expect((await drafted(damaged).needContact(sara)).id).toBe(sara)
  })

  it('in whose page somebody else stands is damage, named by whose record it is', async () => {
    const other = new Uint8Array(16).fill(2)
    const opened = holding([slice(TODAY), slice(TODAY, { i: other })])
    await expect(readContact(opened, opened.catalogue, sara, TODAY)).rejects.toMatchObject({
      code: 'CORRUPT',
      data: { row: `pages ${'02'.repeat(16)}` },
    })
  })

  it('whose page went meanwhile is looked for again, and one whose record is none is damage', async () => {
    const at = { page: '0', slot: 1, bucket: TODAY, head: undefined as never }
    await expect(readSlice(holding(), at)).rejects.toThrow(Overtaken)
    const damage = { code: 'CORRUPT', data: { row: 'pages' } }
    await expect(readSlice(holding([{ bucket: TODAY, record: encodeRecord('none') }]), at)).rejects.toMatchObject(
      damage,
    )
    await expect(readSlice(holding([slice(TODAY)]), { ...at, slot: 3 })).rejects.toMatchObject(damage)
    const opened = holding([slice(TODAY, { d: { name: {} } })])
    expect(await readSlice(opened, at)).toEqual({ i: id, d: { name: {} } })
  })
})
