import { Encrypter, generateHybridIdentity, generateIdentity, identityToRecipient } from 'age-encryption'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isAgeRecipient } from '../../src/policy/age-recipient'
import { KEY, OTHER_KEY } from '../riverside'

/** What the library that seals says of it. */
function ageTakes(key: string): boolean {
  try {
    new Encrypter().addRecipient(key)
    return true
  } catch {
    return false
  }
}

const LETTERS = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'
const letter = fc.constantFrom(...LETTERS)

describe('a recipient of age', () => {
  test('is told by its checksum', () => {
    expect(isAgeRecipient(KEY)).toBe(true)
    expect(isAgeRecipient(OTHER_KEY)).toBe(true)
  })

  test('may be of a key that outlasts quantum computers', async () => {
    expect(isAgeRecipient(await identityToRecipient(await generateIdentity()))).toBe(true)
    expect(isAgeRecipient(await identityToRecipient(await generateHybridIdentity()))).toBe(true)
  })

  test('with one letter or two mistyped is none', () => {
    const mistyped = fc
      .tuple(fc.nat(KEY.length - 5), letter, fc.nat(KEY.length - 5), letter)
      .map(([a, x, b, y]) => put(put(KEY, 4 + a, x), 4 + b, y))
      .filter(key => key !== KEY)
    fc.assert(fc.property(mistyped, key => !isAgeRecipient(key)))
  })

  test.each([
    ['nothing', ''],
    ['its beginning alone', 'age1'],
    ['one cut short', KEY.slice(0, -1)],
    ['one with a letter more', `${KEY}q`],
    ['one with blanks around it', ` ${KEY}`],
    ['one in capitals', KEY.toUpperCase()],
    ['an identity', 'AGE-SECRET-KEY-1QQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQ'],
    // Made with the bech32 of @scure/base: 32 bytes whose left-over bits are set, and 31 bytes.
    ['one with bits left over', 'age1qurswpc8qurswpc8qurswpc8qurswpc8qurswpc8qurswpc8qur3czx78h'],
    ['one of another length', 'age1qurswpc8qurswpc8qurswpc8qurswpc8qurswpc8qurswpc8qunndjpz'],
    ['an address of a coin', 'bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq'],
  ])('is not %s', (_, key) => {
    expect(isAgeRecipient(key)).toBe(false)
  })

  test('is one exactly where age-encryption takes it', () => {
    const alike = fc.oneof(
      fc.constant(KEY),
      fc.string({ unit: letter, minLength: 58, maxLength: 58 }).map(rest => `age1${rest}`),
      fc.tuple(fc.nat(KEY.length - 1), fc.constantFrom(...LETTERS, '1', 'b', 'Q')).map(([at, x]) => put(KEY, at, x)),
    )
    fc.assert(fc.property(alike, key => isAgeRecipient(key) === ageTakes(key)))
  })
})

const put = (text: string, at: number, letter: string) => text.slice(0, at) + letter + text.slice(at + 1)
