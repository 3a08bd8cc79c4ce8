import { expect, test } from 'vitest'
import { CryptoError } from '../src/errors'
import { isCryptoError } from '../src/index'

test('an error of ours is told by its name and code, also one of another copy of the package, and nothing else is', () => {
  const ofAnotherCopy = Object.assign(new Error('no'), { name: 'CryptoError', code: 'CANNOT_OPEN' })
  expect([new CryptoError('CANNOT_OPEN', 'no'), ofAnotherCopy].map(isCryptoError)).toEqual([true, true])
  const others = [
    new TypeError('no'),
    Object.assign(new Error('no'), { code: 'EIO' }),
    Object.assign(new Error('no'), { name: 'CryptoError' }),
    { name: 'CryptoError', code: 'CANNOT_OPEN' },
    'CryptoError',
    undefined,
  ]
  expect(others.filter(isCryptoError)).toEqual([])
})
