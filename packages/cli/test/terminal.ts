/** A place to run commands in: a folder of its own, a key, a clock that is moved, and every byte that was said. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { type FakeClock, fakeClock } from '@amanat/vault/testing'
import { generateIdentity, identityToRecipient } from 'age-encryption'
import { onTestFinished } from 'vitest'
import type { Io } from '../src/io'
import { run } from '../src/run'

export interface Said {
  readonly exit: number
  readonly out: string
  readonly err: string
}

export interface Terminal {
  readonly folder: string
  readonly clock: FakeClock
  /** What opens exports to the recipients of {@link policyWith}. */
  readonly identity: string
  /** Everything that was said so far, on both streams. */
  readonly all: () => string
  path(name: string): string
  /** Writes a file, for its owner only; answers its path. */
  file(name: string, content: string | Uint8Array): string
  /** Runs a command as it is. */
  raw(argv: readonly string[], io?: Partial<Io> & { readonly input?: string | Uint8Array }): Promise<Said>
  /** Runs a command on the vault of this place, unlocked with its key. */
  run(...argv: string[]): Promise<Said>
  /** The same, with its answer in JSON. @throws when it isn't exactly one value */
  json<T = Record<string, never>>(...argv: string[]): Promise<T>
}

export async function terminal(): Promise<Terminal> {
  const folder = mkdtempSync(join(tmpdir(), 'amanat-cli-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const path = (name: string) => join(folder, name)
  const file = (name: string, content: string | Uint8Array) => {
    writeFileSync(path(name), content, { mode: 0o600 })
    return path(name)
  }
  const clock = fakeClock()
  const identity = await generateIdentity()
  const key = file('key', new Uint8Array(32).fill(7))
  const everything: string[] = []

  const raw: Terminal['raw'] = async (argv, { input, ...change } = {}) => {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()]
    const stdin = Readable.from(input === undefined ? [] : [Buffer.from(input)])
    const exit = await run(argv, { stdin, stdout, stderr, env: {}, clock, ...change })
    const out = String(stdout.read() ?? '')
    const err = String(stderr.read() ?? '')
    everything.push(out, err)
    return { exit, out, err }
  }
  const here = (argv: readonly string[]) => [...argv, '--vault', path('vault'), '--key-file', key]
  return {
    folder,
    clock,
    identity,
    all: () => everything.join('\n'),
    path,
    file,
    raw,
    run: (...argv) => raw(here(argv)),
    json: async (...argv) => JSON.parse((await raw([...here(argv), '--json'])).out),
  }
}

/** A terminal with a vault in it. */
export async function withVault(change: (policy: ReturnType<typeof policyWith>) => unknown = policy => policy) {
  const it = await terminal()
  const policy = change(policyWith(await identityToRecipient(it.identity)))
  const made = await it.run('init', '--policy', it.file('policy.json', JSON.stringify(policy)))
  if (made.exit !== 0) throw new Error(made.err)
  return it
}

export const policyWith = (ageKey: string) => ({
  controller: {
    name: 'Riverside Centre',
    contact: 'privacy@riverside.example',
    address: '1 Quay Street, Riverside',
    jurisdiction: 'GB',
    withdraw: 'Reply STOP, or write to privacy@riverside.example',
  },
  region: 'GB',
  notices: { signup: { version: '1', text: { en: 'We will send you our news.' } } },
  purposes: {
    news: {
      description: { en: 'Send you our news' },
      fields: ['name', 'phones', 'emails'],
      keepFor: 'P90D',
      recipients: {
        mailer: {
          name: 'Pigeon Post',
          role: 'processor',
          country: 'GB',
          members: 'kept-apart',
          ageKeys: [ageKey],
          via: ['sealed-file', 'plaintext-file'],
        },
      },
    },
    chat: {
      description: 'Add you to the chat, where members see your number',
      fields: ['name', 'phones'],
      keepFor: 'P1Y',
      recipients: {
        members: { name: 'Chat', role: 'controller', country: 'GB', members: 'see-each-other', ageKeys: [ageKey] },
      },
    },
  },
  bulk: {
    perActor: [{ people: 3, within: 'PT1H' }],
    vault: [
      { people: 900, within: 'PT1H' },
      { share: 0.1, within: 'P30D' },
    ],
  },
})

const BOOK = [
  ['Sara Karimi', '07700 900123', 'sara@example.org'],
  ['Omid Rahimi', '07700 900124', 'omid@example.org'],
  ['Leila Azadi', '07700 900125', 'leila@example.org'],
]

/** An address book in CSV. */
export const book = (people: readonly (readonly string[])[] = BOOK): string =>
  ['Name,Phone,Email', ...people.map(cells => cells.join(','))].join('\r\n')

/** People who come with a consent for `news`, proved by a document, for the mailer. */
export const signedUp = (people: readonly (readonly string[])[] = BOOK): string =>
  JSON.stringify(
    people.map(([full, number, address]) => ({
      card: { name: { full }, phones: { p1: { number } }, emails: { e1: { address } } },
      consents: [
        {
          purpose: 'news',
          recipients: ['mailer'],
          notice: 'signup',
          language: 'en',
          given: {
            how: 'paper',
            evidence: { kind: 'scan', content: Buffer.from(`scan of ${number}`).toString('base64') },
          },
        },
      ],
      source: 'sign-up sheet',
    })),
  )

/** Three people in `news`; answers their ids by first name. */
export async function withPeople(it: Terminal): Promise<Record<'sara' | 'omid' | 'leila', string>> {
  const { rows } = await it.json<{ rows: { id: string }[] }>('import', it.file('people.json', signedUp()))
  const [sara = '', omid = '', leila = ''] = rows.map(({ id }) => id)
  return { sara, omid, leila }
}
