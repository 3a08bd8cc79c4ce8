/**
 * A small vault whose every row these tests can open and write anew: what a holder of the keys could do to others who
 * open it, and where the valid bytes come from that get mutated.
 */
import { systemRandomness } from '@amanat/crypto'
import { type Row, type Table, UNDATED } from '@amanat/store-contract'
import { type MemoryMedium, memoryStore } from '@amanat/store-contract/memory'
import { testKey } from '@amanat/vault/testing'
import { unlockVault } from '../../packages/vault/src/commit/open'
import type { Opened } from '../../packages/vault/src/commit/opened'
import { ledgerKey, openRow, type RowSecret, sealRow } from '../../packages/vault/src/commit/rows'
import {
  consentTo,
  newWorld,
  openOn,
  person,
  type TestVault,
  type World,
} from '../../packages/vault/test/protocol/world'

export type { Opened, TestVault, World }
export { openOn }

/** A row that these tests may replace: its place, its secret and what is in it. */
export interface OpenRow {
  readonly table: Table
  readonly id: Uint8Array
  readonly bucket: number
  readonly secret: RowSecret
  readonly kind: string
  readonly plain: Uint8Array
}

export interface Haul {
  readonly world: World
  readonly opened: Opened
  readonly medium: MemoryMedium
  /** Every sealed row, opened. */
  readonly rows: readonly OpenRow[]
  /** Every row as it lies in the store. */
  readonly sealed: readonly Row[]
}

/** The world of the protocol's tests with people in every table: somebody left, somebody waits, somebody was handed over. */
export async function haul(): Promise<Haul> {
  const world = await newWorld()
  const { vault } = world
  await vault.erase((await vault.add(person(4, ['times']) as never)).id)
  await vault.add({
    card: { name: { full: 'Waits' }, emails: { e1: { address: 'waits@example.org' } } },
    source: 'a letter',
    mayAsk: 'they-asked',
  } as never)
  const agreed = { ...consentTo('times', 'signed'), recipients: ['gateway'] }
  await vault.add({ ...person(5, ['times']), consents: [agreed], ref: 'gone' } as never)
  await vault
    .for('times')
    .deliver({ recipient: 'gateway', to: async () => undefined, whenRefused: 'leave-out' } as never)
  await vault.lock()
  const medium = world.medium.clone()
  const { opened } = await unlockVault({
    store: memoryStore({ medium }),
    unlock: testKey(),
    clock: world.clock,
    randomness: systemRandomness,
    onEntries: () => undefined,
    maxJumpOf: () => 'P400D',
    check: () => undefined,
  })
  return { world, opened, medium: medium.clone(), rows: await openRows(opened), sealed: await sealedRows(opened) }
}

async function openRows(opened: Opened): Promise<OpenRow[]> {
  const listed: Omit<OpenRow, 'plain'>[] = [
    ...opened.root.chunks.map(({ id, secret }) => ({
      table: 'ring' as const,
      id,
      bucket: UNDATED,
      secret,
      kind: 'ring',
    })),
    ...opened.root.undated.map(({ id, secret, kind }) => ({
      table: 'undated' as const,
      id,
      bucket: UNDATED as number,
      secret,
      kind,
    })),
    ...[...opened.ring.entries()].flatMap(({ table, id, bucket, secret }) =>
      (table === 'pages' ? (['pages', 'heads'] as const) : (['exports'] as const)).map(each => ({
        table: each,
        id,
        bucket: bucket as number,
        secret,
        kind: each,
      })),
    ),
  ]
  for await (const { id } of opened.store.scan('ledger')) {
    listed.push({
      table: 'ledger',
      id,
      bucket: UNDATED,
      secret: ledgerKey(opened.root.ledger.secret, id),
      kind: 'ledger',
    })
  }
  return Promise.all(
    listed.map(async row => {
      const [bytes] = await opened.store.read(row.table, [row.id])
      const plain = openRow(
        opened.rows.place(row.table, row.id, row.bucket),
        row.secret,
        opened.days,
        bytes as Uint8Array,
      )
      return { ...row, plain: plain.slice() }
    }),
  )
}

async function sealedRows(opened: Opened): Promise<Row[]> {
  const rows: Row[] = []
  for (const table of ['slots', 'ring', 'heads', 'pages', 'blobs', 'undated', 'ledger', 'exports'] as const) {
    for await (const row of opened.store.scan(table)) rows.push({ ...row, table } as Row)
  }
  return rows
}

/** The row with something else in it, sealed as whoever has the keys can. */
export function resealed({ opened }: Haul, row: OpenRow, plain: Uint8Array): Uint8Array {
  const place = opened.rows.place(row.table, row.id, row.bucket)
  return sealRow(place, row.secret, opened.days, plain, systemRandomness).bytes
}
