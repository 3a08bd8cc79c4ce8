/**
 * A page's plaintext: a table of frames, then the records, so that one record is read without the others. Little
 * endian, offsets from the start of the page.
 *
 *     u8 codec (1: CBOR, see `record/`) | u8 0 | u16 count | u32 offsets[count + 1] | records
 *
 * There is one way to write a page: the first record follows the table, each follows the one before it, and nothing
 * comes after the last. Padding is the row's, and sealing.
 */

const CODEC_CBOR = 1
const HEADER = 4
const OFFSET = 4

/**
 * Pages are filled up to this: some 64 contacts of 350 bytes. Smaller pages make the ring longer and opening slower,
 * larger ones make every get and change slower (measured from 18 to 64 KB: best between 18 and 32).
 */
export const TARGET_PAGE_BYTES = 24_000
/**
 * No page is larger: with the row's frame, Padmé padding (59,392) and seal (40) it stays below the 60,000 bytes of a
 * stored row. A single record may take {@link MAX_RECORD_BYTES} of it.
 */
export const MAX_PAGE_BYTES = 59_000
/** The largest record, alone in its page. */
export const MAX_RECORD_BYTES = MAX_PAGE_BYTES - HEADER - 2 * OFFSET

/** Bytes of a page without records. */
export const EMPTY_PAGE_BYTES = HEADER + OFFSET
/** Bytes that a record adds to its page. */
export const frameSizeOf = (record: Uint8Array): number => record.length + OFFSET

/** @throws RangeError when it would be larger than {@link MAX_PAGE_BYTES}. */
export function encodePage(records: readonly Uint8Array[]): Uint8Array {
  let size = EMPTY_PAGE_BYTES
  for (const record of records) size += frameSizeOf(record)
  if (size > MAX_PAGE_BYTES) throw new RangeError('page too large')
  const page = new Uint8Array(size)
  const view = new DataView(page.buffer)
  view.setUint8(0, CODEC_CBOR)
  view.setUint16(2, records.length, true)
  let end = tableEnd(records.length)
  records.forEach((record, slot) => {
    view.setUint32(HEADER + slot * OFFSET, end, true)
    page.set(record, end)
    end += record.length
  })
  view.setUint32(HEADER + records.length * OFFSET, end, true)
  return page
}

/** One record, in place: copy it to keep it. @throws RangeError when there is none, or the page is malformed. */
export function recordAt(plain: Uint8Array, slot: number): Uint8Array {
  const { view, count } = open(plain)
  if (!Number.isInteger(slot) || slot < 0 || slot >= count) throw new RangeError('no such record')
  return frame(plain, view, count, slot)
}

/** All records, in place. @throws RangeError when the bytes are not exactly a page. */
export function decodePage(plain: Uint8Array): Uint8Array[] {
  const { view, count } = open(plain)
  return Array.from({ length: count }, (_, slot) => frame(plain, view, count, slot))
}

function open(plain: Uint8Array): { view: DataView; count: number } {
  if (plain.length < EMPTY_PAGE_BYTES || plain.length > MAX_PAGE_BYTES) throw malformed()
  const view = new DataView(plain.buffer, plain.byteOffset, plain.length)
  const count = view.getUint16(2, true)
  const start = tableEnd(count)
  if (
    view.getUint8(0) !== CODEC_CBOR ||
    view.getUint8(1) !== 0 ||
    start > plain.length ||
    view.getUint32(HEADER, true) !== start ||
    view.getUint32(start - OFFSET, true) !== plain.length
  ) {
    throw malformed()
  }
  return { view, count }
}

function frame(plain: Uint8Array, view: DataView, count: number, slot: number): Uint8Array {
  const from = view.getUint32(HEADER + slot * OFFSET, true)
  const to = view.getUint32(HEADER + (slot + 1) * OFFSET, true)
  if (from < tableEnd(count) || from > to || to > plain.length) throw malformed()
  return plain.subarray(from, to)
}

const tableEnd = (count: number): number => HEADER + (count + 1) * OFFSET
const malformed = (): RangeError => new RangeError('page malformed')
