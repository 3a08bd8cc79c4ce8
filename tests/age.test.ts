/**
 * What leaves sealed is opened by age itself, the command that recipients have: in both directions, with identities that
 * our library made and with those that the command made.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { csv, vcard } from '@amanat/cards'
import {
  type Card,
  createVault,
  definePolicy,
  type Format,
  type Manifest,
  type Policy,
  type Vault,
} from '@amanat/vault'
import { fakeClock, memoryStore, testKey } from '@amanat/vault/testing'
import { generateX25519Identity, identityToRecipient } from 'age-encryption'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const here = (command: string) => spawnSync(command, ['--version']).status === 0
const hasAge = here('age') && here('age-keygen')
const formats = { csv: csv(), google: csv({ layout: 'google' }), vcard: vcard(), vcard3: vcard({ version: '3.0' }) }

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'amanat-age-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const people: Card[] = [
  {
    '@type': 'Card',
    version: '2.0',
    name: { full: 'Sara Karimi' },
    phones: { p1: { number: '+44 7700 900123' } },
    emails: { e1: { address: 'sara@example.org' } },
  },
  {
    '@type': 'Card',
    version: '2.0',
    name: { full: 'مهسا فرهادی' },
    phones: { p1: { number: '+44 7700 900124' }, p2: { number: '+44 7700 900125' } },
  },
  {
    '@type': 'Card',
    version: '2.0',
    name: { full: 'Omid "=cmd" Clarke; Jr, of\\Quay' },
    emails: { e1: { address: 'omid@example.net' } },
  },
]

const policyFor = (ageKeys: string[]): Policy =>
  definePolicy({
    controller: {
      name: 'Riverside Centre',
      contact: 'privacy@riverside.example',
      address: '1 Quay Street',
      jurisdiction: 'GB',
      withdraw: 'Reply STOP',
    },
    region: 'GB',
    purposes: {
      news: {
        description: 'Tell you the news',
        fields: ['name', 'phones', 'emails'],
        keepFor: 'P90D',
        recipients: {
          printer: { name: 'Quay Print', role: 'processor', country: 'GB', members: 'kept-apart', ageKeys },
        },
      },
    },
    bulk: { perActor: [{ people: 40, within: 'PT1H' }], vault: [{ share: 0.1, within: 'P30D' }] },
  })

async function vaultFor(ageKeys: string[]): Promise<Vault<Policy>> {
  const policy = policyFor(ageKeys)
  const vault = await createVault({
    store: memoryStore(),
    unlock: testKey(),
    policy,
    actor: 'staff:leila',
    clock: fakeClock(),
    formats,
  })
  for (const card of people) {
    const given = { how: 'paper', evidence: { kind: 'scan', content: new Uint8Array([1, 2, 3]) } }
    await vault.add({ card, consents: [{ purpose: 'news', recipients: ['printer'], given }], source: 'sheet' })
  }
  return vault
}

/** The export as a file on disk, as it is handed over. */
async function exported(vault: Vault<Policy>, format: string): Promise<{ file: string; manifest: Manifest }> {
  const { file, manifest } = await vault.for('news').export({ recipient: 'printer', format })
  const path = join(folder, `${format}-${Math.random()}.age`)
  await writeFile(path, new Uint8Array(await new Response(file as unknown as BodyInit).arrayBuffer()))
  return { file: path, manifest: await manifest }
}

async function identityFile(identity: string): Promise<string> {
  const path = join(folder, `key-${Math.random()}.txt`)
  await writeFile(path, `${identity}\n`, { mode: 0o600 })
  return path
}

const age = (...options: string[]) => spawnSync('age', options)

/** What a format writes of these people by itself. */
async function written(format: Format, { destroyBy, started }: Manifest, cards = people): Promise<string> {
  const context = { purpose: 'news', recipient: 'printer', destroyBy, exported: started }
  const parts: Uint8Array[] = []
  const each = (async function* () {
    for (const card of cards) yield { card }
  })()
  for await (const part of format.write(each, context)) parts.push(part)
  return Buffer.concat(parts).toString()
}

/** In which order people stand in an export says nothing about them, and isn't promised. */
const inAnyOrder = (text: string) =>
  text.split(text.startsWith('BEGIN:VCARD') ? /(?<=END:VCARD\r\n)/ : /(?<=\r\n)/).sort()

describe.skipIf(!hasAge)('the age command (skipped where `age` and `age-keygen` are not on the PATH)', () => {
  test.each(Object.entries(formats))(
    'opens an export as %s, and what is in it is what the format writes',
    async (name, format) => {
      const identity = await generateX25519Identity()
      const vault = await vaultFor([await identityToRecipient(identity)])
      const { file, manifest } = await exported(vault, name)
      const opened = age('-d', '-i', await identityFile(identity), file)
      expect(opened.stderr.toString()).toBe('')
      expect(opened.status).toBe(0)
      expect(inAnyOrder(opened.stdout.toString())).toEqual(inAnyOrder(await written(format, manifest)))
      const sealed = await readFile(file)
      expect(sealed.toString('latin1')).toMatch(/^age-encryption\.org\/v1\n-> X25519 /)
      expect(sealed.toString('latin1')).not.toContain('900123')
      expect([createHash('sha256').update(sealed).digest('hex'), sealed.length]).toEqual([
        manifest.sha256,
        manifest.bytes,
      ])
    },
  )

  test('each of two recipients whose keys it made opens the same export, and a third does not', async () => {
    const identities = Array.from({ length: 3 }, () => spawnSync('age-keygen').stdout.toString())
    const keys = identities.map(text => /^# public key: (age1\w+)$/m.exec(text)?.[1] as string)
    const vault = await vaultFor(keys.slice(0, 2))
    const { file, manifest } = await exported(vault, 'vcard')
    const answers = []
    for (const identity of identities) answers.push(age('-d', '-i', await identityFile(identity), file))
    const [first, second, third] = answers.map(({ status, stdout }) => ({ status, text: stdout.toString() }))
    expect(first).toEqual({ status: 0, text: expect.stringContaining('مهسا فرهادی') })
    expect(inAnyOrder(first?.text ?? '')).toEqual(inAnyOrder(await written(formats.vcard, manifest)))
    expect(second).toEqual(first)
    expect(third).toEqual({ status: 1, text: '' })
    expect(answers[2]?.stderr.toString()).toContain('no identity matched')
  })

  test('notices one changed byte', async () => {
    const identity = await generateX25519Identity()
    const { file } = await exported(await vaultFor([await identityToRecipient(identity)]), 'csv')
    const sealed = await readFile(file)
    sealed[sealed.length - 20] = (sealed[sealed.length - 20] as number) ^ 1
    await writeFile(file, sealed)
    const { status, stderr } = age('-d', '-i', await identityFile(identity), file)
    expect([status, stderr.toString()]).toEqual([1, expect.stringContaining('decrypt')])
  })
})
