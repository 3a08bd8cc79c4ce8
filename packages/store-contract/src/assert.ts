/** The three assertions of the suite, so that it needs no test framework. They say what was expected, and what came. */
import { isStoreError, type StoreErrorCode } from './errors'

/** Equal by value: plain objects, arrays, byte arrays, primitives. */
export function same(actual: unknown, expected: unknown, what = 'value'): void {
  const difference = differ(actual, expected, what)
  if (difference !== undefined) throw new Error(difference)
}

export function truth(holds: boolean, what: string): void {
  if (!holds) throw new Error(`not so: ${what}`)
}

/** The promise must reject, with this StoreError code or this kind of error. */
export async function refuses(promise: Promise<unknown>, expected: StoreErrorCode | typeof TypeError): Promise<void> {
  const error = await promise.then(
    () => undefined,
    reason => reason as unknown,
  )
  const wanted = typeof expected === 'string' ? expected : expected.name
  if (error === undefined) throw new Error(`expected ${wanted}, and it was done`)
  const fits = typeof expected === 'string' ? isStoreError(error) && error.code === expected : error instanceof expected
  if (!fits) throw new Error(`expected ${wanted}, and got ${String(error)}`, { cause: error })
}

function differ(actual: unknown, expected: unknown, path: string): string | undefined {
  if (actual instanceof Uint8Array && expected instanceof Uint8Array) {
    if (actual.length !== expected.length) return `${path}: ${actual.length} bytes instead of ${expected.length}`
    const at = expected.findIndex((byte, n) => byte !== actual[n])
    return at < 0 ? undefined : `${path}: byte ${at} is ${actual[at]} instead of ${expected[at]}`
  }
  if (isObject(actual) && isObject(expected) && Array.isArray(actual) === Array.isArray(expected)) {
    if (actual instanceof Uint8Array || expected instanceof Uint8Array) return `${path}: bytes on one side only`
    for (const key of new Set([...Object.keys(actual), ...Object.keys(expected)])) {
      const difference = differ(actual[key], expected[key], `${path}.${key}`)
      if (difference !== undefined) return difference
    }
    return undefined
  }
  return Object.is(actual, expected) ? undefined : `${path}: ${show(actual)} instead of ${show(expected)}`
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function show(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
