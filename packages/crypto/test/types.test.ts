/** What must not compile. `tsc` is the test: each line that is expected to be an error fails the type check when it is none. */

import { beforeAll, expect, test } from 'vitest'
import {
  createSlot,
  derive,
  ready,
  Secret,
  type Sha256Stream,
  seal,
  secretKey,
  systemRandomness,
  type Unlock,
} from '../src/index'

beforeAll(ready)

const accepts = {
  rootKey: (secret: Secret<'root-key'>) => secret,
  any: (secret: Secret<string>) => secret,
}

test('a secret of one kind does not compile where another belongs, and any fits where any does', () => {
  const page = Secret.random<'page'>(systemRandomness)
  const rootKey = Secret.random<'root-key'>(systemRandomness)
  // @ts-expect-error a page's secret is no root key
  accepts.rootKey(page)
  // @ts-expect-error without a kind it is no root key either
  accepts.rootKey(Secret.of<string>(new Uint8Array(32)))
  // @ts-expect-error nor does a new name make it one
  const renamed: Secret<'root-key'> = page
  expect([accepts.rootKey(rootKey), accepts.any(page), renamed]).toEqual([rootKey, page, page])
})

test('bytes are no secret, and a secret is no bytes', () => {
  const page = Secret.random<'page'>(systemRandomness)
  const nothing = new Uint8Array()
  // @ts-expect-error a key is a Secret
  expect(() => seal(new Uint8Array(32), nothing, nothing, systemRandomness)).toThrow(TypeError)
  // @ts-expect-error a secret is sealed by its bytes, and that takes a word
  expect(() => seal(page, page, nothing, systemRandomness)).toThrow(TypeError)
  // @ts-expect-error a string is no message
  expect(() => seal(page, 'text', nothing, systemRandomness)).toThrow(TypeError)
})

test('deriving takes the kind that is asked for', () => {
  const page = Secret.random<'page'>(systemRandomness)
  const ratchet: Secret<'ratchet'> = derive('amanat/test/1', page)
  // @ts-expect-error what was derived as a ratchet is no root key
  accepts.rootKey(derive<'ratchet'>('amanat/test/1', page))
  expect(ratchet.expose()).toHaveLength(32)
})

test('a slot wraps a root key, by an unlock that was made here', async () => {
  const unlock = secretKey(new Uint8Array(32))
  const page = Secret.random<'page'>(systemRandomness)
  const vaultId = new Uint8Array(16)
  // @ts-expect-error a page's secret is no root key
  await createSlot({ vaultId, rootKey: page, unlock, randomness: systemRandomness })
  // @ts-expect-error an object of the same shape is no unlock
  const forged: Unlock = { kind: 'secret-key', toJSON: () => '', toString: () => '' }
  const rootKey = Secret.random<'root-key'>(systemRandomness)
  await expect(createSlot({ vaultId, rootKey, unlock: forged, randomness: systemRandomness })).rejects.toThrow(
    'An unlock is made by',
  )
})

test('a stream of SHA-256 takes bytes', () => {
  // @ts-expect-error strings have no bytes of their own
  const misuse = (stream: Sha256Stream) => stream.update('text')
  expect(misuse).toBeTypeOf('function')
})
