/**
 * The judge: what was answered for, as one would note it on slips of paper. For each person it knows every state in which
 * they may be: one, as long as each operation got its answer; several, while an operation ended without one. Operations
 * at the same time on one person may have come in any order. What is seen afterwards must be one of these states, whole.
 */
import { ALL, type Ask, DAY, evidenceOf, FIELDS, type Field, type Purpose, STAY, wordOf } from './world'

export interface Consent {
  readonly until: number
  /** The document that must be there. */
  readonly evidence: string | undefined
  /** Documents of what came before, which may be there. */
  readonly before: readonly string[]
}

/** Without a consent, until a midnight. */
export interface Stay {
  readonly until: number
  /** Whether they came with a ground for asking them. */
  readonly mayAsk: boolean
}

export interface Person {
  /** With which version each field was written. */
  readonly card: { readonly [field in Field]?: number }
  readonly consents: { readonly [purpose in Purpose]?: Consent }
  readonly quarantine?: Stay
}

/** Nobody: not yet, or no more. */
export type State = Person | null

export type Act =
  | { readonly do: 'add'; readonly fields: readonly Field[]; readonly version: number; readonly asks: readonly Ask[] }
  | Stranger
  | { readonly do: 'consent'; readonly ask: Ask }
  | { readonly do: 'change'; readonly fields: readonly Field[]; readonly version: number }
  | { readonly do: 'withdraw' | 'refuse'; readonly purpose: Purpose | undefined }
  | { readonly do: 'erase' }

/** Somebody is brought in without a consent. */
export interface Stranger {
  readonly do: 'quarantine'
  readonly version: number
  /** The version that their phone was first written with: an earlier one for somebody who comes again. */
  readonly phones: number
  readonly mayAsk: boolean
  /** They may not come in: they left, or were in quarantine in an earlier week (R20, R22). */
  readonly barred: boolean
  /** Until when others who have this phone wait here, as it may be: a wait isn't renewed. Endless where nobody does. */
  readonly ends: readonly number[]
}

/** What became of an operation: answered for; refused, so nothing happened; or nobody knows. */
export type Outcome = 'done' | 'refused' | 'unknown'

export interface Done {
  readonly act: Act
  readonly outcome: Outcome
}

/** When, and under which policy. */
export interface Moment {
  readonly now: number
  readonly narrow: boolean
}

const covers = (consents: Person['consents'], { narrow }: Moment): Set<Field> =>
  new Set(
    ALL.flatMap(purpose => (consents[purpose] ? FIELDS[purpose] : [])).filter(field => !narrow || field !== 'notes'),
  )

/** R12, R13: what no live consent holds isn't there; R22: nor who was in quarantine until now. */
export function at(state: State, moment: Moment): State {
  if (!state) return null
  if (state.quarantine) return state.quarantine.until > moment.now ? state : null
  const consents = Object.fromEntries(
    Object.entries(state.consents).filter(([, { until }]) => until > moment.now),
  ) as Person['consents']
  const kept = covers(consents, moment)
  const card = Object.fromEntries(Object.entries(state.card).filter(([field]) => kept.has(field as Field)))
  return kept.size === 0 ? null : { card, consents }
}

const held = ({ until, evidence }: Ask, before?: Consent): Consent => ({
  until,
  evidence,
  before: before ? [...before.before, ...(before.evidence ? [before.evidence] : [])] : [],
})

/** The states in which somebody may be after an operation that was carried out; none where it can't have been. */
function after(before: State, act: Act, moment: Moment): readonly State[] {
  if (act.do === 'quarantine') return before || act.barred ? [] : staysOf(act, moment)
  const state = afterOne(before, act, moment)
  return state === undefined ? [] : [state]
}

/** R22: as long as the policy says, and no longer than who waits already. */
const staysOf = ({ version, phones, mayAsk, ends }: Stranger, { now }: Moment): State[] =>
  ends.map(end => {
    const own = now - (now % DAY) + STAY
    return {
      card: { name: version, phones },
      consents: {},
      quarantine: { until: end > now ? Math.min(own, end) : own, mayAsk },
    }
  })

function afterOne(before: State, act: Exclude<Act, Stranger>, moment: Moment): State | undefined {
  const state = at(before, moment)
  if (act.do === 'add') {
    if (before) return undefined
    const consents = Object.fromEntries(act.asks.map(ask => [ask.purpose, held(ask)])) as Person['consents']
    return at({ card: versions(act.fields, act.version), consents }, { ...moment, now: 0 })
  }
  if (!state) return undefined
  switch (act.do) {
    case 'consent': {
      const { purpose } = act.ask
      const consents = { ...state.consents, [purpose]: held(act.ask, state.consents[purpose]) }
      // Whoever consents leaves quarantine, with what the consent covers.
      return at({ card: state.card, consents }, { ...moment, now: 0 })
    }
    case 'change': {
      // R22: what would be too much is refused as a whole.
      if (state.quarantine && act.fields.includes('notes')) return undefined
      const covered = state.quarantine ? new Set(act.fields) : covers(state.consents, moment)
      const card = {
        ...state.card,
        ...versions(
          act.fields.filter(field => covered.has(field)),
          act.version,
        ),
      }
      // A changed contact point lowers the consents that rest on it; whether their documents stay is not asked here.
      const consents = Object.fromEntries(
        Object.entries(state.consents).map(([purpose, consent]) => [
          purpose,
          { ...held({ ...consent, purpose: purpose as Purpose, evidence: undefined }, consent) },
        ]),
      )
      return { ...state, card, consents }
    }
    case 'withdraw':
    case 'refuse': {
      // Who says stop while they wait goes; a no to one purpose ends no wait.
      if (state.quarantine) return act.purpose === undefined ? null : state
      const consents = Object.fromEntries(
        Object.entries(state.consents).filter(([purpose]) => act.purpose !== undefined && purpose !== act.purpose),
      ) as Person['consents']
      return at({ card: state.card, consents }, moment)
    }
    case 'erase':
      return null
  }
}

const versions = (fields: readonly Field[], version: number): Person['card'] =>
  Object.fromEntries(fields.map(field => [field, version]))

/** Every state in which operations at the same time may have left somebody, in whichever order. */
export function possible(before: readonly State[], dones: readonly Done[], moments: readonly Moment[]): State[] {
  const live = dones.filter(({ outcome }) => outcome !== 'refused')
  const ends = new Map<string, State>()
  const go = (state: State, left: readonly Done[]): void => {
    if (left.every(({ outcome }) => outcome === 'unknown')) ends.set(textOf(state), state)
    for (const one of left) {
      for (const moment of moments) {
        for (const next of after(state, one.act, moment)) {
          go(
            next,
            left.filter(other => other !== one),
          )
        }
      }
    }
  }
  for (const state of before) go(state, live)
  return [...ends.values()]
}

export const dateOf = (instant: number): string => new Date(instant).toISOString().slice(0, 10)

/** The same text for the same state, and so that a person can read it. */
export function textOf(state: State): string {
  if (!state) return 'nobody'
  const card = Object.keys(state.card)
    .sort()
    .map(field => wordOf(field as Field, state.card[field as Field] as number))
  const consents = ALL.flatMap(purpose => {
    const { until, evidence, before } = state.consents[purpose] ?? {}
    return until ? `${purpose} until ${dateOf(until)} ${evidence} ${before}` : []
  })
  const stay = state.quarantine
  const waits = stay ? [`waits until ${dateOf(stay.until)}${stay.mayAsk ? ' to be asked' : ''}`] : []
  return [...card, ...consents, ...waits].join(', ')
}

/** The words that must be readable of somebody in this state, and those that may be. */
export function wordsOf(state: State): { readonly must: readonly string[]; readonly may: readonly string[] } {
  if (!state) return { must: [], may: [] }
  const must = Object.entries(state.card).map(([field, version]) => wordOf(field as Field, version))
  const may: string[] = []
  for (const consent of Object.values(state.consents)) {
    if (consent.evidence !== undefined) must.push(consent.evidence)
    may.push(...consent.before)
  }
  return { must, may: [...must, ...may] }
}

/** Numbers of documents and versions: each is written once in a history. */
export class Numbers {
  #last: number

  constructor(first: number) {
    this.#last = first
  }

  version(): number {
    return this.#last++
  }

  evidence(): string {
    return evidenceOf(this.#last++)
  }
}
