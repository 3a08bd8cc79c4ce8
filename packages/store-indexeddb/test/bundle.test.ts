import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test } from 'vitest'

const at = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url))
const built = existsSync(at('dist/index.js')) && existsSync(at('../store-contract/dist/index.js'))
const contractSource = { '@amanat/store-contract': at('../store-contract/src/index.ts') }

const folders: string[] = []
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true })
})

/** What Vite makes of a page that imports the package from this file, as name and text. */
async function bundle(entry: string, alias: Record<string, string>): Promise<Map<string, string>> {
  const { build } = await import('vite')
  const root = await mkdtemp(join(tmpdir(), 'amanat-bundle-'))
  folders.push(root)
  await writeFile(join(root, 'index.html'), '<!doctype html><script type="module" src="./main.js"></script>')
  await writeFile(
    join(root, 'main.js'),
    `import { indexedDb } from '@amanat/store-indexeddb'; indexedDb('page').open()`,
  )
  const made = await build({
    root,
    configFile: false,
    logLevel: 'error',
    build: { write: false },
    resolve: { alias: { '@amanat/store-indexeddb': entry, ...alias } },
  })
  const files = (Array.isArray(made) ? made : [made]).flatMap(each => ('output' in each ? each.output : []))
  return new Map(
    files.map(file => [
      file.fileName,
      file.type === 'chunk' ? file.code : new TextDecoder().decode(bytesOf(file.source)),
    ]),
  )
}

function bytesOf(source: string | Uint8Array): Uint8Array {
  return typeof source === 'string' ? new TextEncoder().encode(source) : source
}

/** The file that writes the cell must be there by itself, and the page must start it by its name. */
function expectWorkerOfItsOwn(files: Map<string, string>) {
  const workers = [...files].filter(([, text]) => text.includes('createSyncAccessHandle('))
  expect(workers.map(([name]) => name)).toEqual([expect.stringMatching(/cell-worker.*\.js$/)])
  const [name = '', text = ''] = workers[0] ?? []
  expect(text).not.toMatch(/\bimport\b|\brequire\b/)
  const pages = [...files].filter(([, other]) => other.includes('new Worker('))
  expect(pages).toHaveLength(1)
  expect(pages[0]?.[1]).toContain(name.split('/').at(-1))
}

describe('a page bundled by Vite', () => {
  test('carries the worker that writes the cell as a file of its own', async () => {
    expectWorkerOfItsOwn(await bundle(at('src/index.ts'), contractSource))
  })

  test.skipIf(!built)('carries it from the built package, too', async () => {
    expectWorkerOfItsOwn(await bundle(at('dist/index.js'), {}))
  })
})
