/**
 * A file on its way into a vault, in lots: what was committed stays, whatever happens after. A dry run is the same way into a vault
 * in memory with the same policy and nobody in it, so that it is the rules themselves that speak; who is here, or has left,
 * it doesn't know.
 */
import type { CsvColumns } from '@amanat/cards'
import type { AnyVault, Clock, Policy } from '@amanat/vault'
import { type BadRow, type GoodRow, type Plan, peopleIn } from './people-in'
import type { Columns, Given } from './source'
import { Tally } from './tally'

/** Rows in one commit: few enough to tell how far it got, many enough that pages aren't written over and over. */
const LOT = 250
/** Longer than this nothing works without letting the page breathe. */
const BREATH_MS = 12

export interface Run {
  readonly given: Given
  readonly plan: Plan
  readonly columns: Columns
  readonly signal: AbortSignal
  readonly onShare?: (share: number) => void
  readonly onDone?: (rows: number) => void
}

export async function bringInto(
  vault: AnyVault,
  { given, plan, columns, signal, onShare, onDone }: Run,
): Promise<Tally> {
  const tally = new Tally()
  const onColumns = (found: CsvColumns) => tally.columns.push(found)
  const rows = peopleIn(given, plan, { columns, onColumns, ...(onShare ? { onShare } : {}) })
  let lot: GoodRow[] = []
  const commit = async () => {
    const report = await vault.addMany(
      lot.map(row => row.contact),
      { whenUndeclared: plan.undeclared },
    )
    tally.add(lot, report)
    lot = []
    onDone?.(tally.rows)
    await breath()
  }
  let last = performance.now()
  try {
    for await (const row of rows) {
      if (signal.aborted) break
      if ('contact' in row) lot.push(row)
      else tally.bad(row)
      if (lot.length >= LOT) await commit()
      if (performance.now() - last > BREATH_MS) {
        await breath()
        last = performance.now()
      }
    }
    if (lot.length > 0 && !signal.aborted) await commit()
  } catch (error) {
    tally.error = error
  }
  tally.isCut = signal.aborted
  return tally
}

/** @throws what the file is no address book for */
export async function dryRun(policy: Policy, clock: Clock, run: Run): Promise<Tally> {
  const [{ createVault, secretKey }, { memoryStore }] = await Promise.all([
    import('@amanat/vault'),
    import('@amanat/vault/testing'),
  ])
  // A key that is never kept, over a store that goes with this function.
  const unlock = secretKey(crypto.getRandomValues(new Uint8Array(32)))
  const vault = await createVault({ store: memoryStore(), unlock, policy, actor: 'dry-run', clock })
  try {
    const tally = await bringInto(vault as AnyVault, run)
    if (tally.error !== undefined) throw tally.error
    return tally
  } finally {
    await vault.lock()
  }
}

/** Lets the page draw and answer. A message comes at once; a timer would wait. */
function breath(): Promise<void> {
  const { port1, port2 } = new MessageChannel()
  return new Promise(resolve => {
    port1.onmessage = () => {
      port1.close()
      resolve()
    }
    port2.postMessage(undefined)
  })
}

export type { BadRow, Plan }
