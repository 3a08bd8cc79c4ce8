/**
 * A vault as one thing that does one operation at a time: what each operation may answer, and what it leaves. Small
 * enough to be read; held against what several processes or tabs were answered, by `linearizable.ts`. Runs anywhere.
 */
import type { Purpose } from '../kills/people'
import { SCOPE } from '../kills/people'
import type { Thing } from './linearizable'

export type Asked =
  | {
      readonly do: 'change'
      readonly key: string
      readonly name?: string
      readonly phone?: string
      readonly ifRevision?: number
    }
  | { readonly do: 'consent'; readonly key: string; readonly purpose: Purpose }
  | { readonly do: 'withdraw'; readonly key: string; readonly purpose?: Purpose }
  | { readonly do: 'erase'; readonly key: string }
  | { readonly do: 'get' | 'reveal'; readonly key: string; readonly purpose: Purpose }
  | { readonly do: 'list' | 'find' | 'count' | 'check'; readonly purpose: Purpose }
  | { readonly do: 'exist' }

/** What a door shows of one person; null for nobody. */
export type Shown = { readonly revision: number; readonly name?: string; readonly phone?: string } | null

export type Answered =
  | { readonly revision: number }
  | { readonly taken: number }
  | { readonly shown: Shown }
  /** Names by key, in the order of the keys. */
  | { readonly names: readonly (readonly [key: string, name: string | undefined])[] }
  | { readonly count: number }
  | { readonly keys: readonly string[] }
  | { readonly done: true }
  | { readonly refused: 'UNKNOWN_CONTACT' | 'CONFLICT' | 'SUPPRESSED' }

export interface Held {
  readonly name: string
  readonly phone?: string
  readonly revision: number
  /** In the order of the alphabet. */
  readonly live: readonly Purpose[]
}

/** Who is there, by key, in the order of the keys; whoever left is not among them. */
export type State = ReadonlyMap<string, Held>

export const registerOf = (initial: State): Thing<State, Asked, Answered> => ({
  initial,
  key: state => JSON.stringify([...state]),
  step(state, asked, answered) {
    return outcomes(state, asked).flatMap(([answer, after]) =>
      answered === undefined || JSON.stringify(answer) === JSON.stringify(answered) ? [after] : [],
    )
  },
})

type Outcome = readonly [Answered, State]

/** Each thing that may come of an operation: mostly one. Properties in the order in which `ask.ts` writes them. */
function outcomes(state: State, asked: Asked): Outcome[] {
  const people = (purpose: Purpose) => [...state].filter(([, { live }]) => live.includes(purpose))
  switch (asked.do) {
    case 'list':
    case 'find':
      return [[{ names: people(asked.purpose).map(([key, { name }]) => [key, name]) }, state]]
    case 'count':
    case 'check':
      return [[{ count: people(asked.purpose).length }, state]]
    case 'exist':
      return [[{ keys: [...state.keys()] }, state]]
  }
  const held = state.get(asked.key)
  if (asked.do === 'get' || asked.do === 'reveal') {
    if (!held?.live.includes(asked.purpose)) return [[{ shown: null }, state]]
    const { revision, name, phone } = held
    const seesPhone = asked.do === 'reveal' && phone !== undefined && SCOPE[asked.purpose].includes('phone')
    return [[{ shown: { revision, name, ...(seesPhone ? { phone } : {}) } }, state]]
  }
  if (!held) return [[{ refused: 'UNKNOWN_CONTACT' }, state]]
  const suppressed: Outcome = [{ refused: 'SUPPRESSED' }, state]
  switch (asked.do) {
    case 'change': {
      if (asked.ifRevision !== undefined && asked.ifRevision !== held.revision)
        return [[{ refused: 'CONFLICT' }, state]]
      const { name = held.name, phone = held.phone } = asked
      const revision = held.revision + 1
      const changed = left({ name, ...(phone === undefined ? {} : { phone }), revision, live: held.live })
      // A number that few bits tell from that of somebody who left may be stopped (R20): one in a hundred.
      return [[{ revision }, put(state, asked.key, changed)], ...(asked.phone === undefined ? [] : [suppressed])]
    }
    case 'consent': {
      const live = [...new Set([...held.live, asked.purpose])].sort()
      return [[{ done: true }, put(state, asked.key, { ...held, live })], suppressed]
    }
    case 'withdraw': {
      const live = held.live.filter(each => asked.purpose !== undefined && each !== asked.purpose)
      return [[{ taken: held.live.length - live.length }, put(state, asked.key, left({ ...held, live }))]]
    }
    case 'erase':
      return [[{ done: true }, put(state, asked.key, undefined)]]
  }
}

/** What no consent covers goes (R12). */
function left({ phone, ...held }: Held): Held | undefined {
  if (held.live.length === 0) return undefined
  const covered = held.live.some(purpose => SCOPE[purpose].includes('phone'))
  return covered && phone !== undefined ? withPhone(held, phone) : held
}

const withPhone = ({ name, revision, live }: Omit<Held, 'phone'>, phone: string): Held => ({
  name,
  phone,
  revision,
  live,
})

function put(state: State, key: string, held: Held | undefined): State {
  const next = new Map([...state])
  if (held) next.set(key, normal(held))
  else next.delete(key)
  return next
}

/** Properties in one order, so that equal states have equal keys. */
const normal = ({ name, phone, revision, live }: Held): Held =>
  phone === undefined ? { name, revision, live } : withPhone({ name, revision, live }, phone)
