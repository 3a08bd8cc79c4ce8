/** A vault that is large enough to be backed up in many pieces, and all that it holds in words that can be compared. */
import { definePolicy, type Format, type LedgerLine, type Unlock, type Vault } from '@amanat/vault'
import { fakeClock, testKey, testRandomness } from '@amanat/vault/testing'

export const START = '2026-03-01T09:00:00Z'
export const actor = 'staff:leila'
/** The vault's, and the one of whatever is restored from it. */
export const [oldKey, newKey]: readonly [Unlock, Unlock] = [testKey(1), testKey(2)]

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
    news: {
      description: 'Send you our news',
      fields: ['name', 'emails', 'media'],
      keepFor: 'P90D',
      recipients: {
        press: {
          name: 'Quay Press',
          role: 'processor',
          country: 'GB',
          members: 'kept-apart',
          via: ['plaintext-file'],
        },
      },
    },
  },
  bulk: { perActor: [{ people: 50, within: 'PT1H' }], vault: [{ share: 0.1, within: 'P30D' }] },
})

export type Members = Vault<typeof policy>

/** Everybody as an export shows them, one line of JSON each. */
const lines: Format = {
  name: 'lines',
  version: '1',
  mediaType: 'application/jsonl',
  extension: 'jsonl',
  async *write(people) {
    for await (const { card } of people) yield new TextEncoder().encode(`${JSON.stringify(card)}\n`)
  },
}

export const asMembers = { policy, actor, formats: { lines } }
/** For who makes a vault: the same keys in each run, because whoever left stops an innocent address now and then, as they may. */
export const asMaker = () => ({ ...asMembers, randomness: testRandomness() })

export const clockAt = (start = START) => fakeClock(start)

export const nameOf = (n: number): string => `Name-${n}`
export const emailOf = (n: number): string => `mail-${n}@people.example`

/** Everyone came with a signed sheet, and every so often somebody with a photo of several pieces. */
export const contact = (n: number, photos: number) => ({
  card: {
    name: { full: nameOf(n) },
    emails: { e1: { address: emailOf(n) } },
    ...(n % photos === 0 ? { media: { m1: { kind: 'photo' as const, uri: photoOf(n) } } } : {}),
  },
  consents: [
    {
      purpose: 'news' as const,
      recipients: ['press' as const],
      given: { how: 'paper', evidence: { kind: 'scan', content: new TextEncoder().encode(`sheet ${n} `.repeat(80)) } },
    },
  ],
  source: 'sign-up sheets',
})

const PHOTO_LETTERS = 160_000

/** Says whose it is all over, so that no piece of it fits into another's. */
function photoOf(n: number): string {
  const text = `${n}/`.padStart(8, '+')
  return `data:image/png;base64,${text.repeat(PHOTO_LETTERS / text.length)}`
}

export async function fill(vault: Members, count: number, photos: number): Promise<string[]> {
  const report = await vault.addMany(Array.from({ length: count }, (_, n) => contact(n, photos)))
  if (report.added !== count) throw new Error(`not everybody was added: ${JSON.stringify(report.reasons)}`)
  return report.rows.map(({ id }) => id as string)
}

export interface Everything {
  /** One text for each person, in an order of its own. */
  readonly cards: readonly string[]
  /** Of the ids asked for: their consents. */
  readonly consents: readonly string[]
}

/** What the vault shows of everybody. Writes into its ledger. */
export async function everything(vault: Members, ids: readonly string[]): Promise<Everything> {
  const out = await vault.for('news').export({ recipient: 'press', format: 'lines', via: 'plaintext-file' })
  const text = await new Response(out.file as never).text()
  await out.manifest
  const consents: string[] = []
  for (const id of ids) consents.push(JSON.stringify(await vault.consents(id)))
  return { cards: text.trimEnd().split('\n').sort(), consents }
}

/** Whether every row opens, documents included. */
export async function damagedIn(vault: Members): Promise<readonly string[]> {
  const { damaged, rows } = await vault.examine()
  if (rows === 0) throw new Error('no row was looked at')
  return damaged
}

export async function entries(vault: Members, type: LedgerLine['type']): Promise<LedgerLine[]> {
  const found: LedgerLine[] = []
  for await (const line of vault.ledger.entries({ types: [type] } as never)) if (line.type === type) found.push(line)
  return found
}
