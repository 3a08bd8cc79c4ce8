/** A store's errors in the vault's words. */
import { isCryptoError } from '@amanat/crypto'
import { isStoreError } from '@amanat/store-contract'
import { VaultError } from '../errors'

export function fromStore(error: unknown): unknown {
  if (isStoreError(error)) {
    const { code } = error
    if (code === 'UNSUPPORTED') return new VaultError('UNSUPPORTED', { data: undefined, cause: error })
    if (code === 'CLOSED') return new VaultError('VAULT_LOCKED', { cause: error })
    return new VaultError(code, { cause: error })
  }
  if (isCryptoError(error) && error.code === 'CANNOT_OPEN') return new VaultError('CANNOT_UNLOCK', { cause: error })
  return error
}
