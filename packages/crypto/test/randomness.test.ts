import { expect, test, vi } from 'vitest'
import { draw, systemRandomness } from '../src/randomness'

test('no bytes are given out twice, however many are asked for at a time', () => {
  const seen = new Set<string>()
  let runs = 0
  for (let n = 0; n < 3_000; n++) {
    for (const length of [16, 24, 32, 64, 65, 100]) {
      const bytes = systemRandomness(length)
      expect(bytes).toHaveLength(length)
      // Eight bytes that come again by chance: once in 10¹⁰ such tests.
      for (let at = 0; at + 8 <= length; at += 8) {
        seen.add(Buffer.from(bytes.subarray(at, at + 8)).toString('hex'))
        runs++
      }
      bytes.fill(7)
    }
  }
  expect(seen.size).toBe(runs)
})

test('each length is what was asked for, in an array of its own, up to more than the platform gives at once', () => {
  for (const length of [0, 1, 63, 64, 65, 1023, 1024, 1025, 65_536, 200_001]) {
    const bytes = systemRandomness(length)
    expect([bytes.length, bytes.byteOffset, bytes.buffer.byteLength]).toEqual([length, 0, length])
    // The last third isn't left empty: a million times less likely than any failure of the machine.
    if (length > 60) expect(bytes.subarray(Math.floor((2 * length) / 3)).some(byte => byte !== 0)).toBe(true)
  }
})

test('a platform that gives none is no reason to hand out what was there before', () => {
  const failing = vi.spyOn(crypto, 'getRandomValues').mockImplementation(() => {
    throw new DOMException('none', 'OperationError')
  })
  try {
    // Some may be left from the last time; after at most a kilobyte there are none.
    const all = () => Array.from({ length: 40 }, () => systemRandomness(32))
    expect(all).toThrow('none')
    expect(all).toThrow('none')
  } finally {
    failing.mockRestore()
  }
  expect(systemRandomness(32).some(byte => byte !== 0)).toBe(true)
})

test('a source that gives another length is refused', () => {
  expect(() => draw(() => new Uint8Array(31), 32)).toThrow(TypeError)
})
