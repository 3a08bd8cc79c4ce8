import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { createRecoveryCode, passphrase, recoveryCode, secretKey } from '../src/index'
import { materialOf } from '../src/unlock/unlock'
import { codeOf, codeOfLater, seeded, text } from './bytes'

describe('a passphrase', () => {
  test('is the same however its accents were typed', async () => {
    const composed = await materialOf(passphrase('caf\u00e9 \u06c0'))
    const decomposed = await materialOf(passphrase('cafe\u0301 \u06d5\u0654'))
    expect(decomposed).toEqual(composed)
    expect(composed).toEqual(text('caf\u00e9 \u06c0'))
  })

  test('is not trimmed, cased or folded in any other way', async () => {
    expect(await materialOf(passphrase(' A\u00a0ﬁ '))).toEqual(text(' A\u00a0ﬁ '))
  })

  test.each(['', '\ud800', 'a\udc00b', '\udc00\ud800'])('is not %j', typed => {
    expect(codeOf(() => passphrase(typed))).toBe('PASSPHRASE_INVALID')
  })

  test('is a text, at once or when it is asked for', async () => {
    const mistake = new TypeError('A passphrase must be a string.')
    expect(() => passphrase(7 as never)).toThrow(mistake)
    await expect(materialOf(passphrase(() => 7 as never))).rejects.toThrow(mistake)
    expect(passphrase(() => 'open, please').kind).toBe('passphrase')
  })

  test('may hold characters outside the first plane', async () => {
    expect(await materialOf(passphrase('🙂'))).toEqual(text('🙂'))
  })

  test('is asked for each time it is needed, and judged then', async () => {
    const answers = ['first', '']
    const unlock = passphrase(async () => answers.shift() as string)
    expect(await materialOf(unlock)).toEqual(text('first'))
    expect(await codeOfLater(materialOf(unlock))).toBe('PASSPHRASE_INVALID')
  })

  test.each([
    [{ memory: 65_535 }, 'KDF_TOO_WEAK'],
    [{ memory: 0 }, 'KDF_TOO_WEAK'],
    [{ passes: 0 }, 'KDF_TOO_WEAK'],
    [{ memory: 65_536, passes: 1 }, undefined],
    [{ memory: 1_048_576, passes: 16 }, undefined],
    [{ memory: 1_048_577 }, 'TypeError'],
    [{ passes: 17 }, 'TypeError'],
    [{ memory: 65_536.5 }, 'TypeError'],
    [{ memory: Number.NaN }, 'TypeError'],
    [{ memory: '131072' as unknown as number }, 'TypeError'],
  ])('for a new slot at %j: %s', (cost, expected) => {
    expect(codeOf(() => passphrase('open, please', cost))).toBe(expected)
  })
})

describe('a secret key', () => {
  test('is copied when it is given, and each time it is asked for', async () => {
    const bytes = new Uint8Array(32).fill(3)
    const unlock = secretKey(bytes)
    bytes.fill(0)
    const material = await materialOf(unlock)
    expect(material).toEqual(new Uint8Array(32).fill(3))
    material.fill(0)
    expect(await materialOf(unlock)).toEqual(new Uint8Array(32).fill(3))
  })

  test('of another length is refused, at once or when it is fetched', async () => {
    expect(codeOf(() => secretKey(new Uint8Array(31)))).toBe('BAD_LENGTH')
    expect(await codeOfLater(materialOf(secretKey(() => new Uint8Array(33))))).toBe('BAD_LENGTH')
    expect(codeOf(() => secretKey('0'.repeat(32) as unknown as Uint8Array))).toBe('TypeError')
  })
})

test('no unlock shows what it knows', () => {
  const code = createRecoveryCode(seeded(3))
  const unlocks = [passphrase('correct horse'), secretKey(text('correct horse battery staple ok!')), recoveryCode(code)]
  for (const unlock of unlocks) {
    for (const shown of [inspect(unlock, { depth: 9, showHidden: true }), JSON.stringify(unlock), `${unlock}`]) {
      expect(shown.replaceAll('"', '')).toBe(`[${unlock.kind}]`)
    }
  }
})
