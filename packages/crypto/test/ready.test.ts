import { afterEach, describe, expect, test, vi } from 'vitest'
import { codeOfLater } from './bytes'

// Each test loads the package anew: being ready is a state of the module.
afterEach(() => {
  vi.doUnmock('libsodium-wrappers')
  vi.resetModules()
})

describe('ready()', () => {
  test('comes before anything else: sealing and hashing refuse until then', async () => {
    vi.resetModules()
    const { hash, ready } = await import('../src/index')
    expect(() => hash('amanat/test/1')).toThrow('Call ready()')
    await ready()
    await ready()
    expect(hash('amanat/test/1')).toHaveLength(32)
  })

  test('refuses a libsodium that gives other answers, and nothing can be used after that', async () => {
    vi.resetModules()
    vi.doMock('libsodium-wrappers', async importOriginal => {
      const { default: libsodium } = await importOriginal<typeof import('libsodium-wrappers')>()
      await libsodium.ready
      return { default: { ...libsodium, crypto_generichash: (length: number) => new Uint8Array(length) } }
    })
    const { createSlot, hash, ready, Secret, secretKey } = await import('../src/index')
    expect(await codeOfLater(ready())).toBe('SELF_TEST_FAILED')
    expect(() => hash('amanat/test/1')).toThrow('Call ready()')
    const attempt = createSlot({
      vaultId: new Uint8Array(16),
      rootKey: Secret.of(new Uint8Array(32)),
      unlock: secretKey(new Uint8Array(32)),
      randomness: length => new Uint8Array(length),
    })
    expect(await codeOfLater(attempt)).toBe('SELF_TEST_FAILED')
  })
})
