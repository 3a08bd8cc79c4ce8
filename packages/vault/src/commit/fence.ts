/**
 * A lock can be taken from a process that goes on. What it was writing to the cell is then a leftover to whoever has the
 * lock now, while the commit that needs it may still be under way: so that one must be made to conflict first.
 */
import { isStoreError, type Root, type Store } from '@amanat/store-contract'
import { Overtaken } from './overtaken'

/**
 * Inside `exclusive`: commits this root once more as it is. Whoever read it before and commits after this, conflicts.
 * @throws Overtaken when somebody was first, and when nobody knows: then what the root says has to be read again
 */
export async function fence(store: Store, root: Root): Promise<void> {
  try {
    if ((await store.commit({ expect: root.version, root: root.bytes, put: [], drop: [] })) === 'committed') return
  } catch (error) {
    if (!isStoreError(error) || error.code !== 'UNKNOWN_RESULT') throw error
  }
  throw new Overtaken()
}
