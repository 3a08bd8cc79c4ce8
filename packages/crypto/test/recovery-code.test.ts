import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { createRecoveryCode, ready, recoveryCode, systemRandomness } from '../src/index'
import { materialOf } from '../src/unlock/unlock'
import { codeOf, seeded } from './bytes'

beforeAll(ready)

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const aCode = fc.nat(2 ** 30).map(seed => createRecoveryCode(seeded(seed)))
const read = async (code: string) => new TextDecoder().decode(await materialOf(recoveryCode(code)))

describe('a recovery code', () => {
  test('is seven groups of five symbols that are easily read out', () => {
    fc.assert(
      fc.property(aCode, code => {
        expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{5}(-[0-9A-HJKMNP-TV-Z]{5}){6}$/)
      }),
    )
  })

  test('carries 170 bits: 34 symbols, of which each of the 32 comes up', () => {
    const symbols = Array.from({ length: 200 }, () =>
      createRecoveryCode(systemRandomness).replaceAll('-', '').slice(0, 34),
    )
    expect(new Set(symbols.join(''))).toEqual(new Set(ALPHABET))
    expect(new Set(symbols).size).toBe(200)
  })

  test('is read as the same however it is spaced, cased or confused', async () => {
    await fc.assert(
      fc.asyncProperty(aCode, async code => {
        const expected = await read(code)
        const variants = [
          code.toLowerCase(),
          code.replaceAll('-', ''),
          code.replaceAll('-', ' \t'),
          code.replaceAll('-', '–'),
          `\u200f ${code}\n`,
          code.replaceAll('0', 'O').replaceAll('1', 'I'),
          code.replaceAll('0', 'o').replaceAll('1', 'l'),
          code.replace(/\d/g, digit => String.fromCharCode(0x06f0 + Number(digit))),
          code.replace(/\d/g, digit => String.fromCharCode(0x0660 + Number(digit))),
          code.replace(/[0-9A-Z]/g, symbol => String.fromCharCode(symbol.charCodeAt(0) + 0xfee0)),
        ]
        for (const variant of variants) expect(await read(variant)).toBe(expected)
      }),
    )
  })

  test('with any one symbol wrong is refused as mistyped', () => {
    const code = createRecoveryCode(seeded(1))
    for (let at = 0; at < code.length; at++) {
      if (code[at] === '-') continue
      for (const symbol of `${ALPHABET}U*~$=`) {
        if (symbol === code[at]) continue
        const mistyped = code.slice(0, at) + symbol + code.slice(at + 1)
        expect(codeOf(() => recoveryCode(mistyped))).toBe('RECOVERY_CODE_MISTYPED')
      }
    }
  })

  test('with two neighbours swapped is refused as mistyped', () => {
    fc.assert(
      fc.property(aCode, fc.nat(33), (code, at) => {
        const symbols = code.replaceAll('-', '')
        const swapped = symbols.slice(0, at) + symbols[at + 1] + symbols[at] + symbols.slice(at + 2)
        fc.pre(swapped !== symbols)
        expect(codeOf(() => recoveryCode(swapped))).toBe('RECOVERY_CODE_MISTYPED')
      }),
    )
  })

  test.each(['', '-', 'hello', '0'.repeat(34), '0'.repeat(36), 'U'.repeat(35), '🙂'.repeat(35), '\ud800'.repeat(35)])(
    'is not "%s"',
    typed => {
      expect(codeOf(() => recoveryCode(typed))).toBe('RECOVERY_CODE_MISTYPED')
    },
  )

  test('that was mistyped does not appear in the error', () => {
    const code = createRecoveryCode(seeded(2)).slice(0, -1)
    expect(() => recoveryCode(code)).toThrow(/^The recovery code has a typing mistake\.$/)
  })

  test('is not made from a source that repeats itself for ever', () => {
    const stuck = [...Array(32).keys()].filter(value => {
      const remainder = Array(34)
        .fill(value)
        .reduce((sum, v) => (sum * 32 + v) % 37, 0)
      return remainder > 31
    })
    expect(stuck.length).toBeGreaterThan(0)
    expect(() => createRecoveryCode(length => new Uint8Array(length).fill(stuck[0] as number))).toThrow(TypeError)
  })

  test('is drawn again where its check would be a symbol that is hard to read, 32 the first of them', () => {
    const drawn = [
      [1, 0],
      [0, 1],
    ].map(last => Uint8Array.of(...Array(32).fill(0), ...last))
    expect(createRecoveryCode(() => drawn.shift() as Uint8Array)).toBe('00000-00000-00000-00000-00000-00000-00011')
    let draws = 0
    const stuck = (length: number) => {
      draws++
      return Uint8Array.of(...Array(length - 2).fill(0), 1, 0)
    }
    expect(() => createRecoveryCode(stuck)).toThrow(new TypeError('This Randomness repeats itself.'))
    expect(draws).toBe(64)
  })

  test('stands for its 34 symbols without the check, and is a text', async () => {
    const code = createRecoveryCode(seeded(6))
    expect(await read(code)).toBe(code.replaceAll('-', '').slice(0, 34))
    expect(() => recoveryCode(7 as never)).toThrow(new TypeError('A recovery code must be a string.'))
  })
})
