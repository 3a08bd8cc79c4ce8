import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { pages, ROOT } from './pages'

const LINK = /\[[^\]]*\]\(([^)\s]+)\)/g
const all = pages()

/** As GitHub names a heading. */
const anchorOf = (heading: string): string =>
  heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-')

function anchorsOf(text: string): Set<string> {
  const prose = text.replace(/^```[\s\S]*?^```/gm, '')
  return new Set([...prose.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading)))
}

test.each(all.map(page => [page.path, page] as const))(
  'every link of %s inside the repository leads somewhere',
  (path, page) => {
    const broken: string[] = []
    for (const [, link = ''] of page.text.replace(/^```[\s\S]*?^```/gm, '').matchAll(LINK)) {
      if (/^(https?|mailto):/.test(link)) continue
      const [file = '', anchor] = link.split('#')
      const target = file === '' ? path : join(dirname(path), file)
      if (!existsSync(join(ROOT, target))) broken.push(link)
      else if (anchor !== undefined) {
        const text = all.find(each => each.path === target)?.text
        if (text !== undefined && !anchorsOf(text).has(anchor)) broken.push(link)
      }
    }
    expect(broken).toEqual([])
  },
)

test('every page of docs can be reached from the README', () => {
  const reached = new Set(['README.md'])
  const waiting = ['README.md']
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const text = all.find(page => page.path === path)?.text ?? ''
    for (const [, link = ''] of text.matchAll(LINK)) {
      const target = join(dirname(path), link.split('#')[0] as string)
      if (!target.endsWith('.md') || reached.has(target)) continue
      reached.add(target)
      waiting.push(target)
    }
  }
  expect(all.map(({ path }) => path).filter(path => !reached.has(path))).toEqual([])
})
