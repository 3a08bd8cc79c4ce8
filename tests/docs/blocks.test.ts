import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import ts from 'typescript'
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { type Block, blocksOf, pages, placeOf, ROOT, writeBlocks } from './pages'

const blocks = pages().flatMap(blocksOf)

const src = (path: string) => join(ROOT, 'packages', path)
/** As vitest.config.ts has them: the sources, not a build. */
const PATHS = {
  '@amanat/vault/testing': [src('vault/src/testing.ts')],
  '@amanat/store-contract/memory': [src('store-contract/src/memory.ts')],
  '@amanat/store-contract/suite': [src('store-contract/src/suite.ts')],
  '@amanat/*': [src('*/src/index.ts')],
}

/** What the compiler says of each block; the lines are those of the block's module. */
function mistakesIn(some: readonly Block[]): string[][] {
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.base.json'), path => readFileSync(path, 'utf8'))
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, ROOT)
  const files = writeBlocks(some, 'compiled')
  const program = ts.createProgram([...files, join(ROOT, 'tests/docs/ambient.d.ts')], {
    ...options,
    paths: PATHS,
    types: ['node'],
    typeRoots: [join(ROOT, 'node_modules/@types')],
  })
  return files.map(file =>
    [
      ...program.getSyntacticDiagnostics(program.getSourceFile(file)),
      ...program.getSemanticDiagnostics(program.getSourceFile(file)),
    ].map(({ messageText, file, start = 0 }) => {
      const line = file ? file.getLineAndCharacterOfPosition(start).line : 0
      return `${file?.text.split('\n')[line]?.trim()}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`
    }),
  )
}

const wrong = blocksOf({ path: 'wrong.md', text: "```ts\nconst n: number = 'one'\n```\n" })
let mistakes: string[][] = []
beforeAll(() => {
  mistakes = mistakesIn([...blocks, ...wrong])
})

test('every block of TypeScript in the pages compiles', () => {
  expect(blocks.length).toBeGreaterThan(10)
  expect(blocks.flatMap((block, i) => (mistakes[i] ?? []).map(text => `${placeOf(block)} ${text}`))).toEqual([])
})

test('a block that does not compile is found', () => {
  expect(mistakes.at(-1)).toEqual([expect.stringContaining('not assignable')])
})

describe('runs as it stands:', () => {
  const runnable = blocks.filter(({ runs }) => runs)
  const files = writeBlocks(runnable, 'run')
  const before = process.cwd()
  let folder = ''
  beforeEach(() => {
    // Pages speak of folders such as ./members: they are made where nobody minds.
    folder = mkdtempSync(join(tmpdir(), 'amanat-docs-'))
    process.chdir(folder)
    vi.spyOn(console, 'log').mockImplementation(() => undefined)
  })
  afterEach(() => {
    vi.restoreAllMocks()
    process.chdir(before)
    rmSync(folder, { recursive: true, force: true })
  })

  test.each(runnable.map((block, i) => [placeOf(block), files[i] as string]))('%s', async (_, file) => {
    expect.hasAssertions()
    await import(file)
  })
})
