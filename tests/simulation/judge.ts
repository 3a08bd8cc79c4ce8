/**
 * Holds the facts of one history against what is there. What is looked for in everything that was ever written are the
 * words of `gone`: once answered for (or seen), and since then forgotten with an answer (or by an opening).
 */
import { openAnySlot, secretKey } from '@amanat/crypto'
import type { AnyVault } from '@amanat/vault'
import { everythingIn, type Image } from '../../packages/vault/test/protocol/adversary'
import type { Restoring } from './backups'
import type { Disk } from './disk'
import { at, type Done, dateOf, type Moment, type Outcome, possible, type State, textOf, wordsOf } from './facts'
import type { Operation } from './operation'
import { bytesOf, doorsOf, openingOf, type Seen } from './reading'
import { Strangers } from './strangers'
import { ALL, DAY, type Field, type Purpose, STAY, wordOf } from './world'

export interface Slot {
  readonly label: string
  readonly key: number
}

export interface Known {
  id: string | undefined
  states: readonly State[]
}

export class Wrong extends Error {
  override readonly name = 'Wrong'
}

export class Judge {
  readonly people: Known[] = []
  /** Ways to unlock, as they may be. */
  slots: readonly (readonly Slot[])[] = [[{ label: 'slot1', key: 1 }]]
  /** Every key there ever was. */
  readonly keys = new Set([1])
  /** Whether the narrowed policy rules, as far as is known. */
  narrow: readonly boolean[] = [false]
  readonly strangers = new Strangers()
  readonly gone = new Set<string>()
  /**
   * What operations without an answer may have sealed for longer than what stood before them: a commit that was lost with its
   * process leaves rows on the disk, and those last as long as the person agreed to.
   */
  readonly #lostPerhaps: { readonly before: readonly State[]; readonly states: readonly State[] }[] = []
  readonly #sure = new Set<string>()
  readonly #owner = new Map<string, number>()
  /** Operations answered for and not yet looked at. */
  #unchecked = 0
  changesChecked = 0
  forgottenChecked = 0

  /** Somebody new; a number to speak of them. */
  meet(states: readonly State[], id?: string): number {
    const number = this.people.push({ id, states }) - 1
    for (const state of states) this.#note(number, state)
    return number
  }

  /** Somebody who waits in quarantine since then. */
  meetStranger(came: number, id: string): void {
    const version = this.people.length
    const quarantine = { until: came - (came % DAY) + STAY, mayAsk: true }
    this.meet([{ card: { name: version, phones: version }, consents: {}, quarantine }], id)
    this.strangers.remember(version, came)
  }

  #note(number: number, state: State): void {
    for (const word of wordsOf(state).may) this.#owner.set(word, number)
  }

  /** Says that these states are what was answered for. */
  trust(): void {
    for (const { states } of this.people) for (const word of shared(states)) this.#sure.add(word)
  }

  /** What a round of operations means for one person. */
  conclude(number: number, dones: readonly Done[], moments: readonly Moment[]): void {
    const known = this.people[number] as Known
    const before = known.states
    known.states = possible(before, dones, moments)
    this.strangers.conclude(before, dones, moments)
    if (dones.some(({ outcome }) => outcome === 'unknown')) this.#lostPerhaps.push({ before, states: known.states })
    if (known.states.length === 0) {
      const said = dones.map(({ act, outcome }) => `${act.do} ${outcome}`).join(', ')
      throw new Wrong(`no order explains the answers: person ${number} was ${before.map(textOf).join(' | ')}; ${said}`)
    }
    for (const state of known.states) this.#note(number, state)
    this.#unchecked += dones.filter(({ outcome }) => outcome === 'done').length
    if (dones.some(({ outcome }) => outcome === 'unknown')) return
    for (const word of shared(known.states)) this.#sure.add(word)
    // What was over by then went with its day, and what was done took only the rest.
    const end = moments.reduce((last, each) => (each.now > last.now ? each : last))
    const lasting = before.map(state => at(state, end))
    this.#forget(before, [...lasting, ...known.states], end)
    this.#forget(lasting, known.states)
  }

  #forget(before: readonly State[], after: readonly State[], moment?: Moment): void {
    const kept = new Set(after.flatMap(state => wordsOf(state).may))
    if (moment) for (const word of this.#mayLastStill(moment)) kept.add(word)
    for (const word of before.flatMap(state => wordsOf(state).may)) {
      if (this.#sure.has(word) && !kept.has(word) && !this.strangers.shared.has(word)) this.gone.add(word)
    }
  }

  /** Words of what had passed by now, had it not been for an operation that nobody knows of. */
  #mayLastStill(moment: Moment): string[] {
    return this.#lostPerhaps.flatMap(({ before, states }) => {
      const own = new Set(before.flatMap(state => wordsOf(at(state, moment)).may))
      return states.flatMap(state => wordsOf(at(state, moment)).may).filter(word => !own.has(word))
    })
  }

  /** Somebody comes with a phone that was here before: whoever had it is no longer told apart by it. */
  share(word: string): void {
    this.strangers.shared.add(word)
    this.gone.delete(word)
  }

  #returning: string[] = []

  /** A restore begins: what the backup holds may be there again. */
  mayReturn(people: Restoring['people']): void {
    const words = new Set(people.flatMap(states => states.flatMap(state => wordsOf(state).may)))
    this.#returning = [...this.gone].filter(word => words.has(word))
    for (const word of this.#returning) this.gone.delete(word)
  }

  /** It came to nothing. */
  stays(): void {
    for (const word of this.#returning.splice(0)) this.gone.add(word)
  }

  /** The backup has taken the place of the vault: of what stood there nothing can be read that isn't in it. */
  adopt({ people, narrow, slot }: Restoring): void {
    this.stays()
    this.narrow = narrow
    this.slots = [[slot]]
    for (const [number, known] of this.people.entries()) {
      const after = people[number] ?? [null]
      this.#forget(known.states, after)
      known.states = after
    }
    // What somebody else has who came with it again isn't gone.
    const kept = new Set(this.people.flatMap(({ states }) => states.flatMap(state => wordsOf(state).may)))
    for (const word of kept) this.gone.delete(word)
  }

  /** The vault stood at this time when somebody got an answer: what had expired by then is gone. */
  passed(now: number): void {
    const narrow = this.narrow.every(Boolean)
    for (const { states } of this.people)
      this.#forget(
        states,
        states.map(state => at(state, { now, narrow })),
        { now, narrow },
      )
  }

  /** Looks at a vault that was just opened: settled, stepped to today, narrowed if it had to be. */
  async look(vault: AnyVault, disk: Disk, now: number): Promise<void> {
    const { haul, cards } = await bytesOf(disk.present(), [...this.keys])
    const doors = await doorsOf(vault)
    const isNarrow = !vault.policy.purposes.care?.fields.includes('notes')
    if (!this.narrow.includes(isNarrow)) throw new Wrong(`the policy is ${isNarrow ? 'narrow' : 'wide'}`)
    this.narrow = [isNarrow]
    const documents = new Set(
      haul.found.flatMap(({ where, bytes }) =>
        where === 'blobs'
          ? Buffer.from(bytes)
              .toString()
              .slice(0, bytes.length / 3)
              .trimEnd()
          : [],
      ),
    )
    const seen = new Map<number, { card: string; until: string; id: string | undefined }>()
    const byName = new Map([...doors].map(([id, door]) => [door.name, { id, ...door }]))
    for (const words of cards.values()) {
      const number = this.#owner.get(words.name ?? '')
      if (number === undefined || seen.has(number)) throw new Wrong(`who is ${JSON.stringify(words)}?`)
      const door = byName.get(words.name as string)
      byName.delete(words.name as string)
      seen.set(number, { card: cardText(words), until: untilText(door?.until ?? {}), id: door?.id })
    }
    if (byName.size > 0) throw new Wrong(`a door shows ${[...byName.keys()]}, and the bytes don't`)
    const moment = { now, narrow: isNarrow }
    for (const [number, known] of this.people.entries()) {
      const shown = seen.get(number)
      const states = known.states.map(state => at(state, moment))
      const fit = states.filter(state => isShown(state, shown, documents))
      if (fit.length === 0) {
        const is = shown ? `${shown.card}, ${shown.until}` : 'nobody'
        throw new Wrong(
          `person ${number} is ${is} (documents: ${[...documents]}), not ${states.map(textOf).join(' | ')}`,
        )
      }
      if (shown?.id !== undefined) known.id = shown.id
      this.#forget(known.states, fit, moment)
      known.states = fit
      this.strangers.see(fit)
      for (const word of shared(fit)) this.#sure.add(word)
    }
    await this.#slots(vault, disk)
    this.changesChecked += this.#unchecked
    this.#unchecked = 0
  }

  /** What these attempts to narrow the policy, made at the same time, came to: it is never widened again. */
  concludeNarrow(before: Judge['narrow'], outcomes: readonly Outcome[]): void {
    if (outcomes.includes('done')) this.narrow = [true]
    else if (!outcomes.includes('unknown')) this.narrow = before
  }

  concludeSlots(before: Judge['slots'], { kind, slot }: Operation & { do: 'slot' }, outcome: Outcome): void {
    if (outcome === 'refused') return
    const changed = before.map(slots => {
      if (kind === 'add') return [...slots, slot]
      const others = slots.filter(({ label }) => label !== slot.label)
      return kind === 'remove' ? others : [...others, slot]
    })
    this.slots = outcome === 'done' ? changed : [...before, ...changed]
  }

  async #slots(vault: AnyVault, disk: Disk): Promise<void> {
    if (this.keys.size === 1) return
    const labels = (await vault.slots.list()).map(({ label }) => label).sort()
    const opening: number[] = []
    for (const key of this.keys) if (await opensWith(disk, vault.id, key)) opening.push(key)
    const fit = this.slots.filter(
      slots =>
        `${slots.map(({ label }) => label).sort()}` === `${labels}` &&
        `${slots.map(({ key }) => key).sort()}` === `${opening.sort()}`,
    )
    if (fit.length === 0) throw new Wrong(`slots ${labels} open with ${opening}, not ${JSON.stringify(this.slots)}`)
    this.slots = fit
  }

  /** Gives an adversary all of this, and every key there ever was: nothing that is gone may be found. */
  async search(image: Image, gone: Iterable<string>): Promise<void> {
    const haul = await everythingIn(image, [...this.keys].map(openingOf))
    for (const word of gone) {
      const where = haul.where(word)
      if (where.length > 0) throw new Wrong(`${word} was forgotten, and can be read in ${where}`)
      this.forgottenChecked++
    }
  }

  /** How many people at most have given a consent for this purpose; these may be giving one right now. */
  most(purpose: Purpose, busy: ReadonlySet<number>): number {
    const may = ({ states }: Known, number: number) =>
      busy.has(number) || states.some(state => state?.consents[purpose])
    return this.people.filter(may).length
  }

  /** Whether somebody may be shown like this to be asked: their details and their ground; undefined: not at all. */
  mayAsk(
    number: number,
    shown: { readonly card: string; readonly until: number } | 'no ground' | undefined,
    moments: readonly Moment[],
  ): boolean {
    return (this.people[number] as Known).states.some(state =>
      moments.some(moment => {
        const { card, quarantine } = at(state, moment) ?? { card: {} }
        if (!quarantine || !shown) return !quarantine && !shown
        if (shown === 'no ground' || !quarantine.mayAsk) return shown === 'no ground' && !quarantine.mayAsk
        return shown.until === quarantine.until && shown.card === wordsIn(card).join()
      }),
    )
  }

  /** Whether a door may show somebody as it does, whatever of theirs is unsettled. */
  mayShow(number: number, purpose: Purpose, shown: string | undefined, moments: readonly Moment[]): boolean {
    return (this.people[number] as Known).states.some(state =>
      moments.some(moment => {
        const { card, consents } = at(state, moment) ?? { card: {}, consents: {} }
        const name = consents[purpose] && (card as { name?: number }).name
        return shown === (name === undefined ? undefined : wordOf('name', name))
      }),
    )
  }
}

/** Words that are there in each of these states. */
function shared(states: readonly State[]): string[] {
  const [first, ...rest] = states.map(state => wordsOf(state).must)
  return (first ?? []).filter(word => rest.every(words => words.includes(word)))
}

const cardText = (words: { readonly [field in Field]?: string }): string => Object.values(words).sort().join()

const wordsIn = (card: NonNullable<State>['card']): string[] =>
  Object.entries(card)
    .map(([field, version]) => wordOf(field as Field, version))
    .sort()

const untilText = (until: Seen['until']): string =>
  ([...ALL, 'quarantine'] as const)
    .map(where => `${where} ${until[where] === undefined ? '-' : dateOf(until[where])}`)
    .join()

function isShown(
  state: State,
  shown: { readonly card: string; readonly until: string } | undefined,
  documents: ReadonlySet<string>,
): boolean {
  if (!state || !shown) return !state && !shown
  const until = Object.fromEntries(Object.entries(state.consents).map(([purpose, consent]) => [purpose, consent.until]))
  const stay = state.quarantine ? { quarantine: state.quarantine.until } : {}
  return (
    wordsIn(state.card).join() === shown.card &&
    untilText({ ...until, ...stay }) === shown.until &&
    Object.values(state.consents).every(({ evidence }) => evidence === undefined || documents.has(evidence))
  )
}

async function opensWith(disk: Disk, vaultId: string, key: number): Promise<boolean> {
  const slots = [...disk.tables.slots.values()].map(row => row.bytes)
  const unlock = secretKey(new Uint8Array(32).fill(key))
  try {
    const { rootKey } = await openAnySlot({ slots, vaultId: Uint8Array.from(Buffer.from(vaultId, 'hex')), unlock })
    rootKey.wipe()
    return true
  } catch {
    return false
  }
}
