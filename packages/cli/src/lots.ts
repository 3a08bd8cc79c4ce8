/** A long stream in parts that are held and committed one at a time: so many rows, or so many bytes of the file. */

/** What is held, and what is read again after a crash. */
const LOT_ROWS = 2_000
const LOT_BYTES = 8 * 1024 * 1024

/** @param read how many bytes were read so far */
export async function* lotsOf<T>(rows: AsyncIterable<T>, read: () => number): AsyncGenerator<T[]> {
  let lot: T[] = []
  let from = read()
  for await (const row of rows) {
    lot.push(row)
    if (lot.length < LOT_ROWS && read() - from < LOT_BYTES) continue
    yield lot
    lot = []
    from = read()
  }
  if (lot.length > 0) yield lot
}
