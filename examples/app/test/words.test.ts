/** The words of the app: the same keys in both languages, nothing left empty, and something to say for every error there is. */
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const folder = (language: string) => fileURLToPath(new URL(`../src/i18n/${language}`, import.meta.url))
const namespaces = readdirSync(folder('en')).filter(file => file.endsWith('.json'))

type Tree = { readonly [key: string]: string | Tree }
const read = (language: string, file: string): Tree => JSON.parse(readFileSync(`${folder(language)}/${file}`, 'utf8'))

/** Every text with the path to it. */
function textsOf(tree: Tree, path: readonly string[] = []): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]) => {
    const here = [...path, key]
    return typeof value === 'string' ? [[here.join('.'), value] as [string, string]] : textsOf(value, here)
  })
}

const holes = (text: string) => [...text.matchAll(/\{\{\s*([\w-]+)/g)].map(([, name]) => name).sort()

describe('the words', () => {
  test('are the same namespaces in both languages', () => {
    expect(readdirSync(folder('fa'))).toEqual(readdirSync(folder('en')))
    expect(namespaces.length).toBeGreaterThan(10)
  })

  test.each(['en', 'fa'])('of every namespace come with one part of the app, in %s', language => {
    const parts = ['first', 'inside', 'story'].map(part => readFileSync(`${folder(language)}/${part}.ts`, 'utf8'))
    const loaded = parts.flatMap(part => [...part.matchAll(/from '\.\/(.+\.json)'/g)].map(([, file]) => file))
    expect(loaded.sort()).toEqual(namespaces)
  })

  test('of a part come in the language that is read, also where nobody asked for one', async () => {
    const { addWords, i18n } = await import('../src/i18n/setup')
    await addWords('inside')
    expect(i18n.language).toBe('en')
    expect(i18n.hasResourceBundle('en', 'create')).toBe(true)
  })

  test.each(namespaces)('of %s have the same keys in both languages, and none is empty', file => {
    const [english, persian] = [textsOf(read('en', file)), textsOf(read('fa', file))]
    expect(persian.map(([path]) => path).sort()).toEqual(english.map(([path]) => path).sort())
    const empty = [...english, ...persian].filter(([, text]) => text.trim() === '').map(([path]) => path)
    expect(empty).toEqual([])
  })

  test.each(namespaces)('of %s fill in the same in both languages', file => {
    const persian = new Map(textsOf(read('fa', file)))
    const differing = textsOf(read('en', file))
      // "One person" needs no number.
      .filter(([path]) => !/_(?:zero|one)$/.test(path))
      .filter(([path, text]) => String(holes(text)) !== String(holes(persian.get(path) ?? '')))
      .map(([path]) => path)
    expect(differing).toEqual([])
  })
})

describe('the trouble', () => {
  const page = readFileSync(fileURLToPath(new URL('../../../docs/errors.md', import.meta.url)), 'utf8')
  /** Each code of the library, and the names of the data that come with it. */
  const codes = [...page.matchAll(/^\| `([A-Z_]+)` \|.*\|([^|]*)\|$/gm)].map(
    ([, code = '', data = '']) => [code, [...data.matchAll(/`(\w+)`/g)].map(([, name]) => name)] as const,
  )
  const OF_CRYPTO = ['PASSPHRASE_INVALID', 'RECOVERY_CODE_MISTYPED', 'KDF_UNAVAILABLE']

  test('has words in both languages for every code of the library', () => {
    expect(codes.length).toBeGreaterThan(40)
    for (const language of ['en', 'fa']) {
      const words = read(language, 'trouble.json')
      const missing = [...codes.map(([code]) => code), ...OF_CRYPTO].filter(code => {
        const { what, fix } = (words[code] ?? {}) as Tree
        return !what || !fix
      })
      expect(missing, language).toEqual([])
    }
  })

  test('fills in nothing that an error doesn’t tell', () => {
    const known = new Map<string, readonly (string | undefined)[]>(codes)
    const words = textsOf(read('en', 'trouble.json'))
    const unknown = words.flatMap(([path, text]) => {
      const code = path.split('.')[0] ?? ''
      return holes(text)
        .filter(hole => !known.get(code)?.includes(hole))
        .map(hole => `${path}: ${hole}`)
    })
    expect(unknown).toEqual([])
  })
})
