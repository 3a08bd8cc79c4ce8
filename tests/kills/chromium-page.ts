/**
 * The page whose browser is killed: opens or makes a vault in IndexedDB and OPFS, carries out what it is told, and lets
 * whoever kills it know. What a step will do is known outside before it begins; what has resolved is said at once.
 */
import { TABLES } from '@amanat/store-contract'
import { indexedDb } from '@amanat/store-indexeddb'
import { createVault, isVaultError, openVault, vaultExists } from '@amanat/vault'
import { fakeClock } from '@amanat/vault/testing'
import type { Entries, Operation, Seen } from './acknowledged'
import { act, formats, type KilledVault, type Said } from './act'
import { unlockOf } from './order'
import { instantOf, policyOf } from './people'
import { sightOf } from './sight'
import { keepingOldCells } from './steps'

/** Bytes as letters, each of one byte: what a page can hand over as it is. */
export interface Written {
  readonly root?: string
  readonly rows: readonly {
    readonly table: string
    readonly id: string
    readonly bucket: number
    readonly bytes: string
  }[]
  readonly halves: readonly string[]
}

export interface Way {
  readonly slot: number
  readonly narrowed: boolean
}

export interface Looked {
  readonly people: readonly (readonly [string, Seen])[]
  readonly entries: readonly (readonly [string, Entries])[]
  readonly existing: readonly string[]
}

export interface KilledPage {
  written(): Promise<Written>
  /** In the first of these ways that it opens in; made in the first, if there is none and none was acknowledged. */
  open(day: number, ways: readonly Way[], isNew: boolean, broken?: string): Promise<Way>
  look(ids: readonly (readonly [string, string])[]): Promise<Looked>
  use(
    steps: readonly (readonly Operation[])[],
    first: number,
    ids: readonly (readonly [string, string])[],
  ): Promise<void>
  lock(): Promise<void>
}

/** Resolves when it is known outside that the step begins. */
declare function stepBegins(step: number): Promise<void>
declare function say(said: Said): Promise<void>

const NAME = 'killed'
/** Shorter than people's, for what is killed on purpose. */
const patience = { cellTimeoutMs: 5_000 }
let vault: KilledVault
let opened: Way
let clock: ReturnType<typeof fakeClock>
let early = false

const letters = (bytes: Uint8Array) => {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return text
}

const page: KilledPage = {
  async written() {
    const store = indexedDb(NAME)
    await store.open()
    try {
      const root = await store.root()
      const rows: { table: string; id: string; bucket: number; bytes: string }[] = []
      for (const table of TABLES) {
        for await (const { id, bucket, bytes } of store.scan(table)) {
          rows.push({ table, id: letters(id), bucket, bytes: letters(bytes) })
        }
      }
      const halves = [await store.cell.read(0), await store.cell.read(1)].flatMap(half => (half ? [letters(half)] : []))
      return { ...(root ? { root: letters(root.bytes) } : {}), rows, halves }
    } finally {
      await store.close()
    }
  },

  async open(day, ways, isNew, broken) {
    clock = fakeClock(new Date(instantOf(day)).toISOString())
    early = broken === 'acknowledges-early'
    const make = () =>
      broken === 'keeps-old-cells' ? keepingOldCells(indexedDb(NAME)) : indexedDb(NAME, { ...patience })
    const refusals: string[] = []
    const exists = await there()
    if (!exists && !isNew) throw new Error('the vault is gone, and nobody destroyed it')
    for (const way of ways) {
      const options = {
        store: make(),
        unlock: unlockOf(false, way.slot),
        policy: policyOf(way.narrowed),
        actor: 'staff:omid',
        formats,
        clock,
      }
      try {
        vault = (await (exists ? openVault(options) : createVault(options))) as KilledVault
        opened = way
        return way
      } catch (error) {
        if (!isVaultError(error, 'CANNOT_UNLOCK') && !isVaultError(error, 'POLICY_DIFFERS')) throw error
        refusals.push(error.code)
      }
    }
    throw new Error(`it opens in no way that was acknowledged: ${refusals.join(', ')}`)
  },

  async look(ids) {
    const { people, entries, existing } = await sightOf(vault, opened.narrowed, new Map(ids))
    return { people: [...people], entries: [...entries], existing: [...existing] }
  },

  async use(steps, first, ids) {
    const actor = {
      vault,
      ids: new Map(ids),
      clock,
      store: () => indexedDb(NAME),
      unlockOf: (slot: number) => unlockOf(false, slot),
      say: (said: Said) => void say(said),
      early,
    }
    let number = first
    for (const [at, step] of steps.entries()) {
      await stepBegins(at)
      await act(actor, [step], number)
      number += step.length
    }
    await say({ say: 'all-done' })
  },

  lock: () => vault.lock(),
}

async function there(): Promise<boolean> {
  const store = indexedDb(NAME)
  const exists = await vaultExists(store)
  await store.close()
  return exists
}

Object.assign(globalThis, { page })
