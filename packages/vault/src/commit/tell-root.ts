/** After a crash the cell may stand at a later day than the root says: the root is told before anything else happens. */
import { isStoreError, type Root, type Store } from '@amanat/store-contract'
import { sameBytes } from '../bytes'
import { VaultError } from '../errors'
import type { Settled } from './cell'
import { decodeRoot, rootAtTick } from './root'

/** Others may commit meanwhile, and a store may not answer: neither for ever. */
const MOST_TRIES = 64

/**
 * Inside `exclusive`: brings the root's tick to the cell's, as a crash may have left it behind. Nobody moves the tick
 * without the lock, so a root that was read inside it needn't be read again for that.
 *
 * @param read the root, if it was read inside `exclusive` already
 * @returns the root as it was read last
 * @throws VaultError `CELL_STALE` when the root has seen a later day than the cell.
 */
export async function tellRoot(store: Store, settled: Settled, read?: Root): Promise<Root> {
  let failed: unknown
  let known = read
  for (let tries = 0; tries < MOST_TRIES; tries++, known = undefined) {
    const root = known ?? (await store.root())
    if (!root) throw new VaultError('VAULT_MISSING')
    const { tick } = decodeRoot(root.bytes)
    if (tick > settled.record.tick) throw new VaultError('CELL_STALE')
    if (tick === settled.record.tick) return root
    // Written back without a key that could tell: a root that was read wrong once must not become the root.
    const again = await store.root()
    if (again?.version !== root.version) continue
    if (!sameBytes(again.bytes, root.bytes))
      throw new VaultError('IO', { cause: new Error('a root read back otherwise') })
    const bytes = rootAtTick(root.bytes, settled.record.tick)
    try {
      await store.commit({ expect: root.version, root: bytes, put: [], drop: [] })
    } catch (error) {
      // Whether it is in, the root says; nobody minds doing it twice.
      if (!isStoreError(error) || error.code !== 'UNKNOWN_RESULT') throw error
      failed = error
    }
  }
  throw failed ?? new VaultError('BUSY')
}
