/**
 * Whether a draft takes something away before its day: then the epoch secret must be replaced. Found by comparing what
 * each changed contact had with what it will have, so that no operation has to remember to say so.
 */
import { sameBytes } from '../bytes'
import type { ContactId } from '../contact/id'
import { contactIdBytes } from '../contact/id'
import type { CutSlice, SliceRecord } from '../contact/slice'
import { encodeRecord } from '../record/record'
import type { Day } from '../time/day'
import { readSlice } from './draft'
import type { Opened } from './opened'

export async function losesSomething(
  opened: Opened,
  cuts: ReadonlyMap<ContactId, readonly CutSlice[]>,
  today: Day,
): Promise<boolean> {
  for (const [id, cut] of cuts) {
    const number = opened.index.numberOf(contactIdBytes(id) as Uint8Array)
    for (const slice of opened.index.slicesOf(number)) {
      if (slice.bucket < today) continue
      if (
        loses(
          await readSlice(opened, slice),
          cut.filter(({ bucket }) => bucket >= slice.bucket),
        )
      )
        return true
    }
  }
  return false
}

/** `later`: the new slices that stay at least as long as this one. */
export function loses(old: SliceRecord, later: readonly CutSlice[]): boolean {
  const kept = (found: (record: SliceRecord) => boolean): boolean => later.some(({ record }) => found(record))
  return (
    Object.entries(old.d).some(([field, value]) => !kept(record => same(record.d[field], value))) ||
    Object.entries(old.t ?? {}).some(([language, patch]) =>
      Object.entries(patch).some(([pointer, value]) => !kept(record => same(record.t?.[language]?.[pointer], value))),
    ) ||
    Object.entries(old.s ?? {}).some(([path, source]) => !kept(record => record.s?.[path] === source)) ||
    Object.entries(old.o ?? {}).some(([key, blob]) => !kept(record => same(record.o?.[key], blob))) ||
    (old.f !== undefined && !kept(record => record.f === old.f)) ||
    (old.n ?? []).some(
      ([purpose, events]) =>
        !kept(record =>
          (record.n ?? []).some(
            ([other, more]) => other === purpose && events.every((event, i) => same(more[i], event)),
          ),
        ),
    )
  )
}

const same = (a: unknown, b: unknown): boolean =>
  a !== undefined && (a === b || sameBytes(encodeRecord(a), encodeRecord(b)))
