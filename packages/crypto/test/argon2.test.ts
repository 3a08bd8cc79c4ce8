import { argon2id as noble } from '@noble/hashes/argon2.js'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { argon2id } from '../src/argon2'
import { ready } from '../src/index'
import { codeOfLater, hex, text } from './bytes'

beforeAll(ready)

const salt = new Uint8Array(16).fill(2)
const cost = { memory: 64, passes: 1 }

describe('Argon2id in its worker', () => {
  test('agrees with an implementation that gives the answer of RFC 9106', async () => {
    // RFC 9106, section 5.3; libsodium takes neither lanes, nor a secret, nor associated data.
    const rfc = noble(new Uint8Array(32).fill(1), new Uint8Array(16).fill(2), {
      t: 3,
      m: 32,
      p: 4,
      dkLen: 32,
      key: new Uint8Array(8).fill(3),
      personalization: new Uint8Array(12).fill(4),
    })
    expect(hex(rfc)).toBe('0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659')
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ minLength: 1, maxLength: 80 }),
        fc.uint8Array({ minLength: 16, maxLength: 16 }),
        fc.integer({ min: 8, max: 256 }),
        fc.integer({ min: 1, max: 3 }),
        async (password, anySalt, memory, passes) => {
          const expected = noble(password, anySalt, { t: passes, m: memory, p: 1, dkLen: 32 })
          const key = await argon2id(new Uint8Array(password), anySalt, { memory, passes })
          expect(key.expose()).toEqual(expected)
        },
      ),
      { numRuns: 5 },
    )
  })

  test('leaves no worker behind', async () => {
    const workers = () =>
      process.getActiveResourcesInfo().filter(resource => resource === 'Worker' || resource === 'MessagePort')
    const before = workers()
    const deriving = argon2id(text('open, please'), salt, cost)
    expect(workers().length).toBeGreaterThan(before.length)
    await deriving
    expect(workers()).toEqual(before)
  })

  test('empties the passphrase that it was given', async () => {
    const passphrase = text('open, please')
    await argon2id(passphrase, salt, cost)
    expect(passphrase).toEqual(new Uint8Array(12))
  })

  /** A worker that answers, or fails, as told; and how it was treated. */
  function hand(answer: { answer: unknown } | { failure: unknown }) {
    const seen = { ended: 0, asked: {} as Record<string, unknown>, transferred: [] as ArrayBuffer[] }
    const told = { answer: (_: unknown) => {}, failure: (_: unknown) => {} }
    return {
      seen,
      ask: (question: object, transferred: ArrayBuffer[]) => {
        seen.asked = { ...question }
        seen.transferred = transferred
        queueMicrotask(() => ('answer' in answer ? told.answer(answer.answer) : told.failure(answer.failure)))
      },
      onAnswer: (tell: (answer: unknown) => void) => {
        told.answer = tell
      },
      onFailure: (tell: (cause: unknown) => void) => {
        told.failure = tell
      },
      end: () => {
        seen.ended++
      },
    }
  }

  test.each([
    ['fails', { failure: new Error('Refused by the Content Security Policy.') }, 'KDF_UNAVAILABLE'],
    ['cannot load libsodium', { answer: { failed: 'load' } }, 'KDF_UNAVAILABLE'],
    ['gets no memory', { answer: { failed: 'memory' } }, 'KDF_UNAVAILABLE'],
    ['fails its self-test', { answer: { failed: 'self-test' } }, 'SELF_TEST_FAILED'],
    ['answers', { answer: { key: new Uint8Array(32) } }, undefined],
    ['answers something else', { answer: undefined }, 'KDF_UNAVAILABLE'],
  ])('is ended when it %s', async (_, answer, expected) => {
    const worker = hand(answer)
    expect(await codeOfLater(argon2id(text('open, please'), salt, cost, () => worker))).toBe(expected)
    expect(worker.seen.ended).toBe(1)
    expect(worker.seen.transferred).toEqual([(worker.seen.asked.passphrase as Uint8Array).buffer])
  })

  test('that cannot start is an error that names the fix', async () => {
    const start = () => {
      throw new Error('Worker is not defined.')
    }
    const passphrase = text('open, please')
    await expect(argon2id(passphrase, salt, cost, start)).rejects.toMatchObject({
      code: 'KDF_UNAVAILABLE',
      message: expect.stringContaining('argon2-worker.js'),
    })
    expect(passphrase).toEqual(new Uint8Array(12))
  })

  test('says how much memory it would have needed', async () => {
    // More than a WebAssembly memory can grow to: the real worker, the real refusal.
    await expect(argon2id(text('open, please'), salt, { memory: 3 * 1024 * 1024, passes: 1 })).rejects.toMatchObject({
      code: 'KDF_UNAVAILABLE',
      message: expect.stringContaining('3072 MiB'),
    })
  })
})
