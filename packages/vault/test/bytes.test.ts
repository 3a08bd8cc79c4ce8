import fc from 'fast-check'
import { expect, test } from 'vitest'
import { utf8 } from '../src/bytes'

test('a text has the bytes that the platform gives it, short or long, of any script, with half a pair in it', () => {
  const encoder = new TextEncoder()
  for (const text of [
    '',
    'a',
    '\u0000\u007f\u0080',
    'نسیم',
    '\ud800',
    'a\udc00b',
    'é'.repeat(64),
    `${'a'.repeat(63)}é`,
  ])
    expect(utf8(text)).toEqual(encoder.encode(text))
  const texts = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: 'binary-ascii', minLength: 60, maxLength: 70 }),
  )
  fc.assert(
    fc.property(texts, text => {
      expect(utf8(text)).toEqual(encoder.encode(text))
    }),
  )
  const units = fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 70 })
  fc.assert(
    fc.property(units, some => {
      const text = String.fromCharCode(...some)
      expect(utf8(text)).toEqual(encoder.encode(text))
    }),
  )
})
