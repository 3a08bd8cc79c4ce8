/** What the tests write, made from a number and so the same for every store, and how they look at what is there. */
import { same } from '../assert'
import { HALF_BYTES, type Row, type RowId, type Store, type Table } from '../port'

/** Commits on whatever version there is, with a root that names the version it makes. */
export async function commit(
  store: Store,
  put: readonly Row[] = [],
  drop: readonly { table: Table; id: RowId }[] = [],
) {
  const expect = (await store.root())?.version ?? null
  const root = text(`root ${(expect ?? 0) + 1}`)
  same(await store.commit({ expect, root, put, drop }), 'committed')
}

export async function list(store: Store, table: Table, from?: RowId): Promise<Row[]> {
  const rows: Row[] = []
  for await (const row of store.scan(table, from)) rows.push(row)
  return rows
}

export async function halves(store: Store): Promise<(Uint8Array | undefined)[]> {
  return await store.exclusive(async () => [await store.cell.read(0), await store.cell.read(1)])
}

export async function idsOf(store: Store, table: Table, from?: RowId): Promise<RowId[]> {
  return (await list(store, table, from)).map(({ id }) => id)
}

export function row(table: Table, n: number): Row {
  return { table, id: id(n), bucket: 20_000 + n, bytes: text(`${table} ${n}`) }
}

/** Big-endian, so that ids stand in the order of their numbers; the first twelve bytes are alike. */
export function id(n: number): RowId {
  const bytes = new Uint8Array(16).fill(0x5a)
  new DataView(bytes.buffer).setUint32(12, n)
  return bytes
}

export function text(words: string): Uint8Array {
  return new TextEncoder().encode(words)
}

export function half(n: number): Uint8Array {
  const bytes = noise(HALF_BYTES, n)
  bytes[0] = n
  return bytes
}

/** Bytes that differ from place to place and from seed to seed. Not random, and not meant to be. */
export function noise(size: number, seed: number): Uint8Array {
  let state = (seed + 1) * 2654435761
  return Uint8Array.from({ length: size }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state >>> 24
  })
}
