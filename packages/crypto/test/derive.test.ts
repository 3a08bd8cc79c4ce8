import { blake2b } from '@noble/hashes/blake2.js'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { derive, equalBytes, fingerprint, hash, ready, Secret, wipe } from '../src/index'
import { hex, text } from './bytes'

beforeAll(ready)

const secret = () => Secret.of<'epoch'>(new Uint8Array(32).fill(9))
const call = fc.tuple(fc.string({ minLength: 1 }), fc.array(fc.uint8Array({ maxLength: 12 }), { maxLength: 4 }))

/** The framing as the format says it, from another hand. */
const framed = (label: string, fields: Uint8Array[]) =>
  [text(label), ...fields].flatMap(part => [...new Uint8Array(Uint32Array.of(part.length).buffer), ...part])

describe('deriving and hashing', () => {
  test('are BLAKE2b over label and fields, each behind its length', () => {
    fc.assert(
      fc.property(call, fc.integer({ min: 8, max: 32 }), ([label, fields], length) => {
        const message = Uint8Array.from(framed(label, fields))
        const key = secret().expose()
        expect(derive(label, secret(), ...fields).expose()).toEqual(blake2b(message, { dkLen: 32, key }))
        expect(fingerprint(label, secret(), length, ...fields)).toEqual(blake2b(message, { dkLen: length, key }))
        expect(hash(label, ...fields)).toEqual(blake2b(message, { dkLen: 32 }))
      }),
    )
  })

  test('give different answers to different labels and fields, however these are cut', () => {
    fc.assert(
      fc.property(call, call, ([label, fields], [otherLabel, otherFields]) => {
        const same =
          label === otherLabel &&
          fields.length === otherFields.length &&
          fields.every((field, i) => equalBytes(field, otherFields[i] as Uint8Array))
        expect(equalBytes(hash(label, ...fields), hash(otherLabel, ...otherFields))).toBe(same)
      }),
    )
    expect(hash('a', text('bc'), text('d'))).not.toEqual(hash('a', text('b'), text('cd')))
    expect(hash('a', text('b'))).not.toEqual(hash('ab'))
    expect(hash('a', text(''))).not.toEqual(hash('a'))
  })

  test('leave the secret as it was, so that a ratchet can be stepped from a kept one', () => {
    const start = secret()
    const once = derive<'ratchet'>('amanat/ratchet/1', start)
    expect(derive('amanat/ratchet/1', start).expose()).toEqual(once.expose())
    expect(derive('amanat/ratchet/1', once).expose()).not.toEqual(once.expose())
  })

  test.each([7, 33, 0, 8.5, Number.NaN])('make no fingerprint of %d bytes', length => {
    expect(() => fingerprint('amanat/test/1', secret(), length)).toThrow(TypeError)
  })

  test('take no empty label, and no strings for fields', () => {
    expect(() => hash('')).toThrow(TypeError)
    expect(() => hash('amanat/test/1', 'text' as unknown as Uint8Array)).toThrow(TypeError)
    expect(() => hash(text('amanat/test/1') as unknown as string)).toThrow(TypeError)
  })
})

describe('bytes', () => {
  test('are equal when all of them are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.uint8Array({ maxLength: 40 }), (a, b) => {
        expect(equalBytes(a, new Uint8Array(a))).toBe(true)
        expect(equalBytes(a, b)).toBe(hex(a) === hex(b))
      }),
    )
    expect(equalBytes(Uint8Array.of(1, 2, 3), Uint8Array.of(1, 2, 4))).toBe(false)
    expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 2, 0))).toBe(false)
  })

  test('are zeros when wiped', () => {
    const bytes = Uint8Array.of(1, 2, 3)
    wipe(bytes)
    expect(bytes).toEqual(new Uint8Array(3))
  })
})
