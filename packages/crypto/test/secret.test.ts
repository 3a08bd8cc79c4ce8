import { inspect } from 'node:util'
import { beforeAll, describe, expect, test } from 'vitest'
import { derive, ready, Secret, seal, systemRandomness } from '../src/index'
import { hex, seeded } from './bytes'

beforeAll(ready)

describe('a secret', () => {
  test('holds a copy of its 32 bytes', () => {
    const bytes = new Uint8Array(32).fill(7)
    const secret = Secret.of<'page'>(bytes)
    bytes.fill(0)
    expect(secret.expose()).toEqual(new Uint8Array(32).fill(7))
  })

  test('copies a Buffer too, whose slice would share its memory', () => {
    const buffer = Buffer.alloc(40, 7)
    const secret = Secret.of<'page'>(buffer.subarray(4, 36))
    buffer.fill(0)
    expect(hex(secret.expose())).toBe('07'.repeat(32))
  })

  test.each([
    ['31 bytes', new Uint8Array(31)],
    ['33 bytes', new Uint8Array(33)],
    ['a string', '0'.repeat(32)],
    ['an array', Array(32).fill(0)],
    ['nothing', undefined],
  ])('is not made of %s', (_, value) => {
    expect(() => Secret.of(value as Uint8Array)).toThrow(TypeError)
  })

  test('shows itself as [secret] and nothing more', () => {
    const secret = Secret.random<'page'>(systemRandomness)
    expect(inspect({ secret })).toBe('{ secret: [secret] }')
    expect(inspect(secret, { depth: 9, showHidden: true })).toBe('[secret]')
    expect(JSON.stringify({ secret })).toBe('{"secret":"[secret]"}')
    expect(`${secret}`).toBe('[secret]')
    expect(Object.keys(secret)).toEqual([])
    expect(structuredClone(secret)).toEqual({})
  })

  test('is gone after wiping, and so are the bytes it had lent', () => {
    const secret = Secret.random<'page'>(systemRandomness)
    const lent = secret.expose()
    secret.wipe()
    secret.wipe()
    expect(lent).toEqual(new Uint8Array(32))
    expect(() => secret.expose()).toThrow('This secret was wiped.')
  })

  test('seals and derives nothing after wiping', () => {
    const secret = Secret.random<'page'>(systemRandomness)
    secret.wipe()
    expect(() => seal(secret, new Uint8Array(), new Uint8Array(), systemRandomness)).toThrow('This secret was wiped.')
    expect(() => derive('amanat/test/1', secret)).toThrow('This secret was wiped.')
  })

  test('drawn at random takes its bytes from the randomness it is given, which keeps none', () => {
    const expected = hex(seeded(5)(32))
    let handed = new Uint8Array()
    const source = seeded(5)
    const secret = Secret.random<'page'>(length => {
      handed = new Uint8Array(source(length))
      return handed
    })
    expect(hex(secret.expose())).toBe(expected)
    expect(handed).toEqual(new Uint8Array(32))
  })

  test('is not drawn from a source that gives fewer bytes', () => {
    expect(() => Secret.random(() => new Uint8Array(16))).toThrow(TypeError)
  })
})

describe('the randomness of the system', () => {
  test('gives as many bytes as asked for, never the same 32', () => {
    expect([0, 1, 24, 1000].map(length => systemRandomness(length).length)).toEqual([0, 1, 24, 1000])
    const seen = new Set(Array.from({ length: 1000 }, () => hex(systemRandomness(32))))
    expect(seen.size).toBe(1000)
  })

  test('gives more than the platform gives at once, to the last byte', () => {
    expect(systemRandomness(65_537)).toHaveLength(65_537)
    for (const length of [65_536, 65_600, 150_000]) {
      const drawn = systemRandomness(length)
      expect(drawn).toHaveLength(length)
      // Thirty-two bytes from each part, and the last ones: none as it was, no two alike.
      const some = [0, 65_504, 65_536, 131_072].filter(at => at + 32 <= length).map(at => drawn.subarray(at, at + 32))
      const shown = [...some, drawn.subarray(-32)].map(hex)
      expect(shown).not.toContain('00'.repeat(32))
      expect(new Set(shown).size).toBe(shown.length - (length === 65_536 ? 1 : 0))
    }
  })
})
