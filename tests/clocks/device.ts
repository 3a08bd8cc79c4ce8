/**
 * A device whose clock tests move, with a vault on it that up to two processes have open, and a model of R13 to R16
 * that judges every step: what must be hidden, what must still be there, what may be destroyed, what is remembered.
 * The model knows instants and nothing else; of what a process has seen without writing it down it keeps bounds.
 */
import type { Store } from '@amanat/store-contract'
import { createVault, definePolicy, dropExpired, openVault } from '@amanat/vault'
import { type FakeClock, fakeClock, testKey } from '@amanat/vault/testing'
import { expect } from 'vitest'

export const DAY = 86_400_000
export const HOUR = 3_600_000
/** What an open vault believes unasked, and what a locked one does. */
const MAX_JUMP = 400 * DAY
const LOCKED_JUMP = 30 * DAY
/** Days: nobody can say that a clock is right that far ahead. */
const MAX_CONFIRMED = 36_600

export const policy = definePolicy({
  controller: {
    name: 'Riverside Centre',
    contact: 'privacy@riverside.example',
    address: '1 Quay Street, Riverside',
    jurisdiction: 'GB',
    withdraw: 'Reply STOP',
  },
  region: 'GB',
  purposes: {
    list: { description: 'Keep you on the list', fields: ['name', 'phones'], keepFor: 'P100Y' },
  },
  bulk: { perActor: [{ people: 40, within: 'PT1H' }], vault: [{ share: 0.1, within: 'P30D' }] },
})

type Vault = Awaited<ReturnType<typeof openVault<typeof policy>>>

/** What lies on the device: a store, and the bytes of its cell and its root. */
export interface Medium {
  store(): Store
  /** Both halves as they are now. */
  cell(): Promise<readonly Uint8Array[]>
}

interface Process {
  vault: Vault
  readonly clock: FakeClock
  readonly skew: number
  /** It has seen at least this time. */
  seen: number
}

interface Person {
  readonly id: string
  readonly until: number
  erased: boolean
}

export type Op =
  | { readonly do: 'set'; readonly to: string }
  | { readonly do: 'shift'; readonly by: number }
  | { readonly do: 'wait'; readonly for: string }
  | { readonly do: 'look' | 'purge' | 'erase' | 'confirm' | 'reopen' | 'kill' | 'lock'; readonly who?: number }
  | { readonly do: 'add'; readonly who?: number; readonly name?: string; readonly until: string | number }
  | { readonly do: 'drop'; readonly by?: number }

export const iso = (instant: number): string => new Date(instant).toISOString()
const startOf = (instant: number) => Math.floor(instant / DAY) * DAY

export class Device {
  readonly people = new Map<string, Person>()
  readonly #processes: (Process | undefined)[] = []
  /** The latest time that anybody could have taken for true: what it doesn't reach must not be destroyed. */
  #believed: number
  #now: number
  steps = 0

  private constructor(
    readonly medium: Medium,
    start: string,
    readonly skews: readonly number[],
  ) {
    this.#now = Date.parse(start)
    this.#believed = this.#now
  }

  static async create(medium: Medium, start: string, skews: readonly number[] = [0]): Promise<Device> {
    const device = new Device(medium, start, skews)
    for (const [who, skew] of skews.entries()) {
      const clock = fakeClock(iso(device.#now + skew))
      const options = { store: untold(medium.store()), unlock: testKey(), policy, actor: `staff:${who}`, clock }
      const vault = (who === 0 ? await createVault(options) : await openVault(options)) as Vault
      device.#processes.push({ vault, clock, skew, seen: device.#now })
      device.#believed = Math.max(device.#believed, clock.now())
    }
    return device
  }

  /** The tick and the latest time seen, as format.md says where they stand in the cell. */
  async stored(): Promise<{ tick: number; seen: number; bytes: string }> {
    const halves = await this.medium.cell()
    let newest: { tick: number; seen: number; seq: bigint } | undefined
    for (const half of halves) {
      const view = new DataView(half.buffer, half.byteOffset)
      if (new TextDecoder().decode(half.subarray(0, 4)) !== 'AMNC') continue
      const record = {
        tick: view.getUint32(64, true),
        seen: view.getFloat64(100, true),
        seq: view.getBigUint64(112, true),
      }
      if (!newest || record.seq > newest.seq) newest = record
    }
    if (!newest) throw new Error('the cell holds no record')
    return { ...newest, bytes: halves.map(half => Buffer.from(half).toString('base64')).join() }
  }

  async run(op: Op): Promise<void> {
    this.steps++
    const before = await this.stored()
    await this.#run(op, before)
    const after = await this.stored()
    // R16: never back, and never to a time that nobody could believe.
    expect(after.seen, 'the time in the cell runs back').toBeGreaterThanOrEqual(before.seen)
    expect(after.tick, 'the ratchet runs back').toBeGreaterThanOrEqual(before.tick)
    expect(
      iso(after.seen) <= iso(this.#believed),
      `${iso(after.seen)} is stored, ${iso(this.#believed)} believed`,
    ).toBe(true)
    expect(after.tick * DAY, 'days are destroyed that nobody could believe over').toBeLessThanOrEqual(this.#believed)
  }

  async #run(op: Op, before: { readonly seen: number; readonly bytes: string }): Promise<void> {
    if (op.do === 'set' || op.do === 'shift') return this.#set(op.do === 'set' ? Date.parse(op.to) : this.#now + op.by)
    if (op.do === 'wait') return this.#wait(op.for)
    if (op.do === 'drop') return this.#drop(this.#now + (op.by ?? 0), before)
    const who = (op.who ?? 0) % this.#processes.length
    const process = this.#processes[who] ?? (await this.#open(who))
    if (op.do === 'lock' || op.do === 'reopen' || op.do === 'kill') {
      if (op.do !== 'kill') await this.#lock(process, before)
      this.#processes[who] = undefined
      if (op.do !== 'lock') await this.#open(who)
    } else if (op.do === 'look') await this.#look(process)
    else if (op.do === 'confirm') await this.#confirm(process)
    else await this.#write(process, op, before)
  }

  #set(instant: number): void {
    // Years that ISO 8601 writes with four digits, and that no clock leaves by itself.
    this.#now = Math.min(Math.max(instant, 0), Date.UTC(2400, 0))
    for (const process of this.#processes) process?.clock.set(iso(Math.max(0, this.#now + process.skew)))
  }

  /** Surely: whatever it may have heard of others. */
  #jumped({ clock, seen }: Process): 'yes' | 'no' | 'perhaps' {
    if (clock.now() > this.#believed + MAX_JUMP) return 'yes'
    return clock.now() > seen + MAX_JUMP ? 'perhaps' : 'no'
  }

  /** It read its clock, and took it for true unless it jumped. */
  #observed(process: Process): void {
    const jumped = this.#jumped(process)
    if (jumped === 'yes') return
    this.#believed = Math.max(this.#believed, process.clock.now())
    if (jumped === 'no') process.seen = Math.max(process.seen, process.clock.now())
  }

  /** R13: nothing that is over by any time it surely knows; all that isn't by any time it can know. */
  async #look(process: Process): Promise<void> {
    const { vault, clock } = process
    const listed = new Set((await vault.for('list').list({ limit: 1000 })).people.map(({ id }) => id as string))
    const here = new Set(await vault.exists([...this.people.values()].map(({ id }) => id)))
    const [least, most] = [Math.max(clock.now(), process.seen), Math.max(clock.now(), this.#believed)]
    for (const [name, { id, until, erased }] of this.people) {
      const got = await vault.for('list').get(id)
      const seen = [listed.has(id), here.has(id as never), got !== undefined]
      if (erased || until <= least)
        expect(seen, `${name} is over since ${iso(until)}, at ${iso(least)}`).toEqual([false, false, false])
      else if (until > most)
        expect(seen, `${name} lasts until ${iso(until)}, at ${iso(most)}`).toEqual([true, true, true])
    }
    this.#observed(process)
  }

  async #write(process: Process, op: Op, before: { readonly bytes: string }): Promise<void> {
    const jumped = this.#jumped(process)
    const now = Math.max(process.clock.now(), this.#believed)
    const act = async () => {
      if (op.do === 'purge') await process.vault.purge()
      if (op.do === 'add') await this.#add(process, op.name ?? `Person ${this.people.size}`, op.until, now)
      if (op.do === 'erase') {
        const [someone] = [...this.people.values()].filter(({ erased, until }) => !erased && until > now)
        if (!someone) return process.vault.purge()
        await process.vault.erase(someone.id)
        someone.erased = true
      }
      return undefined
    }
    const code = await codeOf(act())
    if (jumped === 'yes') {
      expect(code, 'it is refused until the time is confirmed').toBe('CLOCK_JUMPED')
      expect((await this.stored()).bytes, 'nothing is written').toBe(before.bytes)
      return
    }
    if (jumped === 'perhaps' && code === 'CLOCK_JUMPED') return
    this.#observed(process)
    // Of who left only a few bits are kept (R20), so that somebody else may be taken for them: that says nothing of the clock.
    if (code === 'SUPPRESSED' && op.do === 'add' && [...this.people.values()].some(({ erased }) => erased)) return
    expect(code).toBeUndefined()
    process.seen = Math.max(process.seen, process.clock.now())
    await this.#destroyedUpTo(process.clock.now())
  }

  async #add({ vault }: Process, name: string, until: string | number, now: number): Promise<void> {
    const ends = typeof until === 'string' ? until : iso(startOf(now) + until * DAY)
    const given = { how: 'paper', evidence: { kind: 'scan', content: new TextEncoder().encode(name.repeat(80)) } }
    const card = { name: { full: name }, phones: { p1: { number: `07700 900${100 + (this.people.size % 800)}` } } }
    const consents = [{ purpose: 'list', until: ends, given }]
    const { id, receipts } = await vault.add({ card, consents, source: 'sign-up sheet' } as never)
    this.people.set(name, { id, until: Date.parse(receipts[0]?.until as string), erased: false })
  }

  async #confirm(process: Process): Promise<void> {
    const jumped = this.#jumped(process)
    const { tick, bytes } = await this.stored()
    const code = await codeOf(process.vault.confirmTime())
    if (code !== undefined) {
      expect(code).toBe('CLOCK_JUMPED')
      expect(process.clock.now(), 'more than a hundred years').toBeGreaterThan((tick + MAX_CONFIRMED) * DAY)
      expect((await this.stored()).bytes, 'nothing is written').toBe(bytes)
      return
    }
    if (jumped === 'no') return this.#observed(process)
    process.seen = Math.max(process.seen, process.clock.now())
    this.#believed = Math.max(this.#believed, process.clock.now())
    if (jumped === 'yes') await this.#destroyedUpTo(process.clock.now())
  }

  /** R14, R16: whoever has the cell from now on has no day before this one. */
  async #destroyedUpTo(instant: number): Promise<void> {
    expect((await this.stored()).tick * DAY, 'what is over is not destroyed').toBeGreaterThanOrEqual(startOf(instant))
  }

  async #lock(process: Process, before: { readonly seen: number }): Promise<void> {
    const jumped = this.#jumped(process)
    if (jumped !== 'yes') this.#observed(process)
    await process.vault.lock()
    const { seen } = await this.stored()
    // Also what was seen before a jump, and wasn't written down: only the jump itself is not.
    expect(iso(seen) >= iso(process.seen), `${iso(process.seen)} was seen, ${iso(seen)} is stored`).toBe(true)
    if (jumped === 'yes') expect(seen).toBeLessThanOrEqual(Math.max(before.seen, this.#believed))
  }

  async #open(who: number): Promise<Process> {
    const skew = this.skews[who] as number
    const clock = fakeClock(iso(Math.max(0, this.#now + skew)))
    const options = { store: untold(this.medium.store()), unlock: testKey(), policy, actor: `staff:${who}`, clock }
    const { seen, bytes } = await this.stored()
    const vault = (await openVault(options)) as Vault
    const process: Process = { vault, clock, skew, seen }
    this.#processes[who] = process
    const jumped = this.#jumped(process)
    if (jumped === 'yes') expect((await this.stored()).bytes, 'opening writes nothing').toBe(bytes)
    this.#observed(process)
    if (jumped === 'no') await this.#destroyedUpTo(clock.now())
    return process
  }

  /** Time passes and timers run: R14, what is over goes by itself. */
  async #wait(duration: string): Promise<void> {
    const open = this.#processes.filter(process => process !== undefined)
    const doubts = open.map(process => this.#jumped(process))
    for (const [i, process] of open.entries()) {
      const from = process.clock.now()
      await process.clock.advance(duration)
      this.#now = process.clock.now() - process.skew
      // Between midnights nobody looks at the clock.
      const midnight = startOf(process.clock.now())
      if (doubts[i] !== 'yes') this.#believed = Math.max(this.#believed, process.clock.now())
      if (doubts[i] !== 'no' || midnight <= from) continue
      process.seen = Math.max(process.seen, midnight)
      await this.#destroyedUpTo(midnight)
    }
  }

  /** R16: a locked vault believes thirty days. */
  async #drop(instant: number, before: { readonly seen: number; readonly bytes: string }): Promise<void> {
    const clock = fakeClock(iso(Math.max(0, instant)))
    const code = await codeOf(dropExpired(this.medium.store(), { clock }))
    if (clock.now() > before.seen + LOCKED_JUMP) {
      expect(code).toBe('CLOCK_JUMPED')
      expect((await this.stored()).bytes, 'nothing is written').toBe(before.bytes)
      return
    }
    expect(code).toBeUndefined()
    this.#believed = Math.max(this.#believed, clock.now())
    const { seen } = await this.stored()
    expect(seen).toBe(Math.max(before.seen, clock.now()))
    await this.#destroyedUpTo(clock.now())
  }

  /** The names that a process sees now. */
  async here(who = 0): Promise<string[]> {
    const process = this.#processes[who] ?? (await this.#open(who))
    const { people } = await process.vault.for('list').list({ limit: 1000 })
    return people.map(({ name }) => name as string).sort()
  }

  /** The names of those whose bytes still open once the clock is back where this vault last was. */
  async intact(): Promise<string[]> {
    for (const process of this.#processes) if (process) await process.vault.lock()
    this.#processes.fill(undefined)
    this.#set((await this.stored()).seen)
    const { vault } = await this.#open(0)
    const names: string[] = []
    for (const [name, { id, until, erased }] of this.people) {
      const opens = (await vault.for('list').get(id)) !== undefined
      expect(opens, `${name} lasts until ${iso(until)}, and it is ${iso(this.#now)} again`).toBe(
        !erased && until > this.#now,
      )
      if (opens) names.push(name)
    }
    expect((await vault.examine()).damaged).toEqual([])
    await vault.lock()
    return names.sort()
  }
}

/** Nobody is told what others committed, which would look at the clock at any moment: they find out when they are asked. */
const untold = (store: Store): Store =>
  new Proxy(store, {
    get(target, name) {
      if (name === 'watch') return () => () => undefined
      const value = Reflect.get(target, name)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })

async function codeOf(work: Promise<unknown>): Promise<string | undefined> {
  try {
    await work
    return undefined
  } catch (error) {
    const { code } = error as { code?: string }
    if (code === undefined) throw error
    return code
  }
}
