/**
 * The written pages, as the tests read them: their text, their links, and their blocks of TypeScript. A block may be
 * preceded by `<!-- before … -->` and followed by `<!-- after … -->`: code that readers are spared and that makes it
 * run and be judged. Blocks marked `no-run` are compiled only.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))
/** Beside nothing that is committed, two folders below the root, so that a block may name `../../tests/docs/…`. */
const BLOCKS = join(ROOT, '.cache', 'docs')

export interface Page {
  /** From the root of the repository. */
  readonly path: string
  readonly text: string
}

export interface Block {
  readonly page: string
  /** Line of the fence, from 1. */
  readonly line: number
  readonly runs: boolean
  /** What readers see. */
  readonly shown: string
  readonly code: string
}

export function pages(): Page[] {
  const docs = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.md'))
    .map(name => join('docs', name))
    .sort()
  return ['README.md', ...docs].map(path => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }))
}

const FENCE =
  /(?:<!-- before\n([\s\S]*?)\n-->\n+)?^```ts(?: (no-run))?\n([\s\S]*?)^```\n(?:\n*<!-- after\n([\s\S]*?)\n-->)?/gm

export function blocksOf({ path, text }: Page): Block[] {
  return [...text.matchAll(FENCE)].map(match => {
    const [whole, before = '', mark, shown = '', after = ''] = match
    const fence = match.index + whole.indexOf('```ts')
    return {
      page: path,
      line: text.slice(0, fence).split('\n').length,
      runs: mark === undefined,
      shown,
      code: `${before}\n${shown}\n${after}\nexport {}\n`,
    }
  })
}

/** Writes the blocks as modules and answers where each lies. */
export function writeBlocks(blocks: readonly Block[], folder: string): string[] {
  const into = join(BLOCKS, folder)
  rmSync(into, { recursive: true, force: true })
  mkdirSync(into, { recursive: true })
  return blocks.map(({ page, line, code }) => {
    const path = join(into, `${page.replaceAll(/[/.]/g, '-')}-${line}.ts`)
    writeFileSync(path, code)
    return path
  })
}

/** How a block is named in the name of a test. */
export const placeOf = ({ page, line }: Block): string => `${relative(ROOT, join(ROOT, page))}:${line}`
