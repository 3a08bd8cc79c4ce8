/**
 * Short keyed fingerprints of people who left, or who were in quarantine: enough to stop an import from bringing them
 * back, too short to list them (R20, R22). They stand in undated rows of up to a thousand, sorted, so that their order
 * says nothing about when they came.
 *
 * A row (little endian): u8 format 1 · u8 0 · u16 entries, then 12 bytes each: purpose u16 (65535 for all) · bits u8 ·
 * u8 0 · week u32 · value u32, of which the lowest `bits` count.
 */
import { fingerprint, type Secret } from '@amanat/crypto'
import { u32, utf8, viewOf } from '../bytes'
import type { Point } from '../contact/points'

export const ALL_PURPOSES = 0xffff
export const ROW_ENTRIES = 1_000
const HEADER = 4
const ENTRY = 12

export interface Print {
  readonly purpose: number
  readonly bits: number
  /** Weeks since 1970: when the person left, or came into quarantine. */
  readonly week: number
  readonly value: number
}

/** The first 32 bits of a point's fingerprint for one purpose; a print keeps fewer of them. */
export function printOf(label: 'left' | 'quarantined', key: Secret<'left'>, purpose: number, point: Point): number {
  const bytes = fingerprint(`amanat/${label}/1`, key, 8, u32(purpose), utf8(`${point.kind}:${point.value}`))
  return viewOf(bytes).getUint32(0, true)
}

export const shortened = (value: number, bits: number): number => (value & (2 ** bits - 1)) >>> 0

export class Fingerprints {
  /** By purpose, bits and value: the latest week. */
  readonly #weeks = new Map<string, number>()
  readonly #lengths = new Set<number>()

  static readonly empty: Fingerprints = new Fingerprints([])

  constructor(readonly prints: readonly Print[]) {
    for (const print of prints) {
      const key = keyOf(print.purpose, print.bits, print.value)
      this.#weeks.set(key, Math.max(this.#weeks.get(key) ?? 0, print.week))
      this.#lengths.add(print.bits)
    }
  }

  static read(rows: readonly Uint8Array[]): Fingerprints {
    return new Fingerprints(rows.flatMap(decodePrints))
  }

  get size(): number {
    return this.prints.length
  }

  /** The latest week in which somebody with such a fingerprint left, or undefined. */
  week(purpose: number, value: number): number | undefined {
    let latest: number | undefined
    for (const bits of this.#lengths) {
      const week = this.#weeks.get(keyOf(purpose, bits, shortened(value, bits)))
      if (week !== undefined && (latest === undefined || week > latest)) latest = week
    }
    return latest
  }
}

const keyOf = (purpose: number, bits: number, value: number): string => `${purpose}:${bits}:${value}`

export function encodePrints(prints: readonly Print[]): Uint8Array {
  const sorted = [...prints].sort((a, b) => a.value - b.value || a.purpose - b.purpose)
  const bytes = new Uint8Array(HEADER + sorted.length * ENTRY)
  const view = viewOf(bytes)
  bytes[0] = 1
  view.setUint16(2, sorted.length, true)
  sorted.forEach((print, i) => {
    const at = HEADER + i * ENTRY
    view.setUint16(at, print.purpose, true)
    view.setUint8(at + 2, print.bits)
    view.setUint32(at + 4, print.week, true)
    view.setUint32(at + 8, print.value, true)
  })
  return bytes
}

/** @throws RangeError when the bytes are no row of fingerprints. */
export function decodePrints(bytes: Uint8Array): Print[] {
  if (bytes.length < HEADER || bytes[0] !== 1) throw new RangeError('fingerprints malformed')
  const view = viewOf(bytes)
  const count = view.getUint16(2, true)
  if (bytes.length !== HEADER + count * ENTRY) throw new RangeError('fingerprints malformed')
  return Array.from({ length: count }, (_, i) => {
    const at = HEADER + i * ENTRY
    return {
      purpose: view.getUint16(at, true),
      bits: view.getUint8(at + 2),
      week: view.getUint32(at + 4, true),
      value: view.getUint32(at + 8, true),
    }
  })
}
