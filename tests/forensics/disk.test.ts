/**
 * What a stolen disk says: a vault's folder is searched byte for byte after each step of its life, for every word about
 * anybody that the vault was ever told. The same search finds all of those words where a store is given them unsealed.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { disk } from '@amanat/store-disk'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { figures } from '../trust/figures'
import { type Lived, live, look } from './life'
import { secrets, textsOf, world } from './people'
import { copyFolder, type Finding, Search, waysToWrite } from './search'

const search = new Search(secrets)
let place: string
beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'amanat-forensics-'))
})
afterAll(() => rm(place, { recursive: true, force: true }))

const STEPS = [
  ...['create', 'add', 'addMany', 'quarantine', 'consent', 'reveal', 'export', 'change', 'refuse', 'withdraw', 'erase'],
  ...['suppress', 'slots', 'policy', 'purge', 'lock', 'open'],
]

describe('a vault on disk', () => {
  let lived: Lived
  const seen = new Map<string, Finding[]>()
  const sizes = new Map<string, number>()

  beforeAll(async () => {
    const folder = join(place, 'vault')
    lived = await live(
      () => disk(folder),
      world,
      async step => {
        const copy = join(place, step)
        copyFolder(folder, copy)
        const { findings, bytes } = await search.below(copy)
        seen.set(step, findings)
        sizes.set(step, bytes)
      },
    )
  }, 120_000)

  test('went through its whole life, and grew on the way', () => {
    expect([...seen.keys()]).toEqual(STEPS)
    expect(sizes.get('export')).toBeGreaterThan(500_000)
    expect(lived.exported).toBeGreaterThan(100_000)
    expect(lived.delivered).toBe(7)
  })

  test.each(STEPS)('after %s: no byte of any file and no name tells anything about anybody', step => {
    expect(seen.get(step)).toEqual([])
    figures('forensics', { 'steps of a life searched': 1 })
  })

  test('opened with the passphrase it knows those who stayed, and nobody else', async () => {
    const { shown, counts, ledger, cell } = await look(disk(join(place, 'vault')), world.passphrase, world, lived)
    expect(counts).toEqual({ [world.purposes.news]: 4, [world.purposes.care]: 1 })
    for (const text of [world.staying.name, world.staying.email, world.moved.name]) expect(shown).toContain(text)
    for (const { name } of [world.withdrawing, world.erased, world.quarantined, world.moving]) {
      expect(shown).not.toContain(name)
    }
    expect(ledger).toContain('contact-erased')
    expect(cell).toBe('file')
    expect((await search.below(join(place, 'vault'))).findings).toEqual([])
  })
})

describe('the search', () => {
  test('finds every word of it in the files of a store that was given them unsealed', async () => {
    const folder = join(place, 'unsealed')
    const store = disk(folder)
    await store.open()
    const put = textsOf(world).map((text, number) => ({
      table: 'pages' as const,
      id: new Uint8Array(16).fill(number),
      bucket: 20_000,
      bytes: new TextEncoder().encode(text),
    }))
    const root = new TextEncoder().encode(Object.keys(world.policy.purposes).join())
    expect(await store.commit({ expect: null, root, put, drop: [] })).toBe('committed')
    await store.close()
    const { findings } = await search.below(folder)
    const found = new Set(findings.map(({ text }) => text))
    expect(secrets.filter(text => !found.has(text))).toEqual([])
  })

  const name = 'پرینوشاد ژیوارگان'
  const number = '07700 900423'
  const base64 = (before: string, bytes: Buffer) =>
    Buffer.from(Buffer.concat([Buffer.from(before), bytes, Buffer.from('!')]).toString('base64'))
  const planted: [as: string, text: string, bytes: Buffer][] = [
    ['UTF-16LE', name, Buffer.from(name, 'utf16le')],
    ['UTF-16BE', name, Buffer.from(name, 'utf16le').swap16()],
    ['UTF-8 in hex', name, Buffer.from(Buffer.from(name).toString('hex'))],
    ['UTF-8 in base64', name, base64('', Buffer.from(name))],
    ['UTF-8 in base64', name, base64('?', Buffer.from(name))],
    ['UTF-8 in base64', name, base64('??', Buffer.from(name))],
    ['UTF-16LE in base64', name, base64('', Buffer.from(name, 'utf16le'))],
    ['UTF-16LE in base64', name, base64('?', Buffer.from(name, 'utf16le'))],
    ['UTF-16LE in base64', name, base64('??', Buffer.from(name, 'utf16le'))],
    ['digits UTF-8', number, Buffer.from('tel:+447700900423')],
    ['digits UTF-16LE', number, Buffer.from('447700900423', 'utf16le')],
    ['Persian digits UTF-8', number, Buffer.from('۰۷۷۰۰۹۰۰۴۲۳')],
    ['integer', number, Buffer.from(BigUint64Array.of(447700900423n).buffer)],
    ['lower case UTF-8', 'Hesketh Brambledrake', Buffer.from('hesketh brambledrake')],
  ]
  test.each(planted)('finds what is planted as %s', async (as, text, bytes) => {
    const folder = await mkdtemp(join(place, 'planted-'))
    const file = Buffer.alloc(70_001, 0xa7)
    bytes.copy(file, 65_531)
    await writeFile(join(folder, 'file'), file)
    expect((await search.below(folder)).findings).toContainEqual({ file: 'file', text, as })
  })

  test('finds a word in the name of a file', async () => {
    const folder = await mkdtemp(join(place, 'planted-'))
    await writeFile(join(folder, 'Hesketh Brambledrake.txt'), '')
    const texts = (await search.below(folder)).findings.map(({ text }) => text)
    expect(texts).toContain('Hesketh Brambledrake')
  })

  test('refuses to look for what is too short to mean anything', () => {
    expect(() => waysToWrite('Sara')).toThrow('too short')
  })
})
