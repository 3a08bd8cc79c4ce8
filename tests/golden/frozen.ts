/**
 * The golden vaults as they were frozen, in Node: the disk store's folder, and what stood in Chromium's IndexedDB and
 * OPFS. Both can be had as a neutral dump of root, rows and cell, for a reader that knows no store.
 */
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { HALF_BYTES, type Store, TABLES, type Table } from '@amanat/store-contract'
import { type MemoryMedium, memoryMedium, memoryStore } from '@amanat/store-contract/memory'
import { disk } from '@amanat/store-disk'
import type { RawOrigin } from './raw-chromium'
import { type Made, PASSPHRASE, SECRET_KEY } from './story'

export const HERE = fileURLToPath(new URL('.', import.meta.url))

export interface Dump {
  readonly root: string
  readonly cell: readonly string[]
  readonly rows: readonly {
    readonly table: string
    readonly id: string
    readonly bucket: number
    readonly bytes: string
  }[]
}

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')

/** Everything in a store, through its port. The store is open. */
export async function dumpOf(store: Store): Promise<Dump> {
  const root = await store.root()
  const halves = [await store.cell.read(0), await store.cell.read(1)]
  if (!root || !halves[0] || !halves[1]) throw new Error('there is no vault')
  const rows: Dump['rows'][number][] = []
  for (const table of TABLES) {
    for await (const { id, bucket, bytes } of store.scan(table)) {
      rows.push({ table, id: base64(id), bucket, bytes: base64(bytes) })
    }
  }
  return { root: base64(root.bytes), cell: [base64(halves[0]), base64(halves[1])], rows }
}

export interface FromChromium extends RawOrigin {
  readonly made: Made
}

export async function fromChromium(): Promise<FromChromium> {
  return JSON.parse(await readFile(join(HERE, 'chromium.json'), 'utf8'))
}

/** The neutral dump of what stood in Chromium, read off its records without any store. */
export function dumpOfRaw({ databases, files }: RawOrigin): Dump {
  const [database] = databases
  const cell = Buffer.from(base64In(Object.values(files)[0]), 'base64')
  const records = (name: string) =>
    (database?.stores.find(store => store.name === name)?.records ?? []).map(
      ({ value }) => value as Record<string, unknown>,
    )
  return {
    root: base64In(records('root')[0]?.bytes),
    cell: [base64(cell.subarray(0, HALF_BYTES)), base64(cell.subarray(HALF_BYTES))],
    rows: TABLES.flatMap(table =>
      records(table).map(({ id, bucket, bytes }) => ({
        table,
        id: base64In(id),
        bucket: bucket as number,
        bytes: base64In(bytes),
      })),
    ),
  }
}

const base64In = (value: unknown): string => (value as { base64: string }).base64

/** A store in memory that holds what a dump holds. */
export async function inMemory(dump: Dump): Promise<MemoryMedium> {
  const medium = memoryMedium()
  const store = memoryStore({ medium })
  const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'base64'))
  await store.open()
  await store.cell.create([bytes(dump.cell[0] as string), bytes(dump.cell[1] as string)])
  const put = dump.rows.map(row => ({
    table: row.table as Table,
    id: bytes(row.id),
    bucket: row.bucket,
    bytes: bytes(row.bytes),
  }))
  await store.commit({ expect: null, root: bytes(dump.root), put, drop: [] })
  await store.close()
  return medium
}

/** The three ways in, as the second reader takes them. */
export const openingsOf = (made: Made) => ({
  passphrase: PASSPHRASE,
  secretKey: Buffer.from(SECRET_KEY).toString('hex'),
  recoveryCode: made.recoveryCode,
})

/** Gives a copy of the frozen folder, never the folder itself: opening writes. */
export async function onDisk<T>(use: (store: () => Store, made: Made) => Promise<T>): Promise<T> {
  const made = JSON.parse(await readFile(join(HERE, 'disk', 'made.json'), 'utf8')) as Made
  const place = await mkdtemp(join(tmpdir(), 'amanat-golden-'))
  try {
    await cp(join(HERE, 'disk', 'vault'), join(place, 'vault'), { recursive: true })
    return await use(() => disk(join(place, 'vault')), made)
  } finally {
    await rm(place, { recursive: true, force: true })
  }
}
