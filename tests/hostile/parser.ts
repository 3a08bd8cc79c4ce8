/**
 * One parser against many inputs: it answers with a value, or throws the error that its module documents. Nothing
 * else counts: no TypeError of something undefined, no overflown stack, no hang, nothing left behind on a prototype,
 * nothing of the input in what an error says (R37). Says how to replay a case that fails, and counts.
 */
import { randomInt } from 'node:crypto'
import { env } from 'node:process'
import fc from 'fast-check'
import { test } from 'vitest'
import { figures, size } from '../trust/figures'
import { MARK } from './nasty'
import { pat, rest, watch } from './watchdog'

export interface Parser<T> {
  readonly input: fc.Arbitrary<T>
  /** Parses; may look at what came out, and throw an {@link Unfit} where that is wrong. */
  readonly read: (input: T) => unknown
  /** Whether this error is the one that is documented for input which is no good. */
  readonly refuses: (error: unknown) => boolean
  /** Its share: half of it in the normal run, fifty times as many in the nightly one. */
  readonly runs: number
  /** Where what is read may be repeated: a policy is its author's own words, nobody's data. */
  readonly repeats?: boolean
}

/** What a parser gave is wrong: never one of the errors that it may throw. */
export class Unfit extends Error {
  override readonly name = 'Unfit'
}

/** For what must hold of a value that was accepted. */
export function fit(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Unfit(what)
}

const NIGHTLY = 50
/** For everybody's test run. */
const NORMAL = 0.5
/** `seed` or `seed:path`, as a failure prints it. */
const REPLAY = env.AMANAT_HOSTILE
const SHOWN = 2_000

let cases = 0

/** A test of this name: so many cases, each refused as documented or fit for use. */
export function hostile<T>(name: string, parser: Parser<T>): void {
  // Looking for hangs, not for speed: see watchdog.ts.
  test(name, { timeout: 600_000 }, async () => {
    const [seed, path] = REPLAY?.split(/:(.*)/) ?? []
    const chosen = seed === undefined ? randomInt(2 ** 31) : Number(seed)
    watch(`"${name}" (AMANAT_HOSTILE=${chosen})`)
    cases = 0
    try {
      const found = await fc.check(
        fc.asyncProperty(parser.input, input => tried(input, parser)),
        {
          numRuns: size(Math.ceil(parser.runs * NORMAL), Math.ceil(parser.runs * NORMAL * NIGHTLY)),
          seed: chosen,
          ...(path ? { path, endOnFailure: true } : {}),
        },
      )
      if (found.failed) throw failure(name, found as fc.RunDetails<[T]>)
    } finally {
      rest()
      // Here and not after all: files may share this module, and what it asked to be done at the end is done for one of them.
      figures('hostile', { parsers: 1, cases })
    }
  })
}

async function tried<T>(input: T, { read, refuses, repeats }: Parser<T>): Promise<void> {
  pat()
  cases++
  try {
    await read(input)
  } catch (error) {
    if (error instanceof Unfit || !refuses(error)) throw error
    if (!repeats && shownOf(error).includes(MARK)) throw new Unfit(`R37: the error repeats its input: ${error}`)
  } finally {
    untouched()
  }
}

function failure<T>(name: string, found: fc.RunDetails<[T]>): Error {
  const cause = found.errorInstance
  const shown = written(found.counterexample?.[0])
  const lines = [
    `${cause instanceof Error ? cause.stack : cause}`,
    `of ${shown.length > SHOWN ? `${shown.slice(0, SHOWN)}… (${shown.length} characters)` : shown}`,
    `replay: AMANAT_HOSTILE=${found.seed}:${found.counterexamplePath} npx vitest run --project 'node*' tests/hostile -t ${JSON.stringify(name)}`,
  ]
  return new Error(lines.join('\n'), { cause })
}

function written(input: unknown): string {
  try {
    return fc.stringify(input)
  } catch {
    return 'something that nests too deeply to be written down'
  }
}

/** Everything that an error shows anywhere: to a person, in a log, in a report; its causes included. */
export function shownOf(error: unknown): string {
  const seen = new Set<unknown>()
  const parts: string[] = []
  const look = (value: unknown): void => {
    if (typeof value === 'string') parts.push(value)
    if (typeof value !== 'object' || value === null || seen.has(value)) return
    seen.add(value)
    for (const key of Object.getOwnPropertyNames(value)) {
      parts.push(key)
      look((value as Record<string, unknown>)[key])
    }
  }
  look(error)
  return `${parts.join('\n')}\n${JSON.stringify(error)}\n${String(error)}`
}

const PROTOTYPES = [Object, Array, Function, String, Uint8Array, Map, Error, Promise].map(
  each => each.prototype as object,
)
const pictureOf = (): string => PROTOTYPES.map(each => Reflect.ownKeys(each).map(String).join()).join(';')
const before = pictureOf()

function untouched(): void {
  if (pictureOf() !== before) throw new Unfit('a prototype was changed')
}
