/**
 * The packages as somebody who installs them finds them: the built files, loaded by Node alone in processes of their
 * own, where no alias of the test runner stands in for a build that is broken.
 */
import { execFile } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'

const run = promisify(execFile)
const tests = fileURLToPath(new URL('..', import.meta.url))
const packages = join(tests, '..', 'packages')

const LIBRARIES = ['crypto', 'store-contract', 'vault', 'store-disk', 'store-indexeddb', 'cards']
const SUBPATHS = ['@amanat/vault/testing', '@amanat/store-contract/memory', '@amanat/store-contract/suite']
const names = [...LIBRARIES.map(name => `@amanat/${name}`), ...SUBPATHS]

const folders: string[] = []
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true })
})

beforeAll(() => {
  const unbuilt = LIBRARIES.filter(name => !existsSync(join(packages, name, 'dist', 'index.cjs')))
  if (unbuilt.length > 0) throw new Error(`Not built: ${unbuilt.join(', ')}. Run: node scripts/bootstrap.mjs --build`)
})

/** What a program prints, started in the folder of a package that depends on ours. */
async function node(args: readonly string[]): Promise<{ stdout: string; stderr: string }> {
  return run(process.execPath, args, { cwd: tests, env: { PATH: process.env.PATH } })
}
const asModule = (program: string, ...flags: string[]) => node([...flags, '--input-type=module', '--eval', program])
const asCommonJs = (program: string, ...flags: string[]) => node([...flags, '--input-type=commonjs', '--eval', program])

/** A vault's life, in words that are the same whichever way the names got there. */
const life = (store: string) => `
  const store = () => ${store}
  const unlock = () => passphrase('seven tired otters carry lanterns home')
  const policy = definePolicy({
    controller: {
      name: 'Riverside Centre', contact: 'privacy@riverside.example', address: '1 Quay Street, Riverside',
      jurisdiction: 'GB', withdraw: 'Reply STOP',
    },
    purposes: { 'prayer-times': { description: 'Send you prayer times', fields: ['name', 'phones', 'emails'], keepFor: 'P90D' } },
    bulk: { perActor: [{ people: 40, within: 'PT1H' }], vault: [{ share: 0.1, within: 'P30D' }] },
  })
  const vcf = 'BEGIN:VCARD\\r\\nVERSION:3.0\\r\\nFN:Sara Karimi\\r\\nN:Karimi;Sara;;;\\r\\nTEL:+44 7700 900123\\r\\nEND:VCARD\\r\\n'
  const made = await createVault({ store: store(), unlock: unlock(), policy, actor: 'staff:leila' })
  for await (const { card } of readCards(vcf)) await made.add({
    card,
    consents: [{ purpose: 'prayer-times', given: { how: 'paper', evidence: { kind: 'scan', content: new Uint8Array([1]) } } }],
    source: 'sign-up sheet',
  })
  await made.lock()
  const vault = await openVault({ store: store(), unlock: unlock(), policy, actor: 'staff:omid' })
  const door = vault.for('prayer-times')
  const [id] = await door.find({ phone: '+44 7700 900123' })
  const found = await door.reveal(id.id ?? id)
  await vault.lock()
  console.log(found.card.name.full)
`

const NAMES = `{ createVault, definePolicy, openVault, passphrase }`

async function onDisk(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'amanat-installed-'))
  folders.push(folder)
  return `disk(${JSON.stringify(folder)})`
}

describe('a package, loaded by Node alone,', () => {
  test.each(names)('%s answers require and import with the same names', async name => {
    const program = `console.log(Object.keys(loaded).filter(name => name !== 'default' && name !== 'module.exports').sort().join(' '))`
    const imported = await asModule(`const loaded = await import('${name}'); ${program}`)
    const required = await asCommonJs(`const loaded = require('${name}'); ${program}`)
    expect(imported.stdout.trim()).not.toBe('')
    expect(required.stdout).toBe(imported.stdout)
    expect(imported.stderr + required.stderr).toBe('')
  })
})

describe('a vault in a folder', () => {
  const imports = `
    import ${NAMES} from '@amanat/vault'
    import { readCards } from '@amanat/cards'
    import { disk } from '@amanat/store-disk'
  `
  const requires = `
    const ${NAMES} = require('@amanat/vault')
    const { readCards } = require('@amanat/cards')
    const { disk } = require('@amanat/store-disk')
  `

  test('is made, locked, opened and read by a program that imports', async () => {
    const { stdout, stderr } = await asModule(imports + life(await onDisk()))
    expect(stdout.trim()).toBe('Sara Karimi')
    expect(stderr).toBe('')
  })

  test('is made, locked, opened and read by a program that requires', async () => {
    const { stdout, stderr } = await asCommonJs(`${requires};(async () => {${life(await onDisk())}})()`)
    expect(stdout.trim()).toBe('Sara Karimi')
    expect(stderr).toBe('')
  })
})

describe('where no code may be made from strings, as under a strict content security policy,', () => {
  const forbidden = '--disallow-code-generation-from-strings'

  // Not the store on disk: LMDB's JavaScript makes code from strings, and no page loads it.
  test('a vault is made, locked, opened and read', async () => {
    const imports = `
      import ${NAMES} from '@amanat/vault'
      import { memoryMedium, memoryStore } from '@amanat/vault/testing'
      import { readCards } from '@amanat/cards'
      import '@amanat/store-indexeddb'
      const medium = memoryMedium()
    `
    const { stdout, stderr } = await asModule(imports + life('memoryStore({ medium })'), forbidden)
    expect(stdout.trim()).toBe('Sara Karimi')
    expect(stderr).toBe('')
  })

  test('code from strings is an error', async () => {
    await expect(asModule(`eval('1')`, forbidden)).rejects.toThrow('EvalError')
  })
})

describe('what is loaded on demand', () => {
  // 38 kB and 25 kB, needed when something is sealed and when the first phone number is met.
  test.each(['age-encryption', 'libphonenumber-js/min'])(
    '%s is imported nowhere else in the built vault',
    async name => {
      const dist = join(packages, 'vault', 'dist')
      const files = readdirSync(dist).filter(file => /\.c?js$/.test(file))
      const code = (await Promise.all(files.map(file => readFile(join(dist, file), 'utf8')))).join('\n')
      expect(code).toContain(`import("${name}")`)
      expect(code).not.toMatch(new RegExp(`(?:from |require\\(|import )"${name.split('/')[0]}`))
    },
  )
})
