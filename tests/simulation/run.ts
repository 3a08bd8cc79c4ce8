/**
 * Processes on one simulated disk: opens vaults, carries out operations at the same time, says what became of each, and
 * has the judge look after every crash and at the end. What is done and what goes wrong, others decide.
 */
import { type AnyVault, type Card, dropExpired, isVaultError, openAnyVault, restoreVault } from '@amanat/vault'
import { testKey } from '@amanat/vault/testing'
import type { Image } from '../../packages/vault/test/protocol/adversary'
import { carryOut, changeSlot, lookToAsk } from './acts'
import { Backups } from './backups'
import { SimulatedTime } from './clock'
import { Deliveries } from './deliveries'
import type { Broken, Disk, Fates } from './disk'
import type { Done, Moment, Outcome } from './facts'
import { Judge, Wrong } from './judge'
import type { Deed, Look, Operation } from './operation'
import type { Seeded } from './random'
import { doorsOf } from './reading'
import { type Director, type Happening, Scheduler } from './scheduler'
import { isOfTheEnd, SimulatedStore, type Step } from './store'
import { ACTOR, bytesIn, chunksIn, DAY, narrowed, type Prepared, START } from './world'

/** What goes wrong, and whose turn it is. */
export interface Chaos {
  choose: Director['choose']
  among: Director['among']
  happens: Director['happens']
  readonly fates: Fates
  /** How far the clock moves when it moves in the middle of something. */
  readonly leap: number
}

export interface RunOptions {
  readonly prepared: Prepared
  /** What the vaults draw from. */
  readonly randomness: Seeded
  readonly chaos: Chaos
  readonly broken?: Broken | undefined
  readonly trace?: ((line: string) => void) | undefined
  /** Searches everything ever written at the end, and as it lies there whenever the power goes. */
  readonly searches: boolean
  /** How far each process's clock is behind. */
  readonly behind?: readonly number[]
}

/** Means that the vault can't be read: never an answer to anybody. */
const FATAL = new Set(['CORRUPT', 'CELL_STALE', 'CELL_MISSING', 'VAULT_MISSING', 'FORMAT_TOO_NEW', 'UNSUPPORTED'])

export class Run {
  readonly judge = new Judge()
  readonly deliveries = new Deliveries()
  readonly backups = new Backups()
  readonly disk: Disk
  readonly time: SimulatedTime
  readonly scheduler: Scheduler
  crashes = 0
  faults = 0
  /** Locks that were taken away. */
  lost = 0
  reads = 0
  operations = 0
  opened = 0
  /** The power went since the last look. */
  dark = false
  /** Nothing has happened since. */
  #looked = false
  readonly #vaults: (AnyVault | undefined)[] = []
  readonly #faulted = new Set<number>()
  /** Those to whom a write didn't answer: its bytes may lie on the disk, though it came to nothing. */
  readonly #unanswered = new Set<number>()
  readonly #stale = new Set<number>()
  readonly #wrongs: unknown[] = []
  /** Id of the vault that was opened last. */
  #vaultId = ''
  /** A restore was answered for. */
  #must: 'restored' | undefined
  #made: { readonly bytes: Uint8Array; readonly key: number } | undefined
  readonly #images: { readonly image: Image; readonly gone: readonly string[] }[] = []

  constructor(readonly options: RunOptions) {
    const { prepared, chaos, broken, trace } = options
    this.disk = prepared.disk.clone(broken)
    const director: Director = {
      choose: (processes, last) => chaos.choose(processes, last),
      among: count => chaos.among(count),
      happens: (step, process, number) => this.#happens(step, process, number),
      power: () => this.#power(),
      time: () => this.time.move(chaos.leap),
    }
    this.scheduler = new Scheduler(director, trace && (line => trace(line())))
    this.time = new SimulatedTime(START, work => this.scheduler.underWay(work))
    for (const { id, asks, came } of prepared.people) {
      if (came !== undefined) {
        this.judge.meetStranger(came, id)
        continue
      }
      const fields = [
        ...new Set(asks.flatMap(({ purpose }) => (purpose === 'news' ? ['name', 'phones'] : ['name', 'notes']))),
      ]
      const version = this.judge.people.length
      const card = Object.fromEntries(fields.map(field => [field, version]))
      const consents = Object.fromEntries(
        asks.map(({ purpose, until, evidence }) => [purpose, { until, evidence, before: [] }]),
      )
      this.judge.meet([{ card, consents }], id)
    }
    this.judge.trust()
  }

  #trace(line: () => string): void {
    this.options.trace?.(line())
  }

  #happens(step: Step, process: number, number: number): Happening | undefined {
    const happening = this.options.chaos.happens(step, process, number)
    if (happening?.kind === 'fault') {
      this.faults++
      this.#faulted.add(process)
      if (happening.fault === 'no answer') this.#unanswered.add(process)
    } else if (happening?.kind === 'lock') {
      this.lost++
      this.#faulted.add(process)
    } else if (happening?.kind === 'end') {
      this.crashes++
      this.#forget(process)
    }
    return happening
  }

  #forget(process: number): void {
    this.#vaults[process] = undefined
    this.#stale.delete(process)
    this.time.forget(process)
  }

  #power(): void {
    this.crashes++
    this.dark = true
    this.#vaults.length = 0
    this.#stale.clear()
    this.time.forget()
    this.disk.power(this.options.chaos.fates)
    if (!this.options.searches || this.judge.gone.size === 0) return
    const { roots, rows, halves } = this.disk.image()
    this.#images.push({ image: { roots: [...roots], rows: [...rows], halves }, gone: [...this.judge.gone] })
  }

  /** Carries out these at the same time, and notes what became of them. */
  async round(deeds: readonly Deed[]): Promise<void> {
    const { judge, time } = this
    this.#looked = false
    const start = time.now
    const acts = new Map<number, Done[]>()
    const outcomes: { readonly deed: Deed; readonly outcome: Outcome; readonly began: number }[] = []
    const slots = judge.slots
    const narrow = judge.narrow
    if (deeds.some(({ operation }) => operation.do === 'narrow')) judge.narrow = [...new Set([...narrow, true])]
    this.#faulted.clear()
    this.#unanswered.clear()
    await this.#run(
      deeds.map(deed => async () => {
        const began = time.now - this.#behind(deed.process)
        const { outcome, refused } = await this.#attempt(deed)
        this.#trace(() => `${deed.process} ${JSON.stringify(deed.operation)}: ${outcome}`)
        outcomes.push({ deed, outcome, began })
        if (deed.operation.do !== 'act') return
        for (const [i, { person, act }] of deed.operation.acts.entries()) {
          const dones = acts.get(person) ?? []
          acts.set(person, dones)
          dones.push({ act, outcome: refused?.has(i) ? 'refused' : outcome })
        }
      }),
    )
    this.operations += deeds.length
    for (const { deed, outcome } of outcomes) {
      if (deed.operation.do === 'slot') judge.concludeSlots(slots, deed.operation, outcome)
    }
    judge.concludeNarrow(
      narrow,
      outcomes.flatMap(({ deed, outcome }) => (deed.operation.do === 'narrow' ? outcome : [])),
    )
    const moments = this.#moments(start)
    for (const [person, dones] of acts) {
      this.backups.conclude(person, judge.people[person]?.states ?? [], dones, moments)
      judge.conclude(person, dones, moments)
    }
    for (const { deed, outcome } of outcomes) this.#concludeRestore(deed.operation, outcome, moments)
    for (const { outcome, began, deed } of outcomes) {
      const passes = deed.operation.do === 'purge' || deed.operation.do === 'drop' || deed.operation.do === 'open'
      if (outcome === 'done' && passes) judge.passed(began)
    }
    for (const process of this.#stale) this.scheduler.end(process, false)
    for (const process of [...this.#stale]) this.#forget(process)
  }

  async #run(works: readonly (() => Promise<unknown>)[]): Promise<void> {
    await this.scheduler.run(
      works.map(work => () => work().catch(error => void this.#wrongs.push(error ?? new Error('nothing was thrown')))),
    )
    if (this.#wrongs.length > 0) throw this.#wrongs[0]
    for (const { image, gone } of this.#images.splice(0)) await this.judge.search(image, gone)
  }

  /** The time that the slowest of the clocks shows. */
  get earliest(): number {
    return this.time.now - Math.max(0, ...(this.options.behind ?? []))
  }

  #behind(process: number): number {
    return this.options.behind?.[process] ?? 0
  }

  /** Every time and policy under which something that began then may have been planned. */
  #moments(start: number): Moment[] {
    const behind = Math.max(0, ...(this.options.behind ?? []))
    const days = new Map(
      [start - behind, start, this.time.now - behind, this.time.now].map(now => [Math.floor(now / DAY), now]),
    )
    return [...days.values()].flatMap(now => this.judge.narrow.map(narrow => ({ now, narrow })))
  }

  /** Which vault stands now, the next to open it sees; who has the old one open is told when they ask it anything. */
  #concludeRestore(operation: Operation, outcome: Outcome, moments: readonly Moment[]): void {
    const { judge, backups } = this
    if (operation.do === 'backup' && this.#made && outcome === 'done') {
      const people = judge.people.map(({ states }) => states)
      backups.keep({ ...this.#made, people, narrow: judge.narrow, runs: this.deliveries.runs })
    }
    if (operation.do !== 'restore' || !backups.concluded(judge, outcome, moments)) return
    if (outcome === 'done') this.#must = 'restored'
    for (const process of this.#vaults.keys()) this.#stale.add(process)
    this.dark = true
  }

  async #attempt(deed: Deed): Promise<{ outcome: Outcome; refused?: ReadonlySet<number> }> {
    try {
      const refused = await this.#perform(deed)
      return { outcome: 'done', ...(refused ? { refused } : {}) }
    } catch (error) {
      // A delivery that broke says why in its cause.
      const why = isVaultError(error, 'DELIVERY_BROKEN') ? error.cause : error
      return { outcome: this.#outcomeOf(why, deed) }
    }
  }

  #outcomeOf(error: unknown, { process, operation }: Deed): Outcome {
    if (isOfTheEnd(error)) return 'unknown'
    if (!isVaultError(error) || FATAL.has(error.code)) throw error
    this.#trace(() => `${process} is told ${error.code}`)
    if (error.code === 'KEY_CHANGED' || error.code === 'CANNOT_UNLOCK') {
      this.#stale.add(process)
      // A narrowed policy takes several commits: the first may have been in before the key was changed.
      if (this.judge.keys.size > 1) return operation.do === 'narrow' ? 'unknown' : 'refused'
    }
    if (error.kind !== 'failure' || error.code === 'CLOCK_JUMPED') return 'refused'
    if (!this.#faulted.has(process)) throw new Wrong(`nobody broke anything, and yet: ${error.code}`, { cause: error })
    // No room: nothing was written, unless it was tried before. What takes several commits may have got through some of them.
    const isFirst = operation.do !== 'narrow' && !this.#unanswered.has(process)
    return error.code === 'NO_SPACE' && isFirst ? 'refused' : 'unknown'
  }

  /** Which of several acts were refused, when some were. */
  async #perform({ process, operation }: Deed): Promise<ReadonlySet<number> | undefined> {
    if (operation.do === 'drop') {
      const clock = this.time.clock(process, this.#behind(process))
      await dropExpired(this.#store(process), { clock, randomness: this.#randomness })
      return undefined
    }
    if (operation.do === 'restore') {
      await this.#restore(process, operation.key)
      return undefined
    }
    const vault = this.#vaults[process] ?? (await this.#open(process))
    switch (operation.do) {
      case 'act':
        return carryOut(vault, operation.acts, this.judge.people)
      case 'narrow':
        await vault.changePolicy(narrowed as never, { accept: (await vault.planPolicy(narrowed as never)) as never })
        return undefined
      case 'purge':
        await vault.purge()
        return undefined
      case 'lock':
        this.#vaults[process] = undefined
        await vault.lock()
        this.time.forget(process)
        return undefined
      case 'slot':
        await changeSlot(vault, operation.kind, operation.slot)
        return undefined
      case 'look':
        await this.#read(vault, operation)
        return undefined
      case 'deliver':
        await this.#deliver(vault, operation.resume)
        return undefined
      case 'backup':
        this.#made = { bytes: await bytesIn((await vault.backup()).file), key: this.#key }
        return undefined
      case 'open':
        return undefined
    }
  }

  async #restore(process: number, key: number): Promise<void> {
    const { key: backupKey, bytes } = this.backups.begin(
      this.#vaultId,
      { label: 'restored', key },
      this.judge,
      this.earliest,
    )
    await restoreVault({
      store: this.#store(process),
      from: chunksIn(bytes),
      backupUnlock: testKey(backupKey),
      standingUnlock: testKey(this.#key),
      unlock: testKey(key),
      slotLabel: 'restored',
      actor: ACTOR,
      evenIfOlder: true,
      clock: this.time.clock(process),
      randomness: this.#randomness,
    })
  }

  /** A key that surely opens the vault that stands. */
  get #key(): number {
    return this.judge.slots[0]?.[0]?.key as number
  }

  /** Reads somebody, and holds it against what is known: nobody's acts are under way in a round of reading. */
  async #read(vault: AnyVault, { how, person, purpose }: Look): Promise<void> {
    const { id } = this.judge.people[person] as { id: string | undefined }
    const start = this.time.now
    const door = vault.for(purpose)
    if (how === 'check') {
      const { allowed } = await vault.for('news').check({ recipient: 'gateway' } as never)
      const most = this.judge.most('news', this.busy)
      if (allowed > most) throw new Wrong(`${allowed} people may be exported, of ${most}`)
      return
    }
    if (how === 'ask') return this.#ask(vault, person, start)
    let shown: string | undefined
    if (how === 'list') shown = (await door.list()).people.find(one => one.id === id)?.name
    else if (id !== undefined) shown = ((await door.reveal(id))?.card as Card | undefined)?.name?.full
    this.reads++
    if (id !== undefined && this.#still(person) && !this.judge.mayShow(person, purpose, shown, this.#moments(start))) {
      throw new Wrong(`the door for ${purpose} shows person ${person} as ${shown}`)
    }
  }

  /** Looks at somebody in quarantine, to ask them. */
  async #ask(vault: AnyVault, person: number, start: number): Promise<void> {
    const { id } = this.judge.people[person] as { id: string | undefined }
    if (id === undefined) return
    const shown = await lookToAsk(vault, id)
    this.reads++
    if (this.#still(person) && !this.judge.mayAsk(person, shown, this.#moments(start)))
      throw new Wrong(`person ${person} is shown to be asked as ${JSON.stringify(shown)}`)
  }

  async #deliver(vault: AnyVault, resume: boolean): Promise<void> {
    const start = this.time.now
    await this.deliveries.deliver(vault, resume, (id, name) => {
      const person = this.judge.people.findIndex(known => known.id === id)
      if (person < 0 || !this.#still(person)) return
      if (!this.judge.mayShow(person, 'news', name, this.#moments(start)))
        this.#wrongs.push(new Wrong(`person ${person} is handed over as ${name}`))
    })
  }

  /** People on whom something is under way in this round. */
  busy: ReadonlySet<number> = new Set()

  #still(person: number): boolean {
    return !this.busy.has(person)
  }

  #store(process: number): SimulatedStore {
    const store = new SimulatedStore(this.disk, this.scheduler.gate(process))
    this.scheduler.put(process, store)
    return store
  }

  readonly #randomness = (length: number): Uint8Array => this.options.randomness.bytes(length)

  async #open(process: number): Promise<AnyVault> {
    const pending = this.backups.pending ? [this.backups.pending.slot.key] : []
    const keys = [...new Set([...this.judge.slots.flatMap(slots => slots.map(({ key }) => key)), ...pending])]
    for (const [i, key] of keys.entries()) {
      try {
        const vault = await openAnyVault({
          store: this.#store(process),
          unlock: testKey(key),
          actor: ACTOR,
          clock: this.time.clock(process, this.#behind(process)),
          randomness: this.#randomness,
        })
        this.#vaults[process] = vault
        this.opened++
        if (this.#must === 'restored' && vault.id === this.#vaultId)
          throw new Wrong('restored, and the old vault stands')
        this.#must = undefined
        this.backups.settle(vault.id, this.judge, runs => this.deliveries.keep(runs))
        this.#vaultId = vault.id
        return vault
      } catch (error) {
        if (i === keys.length - 1 || !isVaultError(error, 'CANNOT_UNLOCK')) throw error
      }
    }
    throw new Wrong('no slot is left')
  }

  /** After the power went: somebody opens the vault, whatever happens meanwhile, and it is looked at. */
  async recover(): Promise<void> {
    for (let tries = 0; this.dark; tries++) {
      if (tries > 10) throw new Wrong('the vault is not opened any more')
      this.dark = false
      this.#faulted.clear()
      this.#unanswered.clear()
      await this.#run([async () => void (await this.#attempt({ process: 0, operation: { do: 'open' } }))])
      const vault = this.#vaults[0]
      this.#trace(() => (vault ? 'opened again' : 'not opened'))
      if (vault) await this.#look(vault)
      else this.dark = true
    }
  }

  async #look(vault: AnyVault): Promise<void> {
    this.judge.passed(this.time.now - this.#behind(0))
    await this.judge.look(vault, this.disk, this.time.now)
    for (const wrong of await this.deliveries.wrongs(vault)) throw new Wrong(wrong)
    this.#looked = true
  }

  /** Somebody else opens the vault, sees what is there, and so do all who have it open. */
  async finish(): Promise<void> {
    if (!this.#looked) await this.#observe()
    if (this.options.searches) await this.judge.search(this.disk.image(), this.judge.gone)
  }

  async #observe(): Promise<void> {
    const observer = await this.#open(4)
    await this.#look(observer)
    const seen = await doorsOf(observer)
    for (const [process, vault] of this.#vaults.entries()) {
      if (!vault || vault === observer) continue
      const others = await doorsOf(vault).catch((error: unknown) => {
        if (isVaultError(error, 'KEY_CHANGED')) return undefined
        throw error
      })
      const text = (doors: typeof seen) => JSON.stringify([...doors].sort())
      if (others && text(others) !== text(seen))
        throw new Wrong(`process ${process} sees ${text(others)}, not ${text(seen)}`)
    }
  }
}
