/**
 * Stands between a vault and what is injected into it (store, clock, randomness), counts every call, and lets one of
 * them go wrong in one way. Once: the call after it is answered as always. Nothing here knows what a vault is; which
 * call and which way is for the test to say, and a run is told apart by these two alone.
 */
import { type Cell, type Row, type Store, StoreError, type Table } from '@amanat/store-contract'
import type { Clock } from '../../packages/vault/src/time/now'

export type Op =
  | 'open'
  | 'root'
  | 'read'
  | 'scan'
  | 'row'
  | 'commit'
  | 'dropRows'
  | 'watch'
  | 'exclusive'
  | 'cell.read'
  | 'cell.overwrite'
  | 'cell.create'
  | 'guarantees'
  | 'destroy'
  | 'close'
  | 'clock.now'
  | 'clock.at'
  | 'randomness'

const NOTHING_DONE = ['fails: IO', 'fails: NO_SPACE'] as const
const BYTES = ['a bit flipped', 'cut short', 'all zeros', 'nothing'] as const

/** Every way in which a call can go wrong. `lock lost` comes on top for whatever is called inside the lock. */
export const WAYS: { readonly [op in Op]: readonly string[] } = {
  open: [...NOTHING_DONE, 'fails: UNSUPPORTED'],
  root: ['fails: IO', 'fails: UNKNOWN_RESULT', ...BYTES],
  read: ['fails: IO', 'fails: UNKNOWN_RESULT', ...BYTES],
  scan: ['fails: IO', 'fails: UNKNOWN_RESULT', 'ends early'],
  row: ['fails: IO', 'ends early', 'a bit flipped', 'cut short', 'all zeros'],
  commit: [...NOTHING_DONE, 'unknown, and it was not applied', 'unknown, and it was applied', 'says conflict'],
  dropRows: [...NOTHING_DONE, 'done, and fails: IO'],
  watch: ['fails: IO'],
  exclusive: ['fails: BUSY', 'fails: IO', 'lock lost at once', 'done, and fails: IO'],
  'cell.read': ['fails: IO', ...BYTES],
  'cell.overwrite': [
    ...NOTHING_DONE,
    'fails: CELL_MISSING',
    'done, and fails: IO',
    'half of it, and fails: IO',
    '4095 bytes of it, and says nothing',
    'a bit flipped, and says nothing',
    'not done, and says nothing',
  ],
  'cell.create': [
    ...NOTHING_DONE,
    'done, and fails: IO',
    'half of it, and fails: IO',
    '4095 bytes of it, and says nothing',
    'not done, and says nothing',
  ],
  guarantees: ['fails: IO'],
  destroy: ['fails: IO', 'done, and fails: IO'],
  close: ['fails: IO', 'done, and fails: IO'],
  'clock.now': ['throws', 'no number'],
  'clock.at': ['throws'],
  randomness: ['throws', 'cut short'],
}
export const LOCK_LOST = 'lock lost'

export interface Call {
  readonly op: Op
  readonly table?: Table
  /** Inside the store's lock. */
  readonly locked: boolean
}

/** Which call goes wrong, counted from 0, and how. */
export interface Fault {
  readonly at: number
  readonly way: string
}

const flipped = (bytes: Uint8Array, at: number) => bytes.with(at, (bytes[at] as number) ^ 4)

function spoiled(bytes: Uint8Array, way: string): Uint8Array | undefined {
  if (way === 'a bit flipped') return flipped(bytes, bytes.length >> 1)
  if (way === 'cut short') return bytes.slice(0, bytes.length - 1)
  if (way === 'all zeros') return new Uint8Array(bytes.length)
  if (way === 'nothing') return undefined
  throw new Error(`no such way: ${way}`)
}

export class Ports {
  readonly calls: Call[] = []
  fault: Fault | undefined
  /** Whether calls are counted, and may go wrong. */
  armed = false
  struck = false
  #held: AbortController | undefined

  /** How this call is to go wrong, if it is. */
  #way(op: Op, table?: Table): string | undefined {
    if (!this.armed) return undefined
    const locked = this.#held !== undefined
    const number = this.calls.push(table ? { op, table, locked } : { op, locked }) - 1
    if (this.fault?.at !== number) return undefined
    this.struck = true
    if (this.fault.way === LOCK_LOST) {
      this.#held?.abort()
      return undefined
    }
    return this.fault.way
  }

  async #call<T>(
    op: Op,
    act: () => Promise<T>,
    answered: (way: string, act: () => Promise<T>) => Promise<T>,
    table?: Table,
  ) {
    const way = this.#way(op, table)
    if (way === undefined) return await act()
    const [, code] = /^fails: (.*)$/.exec(way) ?? []
    if (code) throw new StoreError(code as 'IO', 'provoked')
    if (way === 'done, and fails: IO') {
      await act()
      throw new StoreError('IO', 'provoked')
    }
    return await answered(way, act)
  }

  store(inner: Store): Store {
    const never = async (way: string): Promise<never> => {
      throw new Error(`no such way: ${way}`)
    }
    const call: <T>(op: Op, act: () => Promise<T>) => Promise<T> = (op, act) => this.#call(op, act, never)
    return {
      name: inner.name,
      cell: this.#cell(inner.cell),
      open: () => call('open', () => inner.open()),
      root: () =>
        this.#call(
          'root',
          () => inner.root(),
          async (way, act) => {
            const root = await act()
            const bytes = root && spoiled(root.bytes, way)
            return bytes && root && { ...root, bytes }
          },
        ),
      read: (table, ids) =>
        this.#call(
          'read',
          () => inner.read(table, ids),
          async (way, act) => {
            const all = await act()
            const one = all[all.length - 1]
            return one ? [...all.slice(0, -1), spoiled(one, way)] : all
          },
          table,
        ),
      scan: (table, from) => this.#scan(inner, table, from),
      commit: batch =>
        this.#call(
          'commit',
          () => inner.commit(batch),
          async (way, act) => {
            if (way === 'says conflict') return 'conflict' as const
            if (way === 'unknown, and it was applied') await act()
            throw new StoreError('UNKNOWN_RESULT', 'provoked')
          },
        ),
      dropRows: (table, before) => call('dropRows', () => inner.dropRows(table, before)),
      watch: listener => {
        if (this.#way('watch')) throw new StoreError('IO', 'provoked')
        return inner.watch(listener)
      },
      exclusive: work => this.#exclusive(inner, work),
      guarantees: () => call('guarantees', () => inner.guarantees()),
      destroy: () => call('destroy', () => inner.destroy()),
      close: () => call('close', () => inner.close()),
    }
  }

  async *#scan(inner: Store, table: Table, from?: Uint8Array): AsyncGenerator<Row> {
    const way = this.#way('scan', table)
    if (way === 'ends early') return
    if (way !== undefined) throw new StoreError(way.slice('fails: '.length) as 'IO', 'provoked')
    for await (const row of inner.scan(table, from)) {
      const way = this.#way('row', table)
      if (way === 'ends early') return
      if (way === 'fails: IO') throw new StoreError('IO', 'provoked')
      yield way === undefined ? row : { ...row, bytes: spoiled(row.bytes, way) as Uint8Array }
    }
  }

  #exclusive<T>(inner: Store, work: (lost: AbortSignal) => Promise<T>): Promise<T> {
    const held = new AbortController()
    const within = () =>
      inner.exclusive(async lost => {
        lost.addEventListener('abort', () => held.abort(), { once: true })
        this.#held = held
        try {
          return await work(held.signal)
        } finally {
          this.#held = undefined
        }
      })
    return this.#call('exclusive', within, (_, act) => {
      held.abort()
      return act()
    })
  }

  #cell(inner: Cell): Cell {
    return {
      read: half =>
        this.#call(
          'cell.read',
          () => inner.read(half),
          async (way, act) => {
            const bytes = await act()
            return bytes && spoiled(bytes, way)
          },
        ),
      overwrite: (half, bytes) =>
        this.#call(
          'cell.overwrite',
          () => inner.overwrite(half, bytes),
          async way => {
            const was = (await inner.read(half)) as Uint8Array
            const now = was.slice()
            if (way.startsWith('half')) now.set(bytes.subarray(0, 2048 + 100))
            if (way.startsWith('4095')) now.set(bytes.subarray(0, 4095))
            if (way.startsWith('a bit')) now.set(flipped(bytes, 40))
            await inner.overwrite(half, now)
            if (way.endsWith('fails: IO')) throw new StoreError('IO', 'provoked')
          },
        ),
      create: halves =>
        this.#call(
          'cell.create',
          () => inner.create(halves),
          async way => {
            const now = halves.map(() => new Uint8Array(4096)) as [Uint8Array, Uint8Array]
            if (way.startsWith('half')) now[0].set(halves[0])
            if (way.startsWith('4095')) {
              now[0].set(halves[0])
              now[1].set(halves[1].subarray(0, 4095))
            }
            if (way.startsWith('not')) return
            await inner.create(now)
            if (way.endsWith('fails: IO')) throw new StoreError('IO', 'provoked')
          },
        ),
    }
  }

  clock(inner: Clock): Clock {
    return {
      now: () => {
        const way = this.#way('clock.now')
        if (way === 'throws') throw new Error('the clock is broken')
        return way === 'no number' ? Number.NaN : inner.now()
      },
      at: (instant, run) => {
        if (this.#way('clock.at')) throw new Error('the clock is broken')
        return inner.at(instant, run)
      },
    }
  }

  randomness(inner: (length: number) => Uint8Array): (length: number) => Uint8Array {
    return length => {
      const way = this.#way('randomness')
      if (way === 'throws') throw new Error('there is no randomness')
      return inner(way === 'cut short' ? length - 1 : length)
    }
  }
}
