import { encode } from 'cborg'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeEntry, encodeEntry, type LedgerEntry, MAX_ENTRY_BYTES, peekType } from '../../src/ledger/entry'

const id = (n: number) => new Uint8Array(16).fill(n)
const hash = (n: number) => new Uint8Array(32).fill(n)
const by = { actor: 'staff:leila', at: Date.UTC(2027, 0, 2) }
const asked = {
  purpose: 'prayer-times',
  recipient: 'sms-gateway',
  format: 'csv',
  version: '1',
  via: 'sealed-file',
  who: 'consented',
} as const

const ENTRIES: LedgerEntry[] = [
  { type: 'vault-created', ...by, vault: id(7), policy: hash(1) },
  { type: 'policy-changed', ...by, from: hash(1), to: hash(2), effective: by.at },
  { type: 'contact-added', ...by, contact: id(1) },
  { type: 'contact-changed', ...by, contact: id(1), revision: 2 },
  { type: 'contact-erased', ...by, contact: id(1) },
  { type: 'contact-forgotten', ...by, contacts: 3 },
  { type: 'consent', ...by, contact: id(1), purpose: 'prayer-times', event: 'given', assurance: 'evidenced' },
  { type: 'quarantined', ...by, contact: id(1) },
  { type: 'purge', ...by, tick: 20_000, slices: 5, rows: 2 },
  { type: 'reveal', ...by, purpose: 'prayer-times', contact: id(1), via: 'find' },
  { type: 'miss', ...by, count: 1 },
  { type: 'check', ...by, purpose: 'prayer-times', recipient: 'self', allowed: 2, reasons: { expired: 1 } },
  {
    type: 'export-started',
    ...by,
    ...asked,
    export: id(2),
    people: 2,
    idsRoot: hash(3),
    leftOut: 1,
    reasons: { 'assurance-too-low': 1 },
    destroyBy: by.at,
  },
  { type: 'export-ended', ...by, export: id(2), sha256: hash(4), bytes: 900, people: 2, leftOut: 1 },
  { type: 'export-broken', ...by, export: id(2) },
  { type: 'export-refused', ...by, ...asked, people: 3, reasons: { 'no-consent': 3 } },
  { type: 'delivery-batch', ...by, export: id(2), batch: 0, from: 0, to: 500 },
  { type: 'bulk-read-refused', ...by, purpose: 'prayer-times', resets: by.at },
  { type: 'suppressed', ...by, count: 1 },
  { type: 'slot-added', ...by, slot: id(3), kind: 'passphrase' },
  { type: 'slot-removed', ...by, slot: id(3), kind: 'passphrase' },
  { type: 'slot-replaced', ...by, slot: id(3), by: id(4), kind: 'recovery-code' },
  { type: 'clock', ...by, kind: 'confirmed', from: 1, to: 2 },
  { type: 'verified', ...by, epoch: 4 },
  { type: 'backup-started', ...by, backup: id(8) },
  { type: 'restored', ...by, backup: id(8), vault: id(7), size: 9, root: hash(5), people: 3, gone: 1, expired: 2 },
]

describe('a ledger entry', () => {
  it.each(ENTRIES)('of the type $type is never taken for another one without being decoded', entry => {
    expect(['', entry.type]).toContain(peekType(encodeEntry(entry)))
  })

  it('of those that an import writes tells its type without being decoded', () => {
    const written = ENTRIES.filter(({ type }) => ['contact-added', 'consent', 'quarantined'].includes(type))
    expect(written.map(entry => peekType(encodeEntry(entry)))).toEqual(written.map(({ type }) => type))
  })

  it('that is cut short has no type to tell, and reading it goes nowhere', () => {
    const bytes = encodeEntry(ENTRIES[2] as LedgerEntry)
    for (let length = 0; length < bytes.length; length++) {
      expect(['', 'contact-added']).toContain(peekType(bytes.subarray(0, length)))
    }
  })

  it.each(ENTRIES)('of the type $type comes back as it was written', entry => {
    expect(decodeEntry(encodeEntry(entry))).toEqual(entry)
  })

  it.each(ENTRIES)('of the type $type is refused without any one of its properties that are needed', entry => {
    const optional = ['effective', 'revision', 'assurance', 'purpose', 'resets', 'sha256']
    const needed = Object.keys(entry).filter(
      property => !optional.includes(property) || (property === 'purpose' && !('via' in entry || 'resets' in entry)),
    )
    expect(needed.length).toBeGreaterThan(2)
    for (const property of needed) {
      const { [property]: _, ...rest } = entry as unknown as Record<string, unknown>
      expect(() => encodeEntry(rest as unknown as LedgerEntry), property).toThrow(RangeError)
      expect(() => decodeEntry(encode(rest)), property).toThrow(RangeError)
    }
  })

  it.each(ENTRIES)('of the type $type has no room for a name or a number (R34)', entry => {
    const leaking = { ...entry, name: 'Sara Karimi' } as unknown as LedgerEntry
    expect(() => encodeEntry(leaking)).toThrow('ledger entry malformed')
    expect(() => decodeEntry(encode(leaking))).toThrow('ledger entry malformed')
  })

  it('takes no free text as a reason, a kind of slot or a ground (R34)', () => {
    const base = { type: 'check', ...by, purpose: 'prayer-times', recipient: 'self', allowed: 0 } as const
    expect(() => encodeEntry({ ...base, reasons: { 'Sara Karimi': 1 } })).toThrow(RangeError)
    expect(() => encodeEntry({ ...base, reasons: { '+447700900123': 1 } })).toThrow(RangeError)
    expect(() => encodeEntry({ type: 'slot-added', ...by, slot: id(1), kind: 'Key of Leila' })).toThrow(RangeError)
  })

  it('of an unknown type is kept, with its actor, its time and its bytes', () => {
    const bytes = encode({ type: 'held', ...by, contact: id(1) })
    expect(decodeEntry(bytes)).toEqual({ type: 'unknown', was: 'held', ...by, bytes })
  })

  it('is not known by a name that every object has', () => {
    const bytes = encode({ type: 'constructor', ...by })
    expect(decodeEntry(bytes)).toMatchObject({ type: 'unknown', was: 'constructor' })
    expect(() => encodeEntry({ type: 'constructor', ...by } as unknown as LedgerEntry)).toThrow(RangeError)
  })

  it('has one encoding only: keys in another order are refused', () => {
    const entry = { type: 'verified', ...by, epoch: 4 } as const
    const backwards = encode(entry, { mapSorter: () => -1 })
    expect(backwards).not.toEqual(encodeEntry(entry))
    expect(() => decodeEntry(backwards)).toThrow(RangeError)
  })

  it('is refused when cut short anywhere, or with a byte too many', () => {
    for (const entry of ENTRIES) {
      const bytes = encodeEntry(entry)
      for (let n = 0; n < bytes.length; n++) expect(() => decodeEntry(bytes.subarray(0, n))).toThrow(RangeError)
      expect(() => decodeEntry(Uint8Array.of(...bytes, 0))).toThrow(RangeError)
    }
  })

  it('is small, or refused', () => {
    const reasons = Object.fromEntries(Array.from({ length: 400 }, (_, i) => [`reason-${i}`, 1]))
    expect(() => encodeEntry({ type: 'export-refused', ...by, ...asked, people: 1, reasons })).toThrow(RangeError)
    expect(() => decodeEntry(new Uint8Array(MAX_ENTRY_BYTES + 1))).toThrow(RangeError)
  })

  it('made of any bytes is an entry or a RangeError that says nothing of them (R37)', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), bytes => {
        try {
          decodeEntry(bytes)
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError)
          expect((error as Error).message).toMatch(/^(record|ledger entry) malformed$/)
        }
      }),
    )
  })
})
