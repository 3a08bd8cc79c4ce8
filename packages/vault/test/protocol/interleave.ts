/**
 * Two processes on one medium, stopped before each step of their stores and let go one at a time: so a test decides who
 * is first, every time. Schedules are tried in order of how often one is interrupted by the other.
 */
import { CrashError, type MemoryStep } from '@amanat/store-contract/memory'

declare const setImmediate: (run: () => void) => void

export interface Gate {
  readonly onStep: (step: MemoryStep) => Promise<void>
}

export interface Schedule {
  /** Who goes at each moment at which more than one could, as far as it is laid down. */
  readonly choices: readonly number[]
  /** The process that ends, and before which of its steps. */
  readonly crash?: { readonly actor: number; readonly step: number }
}

export interface Ran {
  /** Moments at which more than one could go: who went, who could have. */
  readonly moments: readonly { readonly went: number; readonly could: readonly number[] }[]
  /** Steps that each actor took. */
  readonly steps: readonly number[]
  /** For each actor: undefined when it was answered for, or why not. */
  readonly errors: readonly unknown[]
}

interface Waiting {
  readonly go: () => void
  readonly end: (error: Error) => void
}

/** The gates of so many actors: open until `run` begins, so that vaults can be opened behind them. */
export class Interleaving {
  /** For each actor its steps that wait, in order: a vault may follow what another committed beside its operation. */
  readonly #waiting = new Map<number, Waiting[]>()
  #armed = false

  gate(actor: number): Gate['onStep'] {
    return step => {
      if (!this.#armed || step.phase !== 'before') return Promise.resolve()
      return new Promise((go, end) => {
        const queue = this.#waiting.get(actor) ?? []
        this.#waiting.set(actor, queue)
        queue.push({ go, end })
      })
    }
  }

  async run(actors: readonly (() => Promise<unknown>)[], { choices, crash }: Schedule): Promise<Ran> {
    this.#armed = true
    const moments: { went: number; could: readonly number[] }[] = []
    const steps = actors.map(() => 0)
    const errors: unknown[] = actors.map(() => undefined)
    let running = actors.length
    for (const [actor, act] of actors.entries()) {
      act()
        .catch(error => {
          errors[actor] = error ?? new Error('rejected with nothing')
        })
        .finally(() => running--)
    }
    let last = 0
    for (let idle = 0; running > 0; ) {
      // Everything that can go on without a step of a store has done so after a turn or two.
      await turn()
      await turn()
      if (running === 0) break
      const could = [...this.#waiting].flatMap(([actor, queue]) => (queue.length > 0 ? [actor] : [])).sort()
      if (could.length === 0) {
        if (++idle > 200) throw new Error('nobody can go on: the two wait for each other')
        continue
      }
      idle = 0
      let went = could.includes(last) ? last : (could[0] as number)
      if (could.length > 1) {
        went = choices[moments.length] ?? went
        moments.push({ went, could })
      }
      last = went
      const { go, end } = (this.#waiting.get(went) as Waiting[]).shift() as Waiting
      const step = steps[went] as number
      steps[went] = step + 1
      if (crash?.actor === went && crash.step === step) end(new CrashError())
      else go()
    }
    this.#armed = false
    for (const queue of this.#waiting.values()) for (const { go } of queue.splice(0)) go()
    await turn()
    return { moments, steps, errors }
  }
}

/** So many turns of the event loop. */
export async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await turn()
}

const turn = () => new Promise<void>(resolve => setImmediate(resolve))

/**
 * Runs schedules until none is left or the budget is used up: first without interruption, then with one, then with two.
 * Answers how many were run.
 */
export async function eachSchedule(
  { most, interruptions }: { readonly most: number; readonly interruptions: number },
  one: (schedule: Schedule) => Promise<Ran>,
): Promise<number> {
  let waiting: (readonly number[])[] = [[]]
  let count = 0
  for (let depth = 0; depth <= interruptions && waiting.length > 0; depth++) {
    const next: (readonly number[])[] = []
    for (const choices of evenly(waiting, most - count)) {
      const { moments } = await one({ choices })
      count++
      for (let at = choices.length; at < moments.length; at++) {
        const { went, could } = moments[at] as { went: number; could: readonly number[] }
        const before = moments.slice(0, at).map(moment => moment.went)
        for (const other of could) if (other !== went) next.push([...before, other])
      }
    }
    waiting = next
  }
  return count
}

/** At most so many of a list, from all over it. */
function evenly<T>(list: readonly T[], most: number): T[] {
  if (list.length <= most) return [...list]
  return Array.from({ length: Math.max(0, most) }, (_, i) => list[Math.floor((i * list.length) / most)] as T)
}
