/**
 * How the oracle looks: a scenario says what must be gone and what must not, and the adversary searches everything that
 * the medium ever held. Shared by the scenarios, and by the tests that break the library to see it notice.
 */
import type { Store } from '@amanat/store-contract'
import type { Opening } from './adversary'
import { everythingTried, type TirelessHaul } from './oracle-tireless'
import { haulOf, imageOf, key1, marksOf, newWorld, PEOPLE, policy, type World, type WorldOptions } from './world'

export interface Outcome {
  readonly forgotten: readonly string[]
  readonly kept: readonly string[]
  /** Words of what was refused: they were never written, so no medium gives them up. */
  readonly never?: readonly string[]
  /** With which keys the image is searched; default: the first one. */
  readonly openings?: readonly Opening[]
  /** These keys open no root, not even an old one. */
  readonly opensNothing?: true
  /** What else the adversary could do and should not; empty is right. */
  readonly more?: (haul: TirelessHaul) => string[]
}

export type Scenario = (world: World) => Promise<Outcome>
export type Scenarios = { readonly [name: string]: Scenario }

/** Every mark of a person that the vault was given. */
export function all(number: number, purposes = PEOPLE[number] ?? []): string[] {
  const { name, phone, email, note, photo, ref, evidence } = marksOf(number)
  return [
    name,
    phone,
    ref,
    ...(purposes.includes('chat') ? [email, note] : []),
    ...(purposes.includes('call') ? [photo] : []),
    ...purposes.map(purpose => `${purpose}-${evidence}`),
  ]
}

export const everybody = () => PEOPLE.flatMap((_, number) => all(number))
export const but = (gone: readonly string[]) => everybody().filter(mark => !gone.includes(mark))
export const id = (world: World, number: number) => world.ids[number] as string
export const key = (number: number): Opening => ({ secretKey: new Uint8Array(32).fill(number) })

export const withChat = (change: object) =>
  ({ ...policy, purposes: { ...policy.purposes, chat: { ...policy.purposes.chat, ...change } } }) as typeof policy

export async function narrow({ vault }: Pick<World, 'vault'>, next: typeof policy): Promise<void> {
  await vault.changePolicy(next, { accept: await vault.planPolicy(next) })
}

/** A day past the ninety that consents to `times` last: set, as nobody's timers have run. */
export const PAST_TIMES = '2026-05-31T09:00:00Z'
export const timesOver = () => [...all(0), `times-${marksOf(1).evidence}`, `times-${marksOf(2).evidence}`]

/** What somebody who knows a mark asks the heads. */
function asPoint(mark: string): readonly ['phone' | 'email' | 'ref', string] | undefined {
  if (/^07700 /.test(mark)) return ['phone', mark.replace(/^0/, '+44').replaceAll(' ', '')]
  if (mark.includes('@')) return ['email', mark]
  return mark.startsWith('ref-') ? ['ref', mark] : undefined
}

const confirmed = (haul: TirelessHaul, mark: string): boolean => {
  const point = asPoint(mark)
  return point !== undefined && haul.confirms(...point)
}

/** Where what people said of themselves may stand, and nowhere else. */
const PLACES = ['pages', 'heads', 'blobs']

export interface Look {
  /** Of what was to be forgotten, what could be found, or confirmed by whoever guesses it. */
  readonly found: readonly string[]
  /** Of what was to be kept, what could not be found. */
  readonly missing: readonly string[]
  /** What can be done and should not be, in words. */
  readonly wrong: readonly string[]
  readonly all: readonly string[]
  readonly tried: number
}

/** Runs a scenario, and lets the tireless adversary search what is left. */
export async function look(scenario: Scenario, options: WorldOptions = {}): Promise<Look> {
  const world = await newWorld(options)
  const { forgotten, kept, never = [], openings = [key1], opensNothing, more } = await scenario(world)
  const haul = await everythingTried(imageOf(world.medium), openings)
  const wrong = more?.(haul) ?? []
  if (opensNothing && haul.openedRoots > 0) wrong.push(`${haul.openedRoots} roots open`)
  for (const bucket of haul.openedBuckets) {
    if (bucket < tickOf(world)) wrong.push(`a row of day ${bucket} opens, and it is day ${tickOf(world)}`)
  }
  for (const mark of [...kept, ...forgotten]) {
    for (const where of haul.where(mark)) if (!PLACES.includes(where)) wrong.push(`${mark} stands in ${where}`)
  }
  const unconfirmed = kept.filter(mark => asPoint(mark) && !confirmed(haul, mark))
  return {
    found: [...forgotten, ...never].filter(mark => haul.where(mark).length > 0 || confirmed(haul, mark)),
    missing: [...kept.filter(mark => haul.where(mark).length === 0), ...unconfirmed],
    wrong,
    all: forgotten,
    tried: haul.tried,
  }
}

/** The same with the quick adversary, for media that give everything up to anybody. */
export async function lookQuickly(scenario: Scenario, options: WorldOptions): Promise<Pick<Look, 'found' | 'all'>> {
  const world = await newWorld(options)
  const { forgotten, never = [], openings } = await scenario(world)
  const haul = await haulOf(world.medium, openings)
  return { found: [...forgotten, ...never].filter(mark => haul.where(mark).length > 0), all: forgotten }
}

/** The day that the vault stands at, as its newest root says in the clear. */
function tickOf({ medium }: World): number {
  const root = medium.history.roots.at(-1) as Uint8Array
  return new DataView(root.buffer, root.byteOffset).getUint32(64, true)
}

/** A device that answers for its overwrites and doesn't do those that free a half. */
export function skipsFreeing(store: Store): Store {
  const pretended = new Map<number, Uint8Array>()
  const { cell } = store
  const lying: Store['cell'] = {
    create: halves => cell.create(halves),
    read: async half => pretended.get(half)?.slice() ?? (await cell.read(half)),
    async overwrite(half, bytes) {
      if (new TextDecoder().decode(bytes.subarray(0, 4)) === 'AMNF') {
        pretended.set(half, bytes.slice())
        return
      }
      pretended.delete(half)
      await cell.overwrite(half, bytes)
    },
  }
  return new Proxy(store, {
    get(target, name) {
      if (name === 'cell') return lying
      const value = Reflect.get(target, name)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}
