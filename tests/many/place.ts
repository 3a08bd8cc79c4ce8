/** A vault on disk, with some people in it, and all who work on it: processes of their own and objects of this one. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { disk } from '@amanat/store-disk'
import { createVault, openVault } from '@amanat/vault'
import { testKey } from '@amanat/vault/testing'
import type { KilledVault } from '../kills/act'
import { newContact, PURPOSES, policy } from '../kills/people'
import { type Running, type Script, script } from '../kills/process'
import { ask, type Ids } from './ask'
import { at, clockAhead } from './clock'
import { type Left, namesFormat } from './leaving'
import type { Timed } from './linearizable'
import type { Answered, Asked, Held, State } from './register'
import type { Order, Said } from './worker'

export type Op = Timed<Asked, Answered>

export interface Worker extends Running<Said> {
  tell(order: Order): void
}

export class Place {
  readonly #workers = new Set<Worker>()
  readonly #vaults = new Set<KilledVault>()
  readonly ops = new Map<string, Op>()
  processes = 0

  private constructor(
    readonly root: string,
    readonly folder: string,
    readonly ids: Ids,
    readonly initial: State,
    readonly worker: Script,
  ) {}

  static async make(worker: Script, people: number): Promise<Place> {
    const root = await mkdtemp(join(tmpdir(), 'amanat-many-'))
    const folder = join(root, 'vault')
    const vault = await createVault({
      store: disk(folder),
      unlock: testKey(),
      policy,
      actor: 'staff:leila',
      clock: clockAhead(0),
    })
    const ids = new Map<string, string>()
    const initial = new Map<string, Held>()
    for (let number = 0; number < people; number++) {
      const key = `p${number}x`
      const fields = { name: `Name-${key}`, phone: `+44 7700 900${990 + (number % 10)}` }
      const live = PURPOSES.filter((_, i) => number % 4 === i || number % 4 > 1).sort()
      const consents = Object.fromEntries(live.map(purpose => [purpose, 'Scan']))
      ids.set(key, (await vault.add(newContact({ key, fields, consents }) as never)).id)
      const sees = live.includes('times') || live.includes('chat')
      initial.set(key, { name: fields.name, ...(sees ? { phone: fields.phone } : {}), revision: 1, live })
    }
    await vault.lock()
    return new Place(root, folder, ids, initial, worker)
  }

  /** Another object of this process. */
  async open(actor: string, store = disk(this.folder)): Promise<KilledVault> {
    const formats = { names: namesFormat(() => {}) }
    const vault = (await openVault({
      store,
      unlock: testKey(),
      policy,
      actor,
      clock: clockAhead(0),
      formats,
    })) as KilledVault
    this.#vaults.add(vault)
    return vault
  }

  /** Another process. */
  async start(who: string, { opened = true } = {}): Promise<Worker> {
    const one = this.worker.start<Said>() as Worker
    this.#workers.add(one)
    this.processes++
    one.onSaid = said => {
      if (said.say === 'asked') {
        const { who, start, asked } = said
        this.ops.set(`${who} ${said.number}`, { who, start, asked })
      }
      if (said.say === 'answered') {
        const name = `${said.who} ${said.number}`
        this.ops.set(name, { ...(this.ops.get(name) as Op), end: said.end, answered: said.answered })
      }
    }
    await heard(one, 'ready')
    if (opened) {
      one.tell({ what: 'open', folder: this.folder, who, ids: [...this.ids] })
      await heard(one, 'open')
    }
    return one
  }

  /** Asks an object of this process, and writes it down. */
  async ask(vault: KilledVault, who: string, asked: Asked): Promise<Answered> {
    const start = at()
    const answered = await ask(vault, asked, this.ids)
    this.record({ who, start, end: at(), asked, answered })
    return answered
  }

  record(op: Op): void {
    this.ops.set(`${op.who} ${this.ops.size} here`, op)
  }

  get history(): Op[] {
    return [...this.ops.values()]
  }

  async end(): Promise<void> {
    for (const one of this.#workers) await one.kill()
    for (const vault of this.#vaults) await vault.lock()
    await rm(this.root, { recursive: true, force: true, maxRetries: 5 })
  }
}

let questions = 0

/** Asks a worker one thing. */
export async function asks(one: Worker, asked: Asked): Promise<Answered> {
  const number = ++questions
  one.tell({ what: 'ask', number, asked })
  return (await heard(one, 'answered', number)).answered
}

/** Whom a worker exports and delivers, for each purpose. */
export async function leaves(one: Worker): Promise<Left[]> {
  const number = ++questions
  one.tell({ what: 'leave', number })
  return (await heard(one, 'left', number)).left
}

/** Waits for what a worker says; what it failed with is thrown. */
export async function heard<S extends Said['say']>(
  one: Worker,
  say: S,
  number?: number,
): Promise<Extract<Said, { say: S }>> {
  const said = await one.until(
    each =>
      each.say === 'failed' ||
      (each.say === say && (number === undefined || ('number' in each && each.number === number))),
  )
  if (said.say === 'failed') throw new Error(said.why)
  return said as Extract<Said, { say: S }>
}

export const workerScript = (): Promise<Script> => script('many/worker.ts')
