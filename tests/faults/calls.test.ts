/**
 * Every call of every port fails once: wherever an operation of a vault asks its store, its clock or its source of
 * randomness, and in every way in which such a call can fail. The operation then ends in an error that has a code and
 * says what to do, or it succeeds; the vault is as it was or as it was to be; nobody waits for ever; whoever opens it
 * next finds everything that was answered for, and nothing of what was answered for as forgotten. Whether what is
 * damaged for good can be borne is for `damage.test.ts`.
 *
 * One run again: `AMANAT_FAULT='erase 17 fails: IO' npx vitest run --project 'node*' tests/faults/calls.test.ts`.
 */
import { env } from 'node:process'
import { type MemoryMedium, memoryMedium } from '@amanat/store-contract/memory'
import { type AnyVault, isVaultError, openVault, vaultExists } from '@amanat/vault'
import { type FakeClock, fakeClock } from '@amanat/vault/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { haulOf, key1, marksOf, person } from '../../packages/vault/test/protocol/world'
import { figures, nightly } from '../trust/figures'
import { type Call, type Fault, LOCK_LOST, Ports, WAYS } from './failing'
import {
  EVENING,
  key5,
  newWorld,
  OPERATIONS,
  type Operation,
  optionsOn,
  reopen,
  shownBy,
  stateOf,
  type World,
} from './world'

/** Far longer than anything here takes: past it somebody waits for what never comes. */
const NEVER_MS = 20_000
const only = env.AMANAT_FAULT

let world: World
beforeAll(async () => {
  world = await newWorld()
})

interface Run {
  readonly vault: AnyVault | undefined
  readonly medium: MemoryMedium
  readonly clock: FakeClock
  readonly ports: Ports
  readonly value: unknown
  readonly error: unknown
  /** Nothing was committed: then only the cell can be another than it was. */
  readonly untouched: boolean
}

async function run(the: Operation, fault?: Fault): Promise<Run> {
  const medium = the.empty ? memoryMedium() : world.medium.clone()
  const clock = fakeClock(EVENING)
  const ports = new Ports()
  const vault = the.unopened ? undefined : ((await openVault(optionsOn(medium, clock, ports))) as AnyVault)
  if (the.at) clock.set(the.at)
  const { roots } = medium.history
  const committed = roots.length
  ports.fault = fault
  ports.armed = true
  const id = (number: number) => world.ids[number] as string
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('nothing was ever answered')), NEVER_MS)
  })
  const acting = the.act({ vault: vault as AnyVault, clock, medium, ports, id })
  const [value, error] = await Promise.race([acting, late]).then(
    value => [value, undefined],
    error => [undefined, error ?? new Error('rejected with nothing')],
  )
  clearTimeout(timer)
  ports.armed = false
  return { vault, medium, clock, ports, value, error, untouched: roots.length === committed }
}

interface Ends {
  readonly old: string
  readonly after: string
  readonly value: string
  readonly calls: readonly Call[]
  /** What an object of the vault shows before and after. */
  readonly seen: readonly string[]
}

const NONE = 'no vault'
const short = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value)).slice(0, 600)

const there = async (medium: MemoryMedium, clock: FakeClock) =>
  (await vaultExists(optionsOn(medium, clock).store)) ? reopen(medium, clock) : undefined

async function stateAfter(medium: MemoryMedium, clock: FakeClock): Promise<string> {
  const vault = await there(medium, clock)
  return vault ? stateOf(medium, vault) : NONE
}

/** Between which states an operation may end: as if it had never begun, at the same time of day, and done. */
async function endsOf(the: Operation): Promise<Ends> {
  const calm = await run(the)
  expect(calm.error).toBeUndefined()
  const seen = calm.vault && !the.ends ? [JSON.stringify(await shownBy(calm.vault))] : []
  const after = await stateAfter(calm.medium, calm.clock)
  const idle = the.empty ? memoryMedium() : world.medium.clone()
  const clock = fakeClock(new Date(calm.clock.now()).toISOString())
  const old = await stateAfter(idle, clock)
  if (old !== NONE) seen.push(JSON.stringify(await shownBy(await reopen(idle, clock))))
  // What a clock that stood still would have shown.
  seen.push(JSON.stringify(await shownBy(await reopen(world.medium.clone(), fakeClock(EVENING)))))
  return { old, after, value: JSON.stringify(calm.value) ?? '', calls: calm.ports.calls, seen }
}

/** How a call may fail: all the ways by night, by day one after the other as the calls go by. */
function waysOf(call: Call, number: number): readonly string[] {
  const ways = call.locked ? [...WAYS[call.op], LOCK_LOST] : WAYS[call.op]
  if (nightly || only) return ways
  return [ways[number % ways.length] as string]
}

/** Calls without an answer that matters one way or the other come by the dozen: by day the first ones do. */
function isTried(calls: readonly Call[], at: number): boolean {
  if (nightly || only) return true
  const { op } = calls[at] as Call
  const sameBefore = calls.slice(0, at).filter(call => call.op === op).length
  return op === 'clock.now' || op === 'randomness' ? sameBefore < 3 : true
}

/** What an error says of the vault, where it says it: then it must be so. */
const NOTHING_HAPPENED = new Set(['IO', 'NO_SPACE', 'BUSY', 'CANNOT_UNLOCK'])
const problems: string[] = []
const codes = new Map<string, number>()
let failed = 0

async function judge(name: string, the: Operation, ends: Ends, fault: Fault): Promise<void> {
  const call = ends.calls[fault.at] as Call
  const where = `${name} ${fault.at} ${fault.way} (${call.op}${call.table ? ` ${call.table}` : ''})`
  const done = await run(the, fault)
  if (!done.ports.struck) return
  failed++
  const wrong = (what: string, more?: unknown) =>
    void problems.push(
      `${where}: ${what}${more === undefined ? '' : ` ${more instanceof Error ? (more.stack ?? more.message) : short(more)}`}`,
    )
  const { error } = done
  if (error !== undefined) {
    if (!isVaultError(error)) wrong('no error of a vault', error)
    else if (error.fix === '' || error.message === '') wrong('an error that says nothing')
    codes.set(`${(error as { code?: string }).code}`, (codes.get(`${(error as { code?: string }).code}`) ?? 0) + 1)
  } else if (the.reads && JSON.stringify(done.value) !== ends.value) {
    wrong(`another answer than was right: ${JSON.stringify(done.value)}`)
  }
  // The same object goes on, or says what to do.
  if (done.vault) {
    await shownBy(done.vault).then(
      seen => {
        if (!the.several && !ends.seen.includes(JSON.stringify(seen)))
          wrong('the same object shows something else', seen)
      },
      later => {
        if (!isVaultError(later)) wrong('later no error of a vault', later)
        else if (!the.ends) wrong(`the same object can not be read any more: ${later.code}`)
      },
    )
  }
  // Whoever opens it next.
  let next: AnyVault | undefined
  let fresh: string
  try {
    next = await there(done.medium, done.clock)
    fresh = next ? (done.untouched && !nightly ? ends.old : await stateOf(done.medium, next)) : NONE
    if (next && done.untouched && !the.several && !ends.seen.includes(JSON.stringify(await shownBy(next))))
      wrong('shows something else')
  } catch (later) {
    if (the.destroys && isVaultError(later)) return
    return wrong('can not be opened any more', later)
  }
  if (error === undefined && fresh !== ends.after) wrong('answered for, and not so', fresh)
  if (!the.several && fresh !== ends.after && fresh !== ends.old) wrong('neither as it was nor as it was to be', fresh)
  const { code } = (error ?? {}) as { code?: string }
  const single = !the.unopened && !the.ends && !the.several
  if (fresh === ends.after && ends.after !== ends.old && NOTHING_HAPPENED.has(code ?? '') && single)
    wrong(`says ${code}, and it was done`)
  if (!next || (done.untouched && the.unopened && !nightly)) return
  // And goes on with it: on the same object, and on another.
  const added = { ...person(8, ['times']), ref: undefined } as never
  if (done.vault && !the.ends) {
    await done.vault.add(added).catch(later => {
      if (!isVaultError(later)) wrong('later no error of a vault', later)
      else if (later.code !== 'KEY_CHANGED') wrong(`nothing can be added on the same object any more: ${later.code}`)
    })
  } else await next.add(added)
  if (done.untouched && !nightly) return
  const examined = await next.examine()
  if (examined.damaged.length > 0) wrong('rows are damaged', examined.damaged)
  const gone = marksOf(1).name
  if (!the.empty) await next.erase(world.ids[1] as string)
  const haul = await haulOf(done.medium, [key1, key5])
  const forgotten = [...(the.empty ? [] : [gone]), ...(fresh === ends.after ? (the.forgotten ?? []) : [])]
  const found = forgotten.filter(word => haul.where(word).length > 0)
  if (found.length > 0) wrong('can still be read', found)
  if (haul.where(marksOf(8).name).length === 0) wrong('what was added can not be found')
}

afterAll(() => {
  figures('faults', { 'calls failed': failed })
  if (env.AMANAT_FAULT_CODES) console.log(Object.fromEntries(codes))
})

describe('each call fails once', () => {
  test.each(Object.entries(OPERATIONS))(
    '%s',
    async (name, the) => {
      if (only && !only.startsWith(`${name} `)) return
      problems.length = 0
      const ends = await endsOf(the)
      expect(ends.calls.length).toBeGreaterThan(0)
      for (const [at, call] of ends.calls.entries()) {
        if (!isTried(ends.calls, at)) continue
        for (const way of waysOf(call, at)) {
          if (only && only !== `${name} ${at} ${way}` && !env.AMANAT_FAULT_ALL) continue
          await judge(name, the, ends, { at, way })
        }
      }
      expect(problems, problems.join('\n')).toEqual([])
    },
    600_000,
  )
})
