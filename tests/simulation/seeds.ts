/** Plays seeds one after the other, and says of one that fails how to see it again. */
import { env } from 'node:process'
import { figures } from '../trust/figures'
import { type Counted, type HistoryOptions, play } from './history'
import { remembering } from './remembered'
import { prepare } from './world'

/** The seed to be replayed, if one is. */
export const REPLAYED = env.AMANAT_SEED === undefined ? undefined : Number(env.AMANAT_SEED)

/** Far fewer than are played normally: what is broken on purpose is found among these. */
export const ENOUGH = 1_000

/** A history with every step it took: the same for the same seed. */
export async function traceOf(seed: number): Promise<{ readonly lines: string[]; readonly error: unknown }> {
  const lines: string[] = []
  try {
    await play(seed, await prepare(), { trace: line => lines.push(line) })
    return { lines, error: undefined }
  } catch (error) {
    return { lines, error }
  }
}

/** Seeds that fail before the rest is given up: by then it isn't one of them alone. */
const MOST_FAILURES = 20

/** Plays these seeds and adds up what was done. @throws those that fail, with how the first of them went. */
export const playSeeds = (from: number, to: number): Promise<void> => remembering(() => playEach(from, to))

async function playEach(from: number, to: number): Promise<void> {
  const prepared = await prepare()
  const sum: { -readonly [what in keyof Counted]?: number } = {}
  const failed: { readonly seed: number; readonly cause: unknown }[] = []
  for (let seed = from; seed < to && failed.length < MOST_FAILURES; seed++) {
    const counted = await play(seed, prepared).catch((cause: unknown) => {
      // Said at once: a long run may be stopped before its end.
      console.error(`seed ${seed}: ${messageOf(cause)}\n${howTo(seed)}`)
      failed.push({ seed, cause })
      return {} as Partial<Counted>
    })
    for (const [what, count] of Object.entries(counted) as [keyof Counted, number][])
      sum[what] = (sum[what] ?? 0) + count
  }
  figures('simulation', {
    seeds: to - from,
    'seeds that failed': failed.length,
    'crash points': sum.crashes ?? 0,
    'acknowledged changes checked': sum.changes ?? 0,
    'stays in quarantine checked': sum.stays ?? 0,
    'turned away on coming again': sum.turnedAway ?? 0,
    'restored backups checked': sum.restored ?? 0,
    'deliveries looked for in the ledger': sum.delivered ?? 0,
    'forgotten words looked for': sum.forgotten ?? 0,
    'torn or reordered writes': sum.harmed ?? 0,
    'faults without a crash': sum.faults ?? 0,
    'locks lost': sum.lost ?? 0,
    steps: sum.steps ?? 0,
  })
  const [first] = failed
  if (!first) return
  const { lines } = await traceOf(first.seed)
  const says = failed.map(({ seed, cause }) => `seed ${seed}: ${messageOf(cause)}\n${howTo(seed)}`)
  throw new Error([...says, `seed ${first.seed}, step by step:`, ...lines].join('\n'), { cause: first.cause })
}

/**
 * The first seed that finds what is broken on purpose, and what it says; undefined when none does.
 * @param from where the search begins: near one that is known, where few find it
 */
export const found = (options: HistoryOptions = {}, from = 0): Promise<Found | undefined> =>
  remembering(() => find(options, from))

interface Found {
  readonly seed: number
  readonly says: string
}

async function find(options: HistoryOptions, from: number): Promise<Found | undefined> {
  const prepared = await prepare()
  for (let seed = from; seed < from + ENOUGH; seed++) {
    try {
      await play(seed, prepared, { searches: true, ...options })
    } catch (error) {
      return { seed, says: messageOf(error) }
    }
  }
  return undefined
}

const howTo = (seed: number): string => `replay: AMANAT_SEED=${seed} npx vitest run --project 'node*' tests/simulation`

const messageOf = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : String(error)
