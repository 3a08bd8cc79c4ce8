import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { isCryptoError, openSealed, ready, SEAL_OVERHEAD, Secret, seal, systemRandomness } from '../src/index'
import { codeOf, flipped, text } from './bytes'

beforeAll(ready)

const someBytes = (maxLength: number) => fc.uint8Array({ maxLength })
const aSecret = fc.uint8Array({ minLength: 32, maxLength: 32 }).map(bytes => Secret.of<'page'>(bytes))

describe('what was sealed', () => {
  test('opens with the same secret and the same associated bytes', () => {
    fc.assert(
      fc.property(aSecret, someBytes(2000), someBytes(100), (secret, plain, aad) => {
        const sealed = seal(secret, plain, aad, systemRandomness)
        expect(sealed.length).toBe(plain.length + SEAL_OVERHEAD)
        expect(openSealed(secret, sealed, aad)).toEqual(plain)
      }),
    )
  })

  test('opens from a view in the middle of a larger buffer', () => {
    const secret = Secret.random<'page'>(systemRandomness)
    const sealed = seal(secret, text('lent, not owned'), text('row'), systemRandomness)
    const larger = new Uint8Array(sealed.length + 9)
    larger.set(sealed, 5)
    expect(openSealed(secret, larger.subarray(5, 5 + sealed.length), text('row'))).toEqual(text('lent, not owned'))
  })

  test('never looks the same twice', () => {
    const secret = Secret.random<'page'>(systemRandomness)
    const once = seal(secret, text('same'), text(''), systemRandomness)
    const again = seal(secret, text('same'), text(''), systemRandomness)
    expect(again).not.toEqual(once)
  })

  test('cannot be opened with another secret or other associated bytes', () => {
    fc.assert(
      fc.property(
        aSecret,
        aSecret,
        someBytes(100),
        someBytes(50),
        someBytes(50),
        (secret, other, plain, aad, wrong) => {
          const sealed = seal(secret, plain, aad, systemRandomness)
          fc.pre(other.expose().some((byte, i) => byte !== secret.expose()[i]))
          expect(codeOf(() => openSealed(other, sealed, aad))).toBe('CANNOT_OPEN')
          fc.pre(wrong.length !== aad.length || wrong.some((byte, i) => byte !== aad[i]))
          expect(codeOf(() => openSealed(secret, sealed, wrong))).toBe('CANNOT_OPEN')
        },
      ),
    )
  })

  test('cannot be opened with any bit of it flipped, cut anywhere, or with a byte more', () => {
    const secret = Secret.random<'page'>(systemRandomness)
    const sealed = seal(secret, text('a'), text('row'), systemRandomness)
    for (let at = 0; at < sealed.length; at++) {
      for (let bit = 0; bit < 8; bit++) {
        expect(codeOf(() => openSealed(secret, flipped(sealed, at, bit), text('row')))).toBe('CANNOT_OPEN')
      }
      expect(codeOf(() => openSealed(secret, sealed.subarray(0, at), text('row')))).toBe('CANNOT_OPEN')
    }
    expect(codeOf(() => openSealed(secret, Uint8Array.of(...sealed, 0), text('row')))).toBe('CANNOT_OPEN')
  })

  test('tells nothing of why it did not open: same words, no cause', () => {
    const secret = Secret.random<'page'>(systemRandomness)
    const sealed = seal(secret, text('a'), text('row'), systemRandomness)
    const errors = [sealed.subarray(0, 3), flipped(sealed, 0), flipped(sealed, 30), new Uint8Array(0)].map(bad => {
      try {
        return openSealed(secret, bad, text('row'))
      } catch (error) {
        return isCryptoError(error) && { message: error.message, cause: error.cause }
      }
    })
    expect(new Set(errors.map(error => JSON.stringify(error))).size).toBe(1)
    expect(errors[0]).toMatchObject({ cause: undefined })
  })
})

describe('strings, which libsodium would take for bytes,', () => {
  const secret = () => Secret.of<'page'>(new Uint8Array(32))
  const string = 'x'.repeat(64) as unknown as Uint8Array

  test.each([
    ['sealed', () => seal(secret(), string, text(''), systemRandomness)],
    ['associated when sealing', () => seal(secret(), text(''), string, systemRandomness)],
    ['drawn as a nonce', () => seal(secret(), text(''), text(''), () => 'x'.repeat(24) as unknown as Uint8Array)],
    ['opened', () => openSealed(secret(), string, text(''))],
    ['associated when opening', () => openSealed(secret(), new Uint8Array(64), string)],
  ])('are not %s', (_, attempt) => {
    expect(attempt).toThrow(TypeError)
  })

  test('nor is a nonce of another length', () => {
    expect(() => seal(secret(), text(''), text(''), () => new Uint8Array(12))).toThrow(TypeError)
  })
})
