/** The same slot in a real browser: WebAssembly on the page, Argon2id in a module worker that the bundler found. */

import { beforeAll, describe, expect, test } from 'vitest'
import { createSlot, openSlot, passphrase, readSlot, ready, Secret, systemRandomness } from '../src/index'
import { codeOfLater, hex, seeded } from './bytes'

beforeAll(ready)

const vaultId = Uint8Array.from({ length: 16 }, (_, i) => i)

describe('in a browser', () => {
  test('a passphrase makes a slot at full cost, opens it, and another passphrase does not', async () => {
    const rootKey = Secret.random<'root-key'>(systemRandomness)
    const unlock = passphrase('open, please')
    const { slot } = await createSlot({ vaultId, rootKey, unlock, randomness: systemRandomness })
    expect(readSlot(slot)).toEqual({ kind: 'passphrase', params: { memory: 131_072, passes: 3 } })
    expect(hex((await openSlot({ slot, vaultId, unlock })).expose())).toBe(hex(rootKey.expose()))
    expect(await codeOfLater(openSlot({ slot, vaultId, unlock: passphrase('open, pleasd') }))).toBe('CANNOT_OPEN')
  })

  test('the page goes on while a passphrase is stretched', async () => {
    let ticks = 0
    const ticking = setInterval(() => ticks++, 5)
    const rootKey = Secret.random<'root-key'>(systemRandomness)
    await createSlot({ vaultId, rootKey, unlock: passphrase('open, please'), randomness: systemRandomness })
    clearInterval(ticking)
    expect(ticks).toBeGreaterThan(5)
  })

  test('a slot has the same bytes as in Node', async () => {
    const rootKey = Secret.of<'root-key'>(new Uint8Array(32).fill(0xa5))
    const unlock = passphrase('سلام', { memory: 65_536, passes: 1 })
    const { slot } = await createSlot({ vaultId, rootKey, unlock, randomness: seeded(7) })
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new Uint8Array(slot)))
    expect(hex(digest)).toBe('07b53a44747711895e8f8296889d33b191048d1148f624b3da75baa9c539a2cd')
  })
})
