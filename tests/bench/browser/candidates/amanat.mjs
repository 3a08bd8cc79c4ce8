// The vault, in IndexedDB with its cell in OPFS.
import { indexedDb } from '@amanat/store-indexeddb'
import { costsOf } from '../../costs.mjs'
import { vaultCandidate } from '../../vault.mjs'
import { memory } from '../rows.mjs'

const store = () => indexedDb('bench')

export const candidate = () => ({ ...vaultCandidate({ store, memory }), costs: call => costsOf(store, call) })
