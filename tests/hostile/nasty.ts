/**
 * What strangers write where a word, a number or an object belongs. Names, numbers and dates that code trips over, and
 * ways of warping what was well-formed. {@link MARK} stands in the texts: it must never come back in an error.
 */
import fc from 'fast-check'

/** Stands for a name or a number of somebody. */
export const MARK = 'Markzohreh07700900999Zq'

/** Keys that an object inherits, or would let others inherit. */
export const KEYS = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf', 'then', 'length']

const long = (part: string, length: number) => part.repeat(Math.ceil(length / part.length)).slice(0, length)

const TEXTS = [
  '',
  ' ',
  '\0',
  `${MARK}\0`,
  '\ud800',
  `${MARK}\udfff`,
  '\ud800'.repeat(50),
  `\u202e${MARK}\u202c`,
  '\u2066\u200f\u200e\ufeff',
  '\r\n\t',
  "'; DROP TABLE",
  '../../etc/passwd',
  '\u0000\u001b[2J',
  'İıſKÅ',
  '\u1e9e\ufb03\u0345',
  'e\u0301'.repeat(100),
  '👩‍👩‍👧‍👦',
  long(`${MARK} `, 70_000),
  long('a', 70_000),
  long('\\', 5_000),
  '$&$1`',
  '-',
  '--help',
  'null',
  'NaN',
  '-0',
  '1e999',
  '0x10',
  '٠٧٧٠٠٩٠٠٩٩٩',
  'tel:+447700900123;ext=1',
  'data:,',
  'data:;base64,====',
  `data:image/png;base64,${MARK}`,
  'data:text/plain,%E0%A4%A',
  'amanat:media',
  'javascript:alert(1)',
  'mailto:a@b@c',
  'a@\ud800',
  'a@[::1]',
  'xn--a@xn--a',
]
const DATES = [
  '9999-12-31T23:59:59.999Z',
  '9999-12-31',
  '-000001-01-01T00:00:00Z',
  '+275760-09-13T00:00:00Z',
  '+275760-09-13T00:00:00.001Z',
  '0000-01-01T00:00:00Z',
  '0000-00-00',
  '2026-02-31',
  '2026-13-01',
  '2026-01-01T24:00:00Z',
  '2026-01-01T00:00:60Z',
  '2026-01-01T00:00:00',
  '2026-01-01T00:00:00+99:99',
  '1969-12-31T23:59:59Z',
  'P0D',
  'P99999999999999999999Y',
  'P999999999Y',
  '-P1D',
  'P1.5D',
  'PT',
  'P1Y2M3W4DT5H6M7S',
]
const NUMBERS = [
  0,
  -0,
  -1,
  1,
  1.5,
  255,
  256,
  65_535,
  65_536,
  2 ** 31,
  2 ** 32 - 1,
  2 ** 32,
  2 ** 53 - 1,
  2 ** 53,
  -(2 ** 53),
  8.64e15,
  8.64e15 + 1,
  1e300,
  -1e300,
  5e-324,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
]

/** A text that somebody made to hurt, or any. */
export const nastyText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...TEXTS),
  fc.constantFrom(...DATES),
  fc.constantFrom(...KEYS),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ maxLength: 12 }).map(text => `${text}${MARK}`),
)
export const nastyNumber: fc.Arbitrary<number> = fc.oneof(
  fc.constantFrom(...NUMBERS),
  fc.double(),
  fc.integer(),
  fc.maxSafeInteger(),
)

/** `[[[…]]]` or `{a: {a: …}}`, made without recursion. */
export function nested(depth: number, key?: string): unknown {
  let value: unknown = MARK
  for (let i = 0; i < depth; i++) value = key === undefined ? [value] : { [key]: value }
  return value
}

/** An own property of that name, as JSON.parse makes it. */
export const withKey = (key: string, value: unknown): object =>
  Object.defineProperty({}, key, { value, enumerable: true, writable: true, configurable: true })

/** Whatever JSON can say. */
export const nastyJson: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 5, arbitrary: nastyText },
  { weight: 4, arbitrary: nastyNumber },
  { weight: 4, arbitrary: fc.constantFrom(null, true, false) },
  {
    weight: 4,
    arbitrary: fc.constantFrom<unknown>(
      [],
      {},
      [[]],
      [null],
      [MARK],
      { a: 1 },
      { length: 4_294_967_295 },
      { '': '' },
      { [MARK]: MARK },
      [['prayer-times']],
    ),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom(...KEYS), fc.constantFrom<unknown>(1, null, 'x', {}, { polluted: true }))
      .map(([key, value]) => withKey(key, value)),
  },
  { weight: 1, arbitrary: fc.constantFrom(65, 500).chain(depth => fc.constantFrom(nested(depth), nested(depth, 'a'))) },
  { weight: 2, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
)

/** Also what only CBOR or a caller in JavaScript can say. */
export const nastyValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 6, arbitrary: nastyJson },
  { weight: 1, arbitrary: fc.constant(undefined) },
  {
    weight: 2,
    arbitrary: fc.constantFrom<unknown>(0n, 2n ** 64n - 1n, -(2n ** 63n)),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(0, 1, 8, 15, 16, 17, 31, 32, 33, 48, 1216).map(length => new Uint8Array(length).fill(7)),
  },
)

/** One change of a value: where (each number chooses among what there is, a level deeper), what, and with what. */
export interface Warp {
  readonly way: readonly number[]
  readonly how: 'set' | 'drop' | 'rename' | 'add' | 'twice' | 'list'
  readonly key: string
  readonly value: unknown
}

const warp = (value: fc.Arbitrary<unknown>): fc.Arbitrary<Warp> =>
  fc.record({
    way: fc.array(fc.nat(60), { minLength: 1, maxLength: 7 }),
    how: fc.constantFrom('set', 'set', 'set', 'set', 'drop', 'rename', 'add', 'twice', 'list'),
    key: fc.oneof(fc.constantFrom(...KEYS, MARK, '', 'x:diet', 'phones/p1', '__proto__'), fc.string({ maxLength: 5 })),
    value,
  })

/** One of these values with one to three things in it changed. */
export const warped = (samples: readonly unknown[], value = nastyValue): fc.Arbitrary<unknown> =>
  fc
    .tuple(fc.constantFrom(...samples), fc.array(warp(value), { minLength: 1, maxLength: 3 }))
    .map(([sample, warps]) => warps.reduce((whole, each) => changed(whole, each, 0), sample))

type Fields = Record<string, unknown>

function changed(value: unknown, { way, how, key, value: given }: Warp, level: number): unknown {
  const isList = Array.isArray(value)
  const isObject = typeof value === 'object' && value !== null && !isList && !ArrayBuffer.isView(value)
  const keys = isList ? value.map((_, i) => String(i)) : isObject ? Object.keys(value) : []
  const last = level === way.length - 1 || keys.length === 0
  if (keys.length === 0 && how !== 'add') return how === 'drop' ? undefined : given
  const chosen = keys[(way[level] ?? 0) % Math.max(1, keys.length)] as string
  const inner = (value as Fields)[chosen]
  if (!last && typeof inner === 'object' && inner !== null && !ArrayBuffer.isView(inner)) {
    return replaced(value, chosen, changed(inner, { way, how, key, value: given }, level + 1))
  }
  if (how === 'set') return replaced(value, chosen, given)
  if (how === 'list') return replaced(value, chosen, [inner])
  if (how === 'twice') return isList ? [...value, inner] : replaced(value, key, inner)
  if (how === 'add') return isList ? [...value, given] : isObject ? replaced(value, key, given) : given
  if (isList) return value.filter((_, i) => String(i) !== chosen)
  const { [chosen]: _, ...rest } = value as Fields
  return how === 'rename' ? replaced(rest, key, inner) : rest
}

/** A copy with this property its own, whatever its name is. */
function replaced(value: unknown, key: string, given: unknown): unknown {
  if (Array.isArray(value)) return value.map((each, i) => (String(i) === key ? given : each))
  return Object.defineProperty({ ...(value as Fields) }, key, {
    value: given,
    enumerable: true,
    writable: true,
    configurable: true,
  })
}
