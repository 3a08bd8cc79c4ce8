/** Errors of a store, of crypto and of a decoder in the vault's words. */
import { isCryptoError, openSealed, ready, Secret } from '@amanat/crypto'
import { StoreError, type StoreErrorCode } from '@amanat/store-contract'
import { describe, expect, it } from 'vitest'
import { readAs } from '../../src/commit/damaged'
import { Overtaken } from '../../src/commit/overtaken'
import { fromStore } from '../../src/commit/translate'
import { VaultError } from '../../src/errors'

describe('an error from below', () => {
  it.each([
    ['BUSY', 'BUSY'],
    ['CELL_MISSING', 'CELL_MISSING'],
    ['NO_SPACE', 'NO_SPACE'],
    ['UNKNOWN_RESULT', 'UNKNOWN_RESULT'],
    ['IO', 'IO'],
    ['UNSUPPORTED', 'UNSUPPORTED'],
    ['CLOSED', 'VAULT_LOCKED'],
  ] as const)('of a store, %s, is told as %s with its cause', (code: StoreErrorCode, told) => {
    const cause = new StoreError(code, 'no')
    const error = fromStore(cause)
    expect(error).toBeInstanceOf(VaultError)
    expect(error).toMatchObject({ code: told, cause })
  })

  it('that a secret does not fit is told so, and whatever else there is stays as it is', async () => {
    await ready()
    const cause = (() => {
      try {
        return openSealed(Secret.of<'row'>(new Uint8Array(32)), new Uint8Array(50), new Uint8Array())
      } catch (error) {
        return error
      }
    })()
    expect(isCryptoError(cause)).toBe(true)
    const told = fromStore(cause)
    expect(told).toBeInstanceOf(VaultError)
    expect(told).toMatchObject({ code: 'CANNOT_UNLOCK', cause })
    const others = [
      Object.assign(new Error('no'), { name: 'CryptoError', code: 'KDF_UNAVAILABLE' }),
      Object.assign(new Error('no'), { code: 'CANNOT_OPEN' }),
      new VaultError('BUSY'),
      'text',
      undefined,
    ]
    for (const other of others) expect(fromStore(other)).toBe(other)
  })
})

describe('what a decoder gives', () => {
  it('comes through, and what it throws is damage to the row, but for what is ours', () => {
    expect(readAs('pages', () => 7)).toBe(7)
    const thrown = (error: unknown) => {
      try {
        readAs('ledger', () => {
          throw error
        })
      } catch (told) {
        return told
      }
      return undefined
    }
    const cause = new RangeError('malformed')
    expect(thrown(cause)).toBeInstanceOf(VaultError)
    expect(thrown(cause)).toMatchObject({ code: 'CORRUPT', data: { row: 'ledger' }, cause })
    for (const ours of [new VaultError('FORMAT_TOO_NEW'), new Overtaken()]) expect(thrown(ours)).toBe(ours)
  })
})
