/**
 * Whose turn it is: every step of every process waits here, and the seed says which goes on, which meets a fault, and
 * before which the power goes, one process ends, or the lock is taken from one that goes on. Between two steps everything runs as far as it can without a store.
 */
import { Ended, type Fault, type Gate, type SimulatedStore, type Step } from './store'

interface Waiting {
  readonly step: Step
  go(fault: Fault | undefined): void
  end(error: Ended): void
}

/** A process: at most one vault object at a time, and what it has under way. */
interface Process {
  store: SimulatedStore | undefined
  readonly waiting: Waiting[]
}

/** What happens before a step. */
export type Happening =
  | { readonly kind: 'power' }
  | { readonly kind: 'end'; readonly keeps: boolean }
  | { readonly kind: 'fault'; readonly fault: Fault }
  | { readonly kind: 'time' }
  | { readonly kind: 'lock' }

export interface Director {
  /** Which of the processes whose steps wait goes on. */
  choose(processes: readonly number[], last: number): number
  /** Which of its steps that wait, where it has several things under way. */
  among(count: number): number
  /** What happens before this step, if anything. */
  happens(step: Step, process: number, number: number): Happening | undefined
  /** The power goes: what becomes of unsynced writes is decided here. */
  power(): void
  /** The clock moves in the middle of everything. */
  time(): void
}

/** Nobody can go on, though something is under way: a deadlock. */
export class Stuck extends Error {}

const turn = () => new Promise<void>(resolve => setImmediate(resolve))

export class Scheduler {
  steps = 0
  #armed = false
  #underWay = 0
  readonly #processes: Process[] = []

  constructor(
    readonly director: Director,
    readonly trace: ((line: () => string) => void) | undefined,
  ) {}

  #process(number: number): Process {
    this.#processes[number] ??= { store: undefined, waiting: [] }
    return this.#processes[number] as Process
  }

  /** The store of a process from now on. */
  put(process: number, store: SimulatedStore): void {
    this.#process(process).store = store
  }

  gate(process: number): Gate {
    return step => {
      if (!this.#armed) return Promise.resolve(undefined)
      const { waiting } = this.#process(process)
      return new Promise((go, end) => waiting.push({ step, go, end }))
    }
  }

  /** Counts something that goes on beside the operations: a timer that came due. */
  underWay(work: Promise<unknown>): void {
    this.#underWay++
    work.catch(() => undefined).finally(() => this.#underWay--)
  }

  /** Ends a process: what it has under way never gets an answer. */
  end(process: number, keeps: boolean): void {
    const { store, waiting } = this.#process(process)
    const error = new Ended('the process ended here')
    store?.end(error, keeps)
    for (const one of waiting.splice(0)) one.end(error)
    this.#process(process).store = undefined
  }

  /** The power goes: all processes end, and the disk is what is left of it. */
  endAll(): void {
    for (const number of this.#processes.keys()) this.end(number, false)
  }

  /** Runs these to their ends, answered or not, a step at a time. */
  async run(works: readonly (() => Promise<unknown>)[]): Promise<void> {
    this.#armed = true
    for (const work of works) this.underWay(work())
    let last = 0
    for (let idle = 0; ; ) {
      await turn()
      const could = [...this.#processes.keys()].filter(number => this.#process(number).waiting.length > 0)
      if (could.length === 0) {
        if (this.#underWay === 0) break
        if (++idle > 100) throw new Stuck('nobody can go on: they wait for each other')
        continue
      }
      idle = 0
      const { director } = this
      const process = could.length === 1 ? (could[0] as number) : director.choose(could, last)
      last = process
      const { waiting } = this.#process(process)
      const at = waiting.length === 1 ? 0 : director.among(waiting.length)
      const { step } = waiting[at] as Waiting
      const happening = director.happens(step, process, this.steps++)
      this.trace?.(() => `${process} ${step.what}${marksOf(step)}${happening ? ` ! ${words(happening)}` : ''}`)
      if (happening?.kind === 'power') {
        // What the disk does with unsynced writes comes before anybody notices.
        director.power()
        this.endAll()
      } else if (happening?.kind === 'end') {
        this.end(process, happening.keeps)
      } else {
        if (happening?.kind === 'time') director.time()
        if (happening?.kind === 'lock') this.#process(process).store?.lose()
        const [next] = waiting.splice(at, 1)
        next?.go(happening?.kind === 'fault' ? happening.fault : undefined)
      }
    }
    this.#armed = false
  }
}

const words = (happening: Happening): string =>
  happening.kind === 'fault' ? happening.fault : happening.kind === 'end' ? `ends, ${happening.keeps}` : happening.kind

/** What a step writes, in a few digits: the same bytes, the same digits (FNV-1a). */
function marksOf({ writes }: Step): string {
  let hash = 0x811c9dc5
  const all = writes?.()
  if (!all) return ''
  for (const bytes of all) for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193)
  return ` ${(hash >>> 0).toString(16).padStart(8, '0')}`
}
