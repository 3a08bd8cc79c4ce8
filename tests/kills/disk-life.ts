/**
 * The long life of one vault on disk that is killed again and again: what is told to the processes that use it, what
 * they acknowledged, and what is looked at after each of them was killed.
 */
import { mkdir, readdir, readFile, rm, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { HALF_BYTES, TABLES } from '@amanat/store-contract'
import { disk } from '@amanat/store-disk'
import { createVault, isVaultError, openVault } from '@amanat/vault'
import { fakeClock } from '@amanat/vault/testing'
import { everythingIn, type ImageRow, type Opening } from '../../packages/vault/test/protocol/adversary'
import { Acknowledged } from './acknowledged'
import { formats, type KilledVault, type Said } from './act'
import type { Chance } from './chance'
import { batchesIn, type Order, unlockOf } from './order'
import { FIRST_DAY, instantOf, policyOf } from './people'
import { type Choice, planOf, Words } from './plan'
import type { Running } from './process'
import { sightOf } from './sight'

/** What a folder of a vault holds, and nothing else. */
const FILES = [
  'cell/CACHEDIR.TAG',
  'cell/cell',
  'lock/mutex/data.mdb',
  'lock/mutex/lock.mdb',
  'lock/turn/data.mdb',
  'lock/turn/lock.mdb',
  'rows/data.mdb',
  'rows/lock.mdb',
]

export async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  return entries
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort()
}

/** Files that don't belong there, and those that are missing. */
export async function strayFiles(folder: string): Promise<string[]> {
  const there = await filesIn(folder)
  return [
    ...there.filter(file => !FILES.includes(file)),
    ...FILES.filter(file => !there.includes(file)).map(f => `no ${f}`),
  ]
}

/** As if the process that was killed had been dead for an hour: the store waits before it sweeps away what was being made. */
export async function anHourLater(folder: string): Promise<void> {
  const then = new Date(Date.now() - 3_600_000)
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  for (const entry of entries) if (entry.isDirectory()) await utimes(join(entry.parentPath, entry.name), then, then)
}

export class DiskLife {
  readonly known = new Acknowledged(FIRST_DAY)
  /** To whom the deliveries that are under way have handed. */
  readonly #handed = new Map<number, Set<string>>()
  /** Deliveries that were gone on with. */
  readonly #resumed = new Set<string>()
  resumed = 0
  /** Everything that was ever seen on the disk. */
  readonly #rows = new Map<string, ImageRow>()
  readonly #roots: Uint8Array[] = []
  readonly #ended = new Set<string>()
  readonly #wordsOf: Words[]
  #number = 0
  wordsLookedFor = 0

  private constructor(
    readonly folder: string,
    /** Unlocked by words, as people do, not by a bare key. */
    readonly words: boolean,
    writers: number,
  ) {
    this.#wordsOf = Array.from({ length: writers }, (_, writer) => new Words(writer, writers))
  }

  static async begin(folder: string, { words = false, writers = 1 } = {}): Promise<DiskLife> {
    await mkdir(folder, { recursive: true })
    const life = new DiskLife(folder, words, writers)
    const vault = await createVault({ ...life.#options(false), unlock: unlockOf(words, 1) })
    await vault.lock()
    return life
  }

  async end(): Promise<void> {
    await rm(this.#batches, { force: true })
    await rm(this.folder, { recursive: true, force: true })
  }

  /** Tells a process what to do, and keeps the record of what it acknowledges. */
  use(
    child: Running<Said>,
    chance: Chance,
    choice: Choice & Partial<Pick<Order, 'killAt' | 'thenLock' | 'broken'>>,
    writer = 0,
  ): void {
    const steps = planOf(this.known, this.#wordsOf[writer] as Words, chance, choice)
    child.onSaid = said => this.#hear(said)
    const order: Order = {
      what: 'use',
      folder: this.folder,
      narrowed: this.known.isNarrowed,
      day: this.known.today,
      slot: this.known.slots[0] as number,
      words: this.words,
      ids: [...this.known.ids],
      steps,
      first: this.#number,
      batches: this.#batches,
      ...(choice.killAt === undefined ? {} : { killAt: choice.killAt }),
      ...(choice.thenLock ? { thenLock: true } : {}),
      ...(choice.broken ? { broken: choice.broken } : {}),
    }
    this.#number += steps.flat().length
    child.tell(order)
    child.noMore()
  }

  /** Tells a process to destroy it. */
  destroy(child: Running<Said>, killAt: number | undefined): void {
    child.tell({
      what: 'destroy',
      folder: this.folder,
      narrowed: this.known.isNarrowed,
      day: this.known.today,
      slot: this.known.slots[0] as number,
      words: this.words,
      ids: [],
      steps: [],
      first: 0,
      ...(killAt === undefined ? {} : { killAt }),
    } satisfies Order)
  }

  /** Whether anything of it can be read by whoever has the key and what is left on the disk, and all that was there before. */
  async readable(): Promise<boolean> {
    await this.image()
    const cell = new Uint8Array(await readFile(join(this.folder, 'cell', 'cell')).catch(() => Buffer.alloc(0)))
    const halves = cell.length === 0 ? [] : [cell.slice(0, HALF_BYTES), cell.slice(HALF_BYTES)]
    const image = { roots: this.#roots, rows: [...this.#rows.values()], halves }
    return (await everythingIn(image, this.#openings())).openedRoots > 0
  }

  #hear(said: Said): void {
    if (said.say === 'begin') this.known.begin(said.number, said.operation)
    if (said.say === 'row') this.known.row(said.key, said.id)
    if (said.say === 'done') this.known.done(said.number)
    if (said.say === 'refused') this.known.refused(said.number)
    if (said.say === 'done' && said.export !== undefined) this.#ended.add(said.export)
    if (said.say === 'done' || said.say === 'refused') this.#handed.delete(said.number)
    if (said.say === 'handing') {
      const handed = this.#handed.get(said.number) ?? new Set()
      for (const id of said.ids) handed.add(id)
      this.#handed.set(said.number, handed)
    }
  }

  /** What lies on the disk now, before anybody has opened it again, added to what lay there before. */
  async image(): Promise<void> {
    for (const { root, put } of batchesIn(await readFile(this.#batches, 'utf8').catch(() => ''))) {
      this.#roots.push(root)
      for (const row of put) this.#keep(row)
    }
    await rm(this.#batches, { force: true })
    const store = disk(this.folder)
    await store.open()
    try {
      const root = await store.root()
      if (root) this.#roots.push(root.bytes)
      for (const table of TABLES) {
        for await (const row of store.scan(table)) this.#keep(row)
      }
    } finally {
      await store.close()
    }
  }

  #keep(row: ImageRow): void {
    this.#rows.set(Buffer.concat([row.id, row.bytes]).toString('base64'), row)
  }

  get #batches(): string {
    return `${this.folder}-batches`
  }

  /** What an adversary with all that was ever seen on the disk, every key there ever was, and today's cell reads. */
  async #leaks(): Promise<string[]> {
    const cell = new Uint8Array(await readFile(join(this.folder, 'cell', 'cell')))
    const halves = [cell.slice(0, HALF_BYTES), cell.slice(HALF_BYTES)]
    const openings = this.#openings()
    const haul = await everythingIn({ roots: this.#roots, rows: [...this.#rows.values()], halves }, openings)
    const forgotten = this.known.forgotten()
    this.wordsLookedFor += forgotten.length
    const wrong = forgotten.flatMap(word => {
      const where = haul.where(word)
      return where.length > 0 ? [`${word} was forgotten, and can be read in ${where.join(', ')}`] : []
    })
    if (haul.openedRoots === 0) wrong.push('the adversary opened nothing: it looks in the wrong place')
    const kept = this.known.kept().slice(0, 3)
    for (const word of kept) if (haul.where(word).length === 0) wrong.push(`${word} is kept, and can't be read`)
    return wrong
  }

  #openings(): Opening[] {
    const last = Math.max(...this.known.slots)
    if (this.words) return [{ passphrase: `seven tired otters carry lanterns home ${last}` }]
    return Array.from({ length: last }, (_, i) => ({ secretKey: new Uint8Array(32).fill(i + 1) }))
  }

  #options(narrowed: boolean) {
    const clock = fakeClock(new Date(instantOf(this.known.today)).toISOString())
    return { store: disk(this.folder), policy: policyOf(narrowed), actor: 'staff:omid', formats, clock }
  }

  /** Opens it as somebody does who doesn't know how far the last one came. */
  async #open(): Promise<{ vault: KilledVault; narrowed: boolean; slot: number }> {
    const refusals: string[] = []
    for (const slot of this.known.slots) {
      for (const narrowed of this.known.narrowed) {
        try {
          const vault = await openVault({ ...this.#options(narrowed), unlock: unlockOf(this.words, slot) })
          return { vault: vault as KilledVault, narrowed, slot }
        } catch (error) {
          if (!isVaultError(error, 'CANNOT_UNLOCK') && !isVaultError(error, 'POLICY_DIFFERS')) throw error
          refusals.push(error.code)
        }
      }
    }
    throw new Error(`it opens in no way that was acknowledged: ${refusals.join(', ')}`)
  }

  /** Everything that contradicts what was acknowledged; nothing, if all is well. */
  async look({ adversary }: { readonly adversary: boolean }): Promise<string[]> {
    const wrong: string[] = []
    if (adversary) {
      await this.image()
      wrong.push(...(await this.#leaks()).map(each => `before it was opened again: ${each}`))
    }
    const { vault, narrowed, slot } = await this.#open()
    const before = this.known.slots
    this.known.slots = [slot]
    try {
      wrong.push(...(await this.#brokenExports(vault)))
      wrong.push(...this.known.see(await sightOf(vault, narrowed, this.known.ids)))
    } finally {
      await vault.lock()
    }
    for (const other of before.filter(each => each !== slot)) wrong.push(...(await this.#opensWith(other)))
    wrong.push(...(await strayFiles(this.folder)).map(file => `in the folder: ${file}`))
    if (adversary) {
      await this.image()
      wrong.push(...(await this.#leaks()).map(each => `after it was opened again: ${each}`))
    }
    return wrong
  }

  /** Of two ways to unlock, one was replaced by the other: both must never open it. */
  async #opensWith(slot: number): Promise<string[]> {
    try {
      const options = this.#options(this.known.isNarrowed)
      await (await openVault({ ...options, unlock: unlockOf(this.words, slot) })).lock()
      return [`it opens with slot ${slot}, too`]
    } catch (error) {
      if (!isVaultError(error, 'CANNOT_UNLOCK')) throw error
      return []
    }
  }

  /** Whatever was acknowledged stands on the ledger; a delivery that was cut off goes on, and nobody is handed over twice. */
  async #brokenExports(vault: KilledVault): Promise<string[]> {
    const wrong: string[] = []
    const started = new Map<string, { purpose: string; via: string; batches: number }>()
    const ended = new Set<string>()
    for await (const line of vault.ledger.entries()) {
      const id = String(line.export)
      if (line.type === 'export-started') {
        started.set(id, { purpose: String(line.purpose), via: String(line.via), batches: 0 })
      }
      const known = started.get(id)
      if (line.type === 'delivery-batch' && known) known.batches++
      if (line.type === 'export-ended') ended.add(id)
    }
    for (const id of this.#ended) if (!ended.has(id)) wrong.push(`export ${id} is not on the ledger`)
    const cut = [...started].filter(([id, { via }]) => via === 'delivery' && !ended.has(id) && !this.#resumed.has(id))
    const handed = [...this.#handed.values()]
    this.#handed.clear()
    // One may have come to its end, and its process to its own before it could say so.
    const untold = [...started].filter(([id, { via }]) => via === 'delivery' && ended.has(id) && !this.#ended.has(id))
    if (handed.length > cut.length + untold.length)
      wrong.push('people were handed over, and the ledger names no such delivery')
    for (const [id, { purpose, batches }] of cut) {
      this.#resumed.add(id)
      if (cut.length > 1) continue
      const before = handed[0] ?? new Set<string>()
      if (before.size > 3 * batches) wrong.push('more were handed over than the ledger names')
      const to = async (people: readonly { id: string }[]) => {
        for (const { id } of people) if (before.has(id)) wrong.push('somebody was handed over twice')
      }
      try {
        await vault.for(purpose as 'times').deliver({ recipient: 'gateway', batch: 3, to, resume: id })
        this.resumed++
      } catch (error) {
        if (!isVaultError(error, 'UNKNOWN_DELIVERY')) throw error
      }
    }
    return wrong
  }
}
