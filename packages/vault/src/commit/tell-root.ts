/** After a crash the cell may stand at a later day than the root says: the root is told before anything else happens. */
import { isStoreError, type Store } from '@amanat/store-contract'
import { VaultError } from '../errors'
import type { Settled } from './cell'
import { decodeRoot, rootAtTick } from './root'

/**
 * Inside `exclusive`: brings the root's tick to the cell's, as a crash may have left it behind.
 * @throws VaultError `CELL_STALE` when the root has seen a later day than the cell.
 */
export async function tellRoot(store: Store, settled: Settled): Promise<void> {
  for (;;) {
    const root = await store.root()
    if (!root) throw new VaultError('VAULT_MISSING')
    const { tick } = decodeRoot(root.bytes)
    if (tick > settled.record.tick) throw new VaultError('CELL_STALE')
    if (tick === settled.record.tick) return
    const bytes = rootAtTick(root.bytes, settled.record.tick)
    try {
      await store.commit({ expect: root.version, root: bytes, put: [], drop: [] })
    } catch (error) {
      // Whether it is in, the root says; nobody minds doing it twice.
      if (!isStoreError(error) || error.code !== 'UNKNOWN_RESULT') throw error
    }
  }
}
