/** Bytes as tests write them down, a source that isn't random, and changed copies. */

import type { Randomness } from '../src/index'

export const bytes = (hexDigits: string) =>
  Uint8Array.from(hexDigits.match(/../g) ?? [], pair => Number.parseInt(pair, 16))
export const hex = (value: Uint8Array) => Array.from(value, byte => byte.toString(16).padStart(2, '0')).join('')
export const text = (string: string) => new TextEncoder().encode(string)

/** A source whose bytes depend on the seed alone (xorshift32): a test that fails, fails again. */
export function seeded(seed: number): Randomness {
  let state = seed * 2 + 1
  return length =>
    Uint8Array.from({ length }, () => {
      state ^= state << 13
      state ^= state >>> 17
      state ^= state << 5
      return (state >>> 7) & 0xff
    })
}

/** A copy with one bit of the byte at `at` flipped. */
export function flipped(value: Uint8Array, at: number, bit = 0): Uint8Array {
  const copy = new Uint8Array(value)
  copy[at] = (copy[at] ?? 0) ^ (1 << bit)
  return copy
}

/** The code of the error that this throws; undefined when it doesn't throw. */
export function codeOf(attempt: () => unknown): unknown {
  try {
    attempt()
  } catch (error) {
    return (error as { code?: unknown }).code ?? (error as Error).name
  }
  return undefined
}

/** The code of the error that this rejects with; undefined when it resolves. */
export async function codeOfLater(attempt: Promise<unknown>): Promise<unknown> {
  try {
    await attempt
  } catch (error) {
    return (error as { code?: unknown }).code ?? (error as Error).name
  }
  return undefined
}
