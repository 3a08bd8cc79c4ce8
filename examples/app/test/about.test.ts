// What the page for developers shows: each excerpt is there, is code as it stands in its file, and uses the library.
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { excerpt } from '../src/screens/about/excerpt'
import { CONTENT_POLICY, PARTS } from '../src/screens/about/parts'

const sources = PARTS.flatMap(({ name, sources }) => sources.map(source => ({ name, ...source })))

describe('an excerpt', () => {
  const source = 'one\n  const two = await three({\n    four: [5],\n  })\n  six()\n'

  test('goes from its words to where the brackets are closed, without the indentation', () => {
    expect(excerpt(source, 'await three(')).toBe('const two = await three({\n  four: [5],\n})')
    expect(excerpt(source, 'six')).toBe('six()')
  })

  test('is none where the words are gone', () => {
    expect(excerpt(source, 'seven')).toBeUndefined()
  })
})

describe('the page for developers', () => {
  test.each(sources)('finds its lines in $path ($name)', ({ path, code }) => {
    const file = readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')
    expect(code).toBeDefined()
    const lines = code?.split('\n') ?? []
    expect(lines.length).toBeLessThan(40)
    for (const line of lines) expect(file).toContain(line.trim())
  })

  test('shows the content security policy that is built in', () => {
    expect(CONTENT_POLICY).toContain("connect-src 'none'")
  })
})
