export { type IndexedDbOptions, indexedDb } from './indexed-db'
export { forgetVault, rememberVault, vaultsHere } from './vaults-here'
