/** Opens everything that the vault lists, once, to say what doesn't open: for somebody who wants to know whether a vault is sound. */
import { hex, sameBytes } from '../bytes'
import { firstRecordOf, readRow } from '../ledger/rows'
import { HeadView } from '../pages/head'
import { decodePage } from '../pages/page'
import type { RingEntry } from '../pages/ring'
import type { Opened } from './opened'
import { ledgerKey, openRow, type RowSecret } from './rows'
import { slotHash } from './seal-draft'

export interface Examination {
  /** Rows that were looked at. */
  readonly rows: number
  /** Table and id, in hexadecimal, of each row that is missing or isn't what was sealed. */
  readonly damaged: readonly string[]
}

const AT_ONCE = 64

/**
 * What somebody replaced while it was looked at is no damage: where anybody committed meanwhile, only what is found damaged a
 * second time is told.
 *
 * @param read does something with the vault as of now
 */
export async function examine(read: <T>(work: (opened: Opened) => Promise<T>) => Promise<T>): Promise<Examination> {
  const { first, alone } = await read(async opened => {
    const { store, version } = opened
    const first = await look(opened)
    return { first, alone: first.damaged.length === 0 || (await store.root())?.version === version }
  })
  if (alone) return first
  const again = await read(look)
  return { ...again, damaged: again.damaged.filter(row => first.damaged.includes(row)) }
}

async function look(opened: Opened): Promise<Examination> {
  const damaged = new Set<string>()
  let rows = 0
  const { store, ring, root, days } = opened
  const each = (table: string, id: Uint8Array, works: () => unknown): void => {
    rows++
    try {
      works()
    } catch {
      damaged.add(`${table} ${hex(id)}`)
    }
  }
  const dated = [...ring.entries()].filter(({ bucket }) => bucket >= days.tick)
  const rowsOf = async (
    table: 'pages' | 'heads' | 'exports',
    entries: readonly RingEntry[],
    read: (plain: Uint8Array) => unknown,
  ) => {
    for (let at = 0; at < entries.length; at += AT_ONCE) {
      const some = entries.slice(at, at + AT_ONCE)
      const sealed = await store.read(
        table,
        some.map(({ id }) => id),
      )
      some.forEach(({ id, bucket, secret }, i) => {
        each(table, id, () =>
          read(openRow(opened.rows.place(table, id, bucket), secret, days, sealed[i] ?? new Uint8Array())),
        )
      })
    }
  }
  const pages = dated.filter(({ table }) => table === 'pages')
  await rowsOf('pages', pages, decodePage)
  await rowsOf('heads', pages, plain => new HeadView(plain))
  await rowsOf(
    'exports',
    dated.filter(({ table }) => table === 'exports'),
    plain => plain,
  )

  const undated = async (table: 'ring' | 'undated', listed: readonly { id: Uint8Array; secret: RowSecret }[]) => {
    const sealed = await store.read(
      table,
      listed.map(({ id }) => id),
    )
    listed.forEach(({ id, secret }, i) => {
      each(table, id, () => openRow(opened.rows.place(table, id), secret, days, sealed[i] ?? new Uint8Array()))
    })
  }
  await undated('ring', root.chunks)
  await undated('undated', root.undated)
  const slots = await store.read(
    'slots',
    root.slots.map(({ id }) => id),
  )
  root.slots.forEach(({ id, hash }, i) => {
    each('slots', id, () => {
      if (!sameBytes(slotHash(slots[i] ?? new Uint8Array()), hash)) throw new RangeError('another slot')
    })
  })
  rows += await examineLedger(opened, damaged)
  return { rows, damaged: [...damaged] }
}

/** Rows that don't open are damage only where records are missing: others were left behind by a vault that stood here before. */
async function examineLedger(opened: Opened, damaged: Set<string>): Promise<number> {
  const strangers: string[] = []
  let rows = 0
  let next = 0
  for await (const { id, bytes } of opened.store.scan('ledger')) {
    try {
      const records = readRow(
        openRow(opened.rows.place('ledger', id), ledgerKey(opened.root.ledger.secret, id), opened.days, bytes),
      )
      if (firstRecordOf(id) === next) next += records.length
      rows++
    } catch {
      strangers.push(`ledger ${hex(id)}`)
    }
  }
  if (next < opened.root.ledger.records)
    for (const row of strangers.length > 0 ? strangers : ['ledger']) damaged.add(row)
  return rows
}
