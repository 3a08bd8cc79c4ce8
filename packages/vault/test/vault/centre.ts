/** The vault of an invented community centre, on a store in memory and a clock that tests move; and its people. */
import { fakeClock, memoryMedium, memoryStore, testKey, testRandomness } from '@amanat/vault/testing'
import {
  type AnyVault,
  createVault,
  type ErrorCode,
  type Format,
  isVaultError,
  type LedgerLine,
  type LedgerQuery,
  type NewConsent,
  openVault,
  type Policy,
  type Vault,
  type VaultError,
  type VaultOptions,
} from '../../src/index'
import { riverside } from '../riverside'
import { seedOfTest } from '../seed-of-test'

export type Riverside = typeof riverside
export const START = '2026-03-10T09:30:00Z'

/** One JSON object a line: enough to see who left, and with which fields. */
export const lines: Format = {
  name: 'lines',
  version: '1',
  mediaType: 'application/jsonl',
  extension: 'jsonl',
  async *write(people) {
    for await (const { card } of people) yield new TextEncoder().encode(`${JSON.stringify(card)}\n`)
  },
}

type More = Partial<Pick<VaultOptions<Policy>, 'lockAfter' | 'unlock' | 'store' | 'clock'>>

/** A vault, and what is needed to open it again or a second time. */
export async function centre<P extends Policy = Riverside>(policy: P = riverside as unknown as P, more: More = {}) {
  const clock = fakeClock(START)
  const medium = memoryMedium()
  const options = (actor: string, other: More = {}) => ({
    store: memoryStore({ medium }),
    unlock: testKey(),
    policy,
    actor,
    clock,
    formats: { lines },
    ...more,
    ...other,
  })
  const randomness = testRandomness(seedOfTest())
  const vault = (await createVault({ ...options('staff:leila'), randomness })) as Vault<P>
  const open = async (actor = 'staff:omid', other: More = {}) => (await openVault(options(actor, other))) as Vault<P>
  return { vault, open, clock, medium, policy }
}

/** Ofcom keeps +44 7700 900000 to 900999 for fiction. */
export const phone = (n: number): string => `+44 7700 900${String(n).padStart(3, '0')}`

export const card = (n: number, full = `Person ${n}`) => ({
  name: { full },
  phones: { p1: { number: phone(n) } },
})

const scan = { kind: 'scan', content: new Uint8Array([1, 2, 3]) }
/** On paper, and the paper is kept: `evidenced`. */
export const onPaper = { how: 'paper', evidence: scan }
/** Somebody says so: `claimed`. */
export const said = { how: 'verbal' }

export const prayerTimes = (change: object = {}) =>
  ({ purpose: 'prayer-times', recipients: ['sms-gateway'], given: onPaper, ...change }) as NewConsent<Riverside>

export const groupChat = (change: object = {}) =>
  ({ purpose: 'group-chat', recipients: ['community-chat'], given: onPaper, ...change }) as NewConsent<Riverside>

/** Brings somebody in who signed up for prayer times. */
export const signUp = (
  vault: Vault<Riverside>,
  n: number,
  full?: string,
  consents: NewConsent<Riverside>[] = [prayerTimes()],
) => vault.add({ card: card(n, full), consents, source: 'sign-up sheet' })

/** The error of an attempt that must be refused with this code. */
export async function refusal<C extends ErrorCode>(code: C, attempt: Promise<unknown>): Promise<VaultError<C>> {
  const error = await attempt.then(
    () => new Error('nothing was refused'),
    (error: unknown) => error,
  )
  if (!isVaultError(error, code)) throw new Error(`not refused with ${code}`, { cause: error })
  if (!/^[A-Z].+[.:]/.test(error.fix)) throw new Error('the error does not say what to do')
  return error
}

/** What an error shows anywhere: to a person, in a log, in a report. */
export function everythingShown(error: unknown): string {
  const shown = new Set<unknown>()
  const parts: string[] = []
  const look = (value: unknown): void => {
    if (typeof value === 'string') parts.push(value)
    if (typeof value !== 'object' || value === null || shown.has(value)) return
    shown.add(value)
    for (const key of Object.getOwnPropertyNames(value)) look((value as Record<string, unknown>)[key])
  }
  look(error)
  return `${parts.join('\n')}\n${JSON.stringify(error)}\n${String(error)}`
}

export async function ledgerOf(vault: Pick<AnyVault, 'ledger'>, query?: LedgerQuery): Promise<LedgerLine[]> {
  const found: LedgerLine[] = []
  for await (const line of vault.ledger.entries(query)) found.push(line)
  return found
}

export const typesIn = async (vault: Pick<AnyVault, 'ledger'>): Promise<string[]> =>
  (await ledgerOf(vault)).map(({ type }) => type)

/** A whole stream as text. */
export const textOf = (stream: ReadableStream<Uint8Array>): Promise<string> => new Response(stream as never).text()

export async function gather<T>(all: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const one of all) found.push(one)
  return found
}
