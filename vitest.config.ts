import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { playwright } from '@vitest/browser-playwright'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { chromiumLaunch } from './scripts/chromium.mjs'

// Tests run on the sources, so that no build stands between a change and its test. What a
// user installs, the built packages, has tests of its own in tests/packages.
const src = (path: string) => fileURLToPath(new URL(`./packages/${path}`, import.meta.url))
const resolve = {
  alias: [
    { find: /^@amanat\/vault\/testing$/, replacement: src('vault/src/testing.ts') },
    { find: /^@amanat\/store-contract\/(memory|suite)$/, replacement: src('store-contract/src/$1.ts') },
    { find: /^@amanat\/([a-z-]+)$/, replacement: src('$1/src/index.ts') },
  ],
}

// A profile on disk, new for each run. Without one Playwright opens a private window, whose IndexedDB and OPFS are
// kept in memory: another engine than the one people have.
const profile = join(tmpdir(), `amanat-browser-${process.pid}`)
process.on('exit', () => rmSync(profile, { recursive: true, force: true }))

/** What takes minutes by itself: begun first, so that nothing waits for it alone at the end. */
const LONG = [
  'tests/simulation/histories-',
  'tests/kills/',
  'examples/app/test/',
  'tests/many/',
  'tests/forensics/',
  'tests/simulation/',
]

const NODE_TESTS = ['packages/*/test/**/*.test.ts', 'tests/**/*.test.ts', 'examples/*/test/**/*.test.ts']

/**
 * Tests that replace modules: each of these files has a process of its own, or a replacement would find loaded what it
 * replaces, and be found by whoever comes next. All others go through one process a core, one file after the other:
 * starting one and loading the library into it is most of what a small file costs.
 */
const APART = testFiles().filter(file => /\bvi\.(?:mock|doMock|resetModules)\(/.test(readFileSync(file, 'utf8')))

function testFiles(): string[] {
  const root = fileURLToPath(new URL('.', import.meta.url))
  const folders = ['packages', 'examples'].flatMap(where =>
    readdirSync(join(root, where)).map(name => join(where, name, 'test')),
  )
  return [...folders, 'tests']
    .filter(folder => existsSync(join(root, folder)))
    .flatMap(folder =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map(file => join(root, folder, file)),
    )
    .filter(file => file.endsWith('.test.ts'))
}

class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const placeOf = ({ moduleId, project }: TestSpecification) => {
      // A process is kept only for files that come one right after the other.
      if (project.name === 'node-apart') return -1
      const place = LONG.findIndex(path => moduleId.includes(path))
      return place < 0 ? LONG.length : place
    }
    return (await super.sort(files)).sort((a, b) => placeOf(a) - placeOf(b))
  }
}

const inNode = {
  exclude: ['**/*.browser.test.ts', '**/node_modules/**'],
  // Room for what is short-lived: with Node's own 16 MB the simulation spent a twentieth of its time or more on clearing up.
  execArgv: ['--max-semi-space-size=32'],
  testTimeout: 60_000,
  hookTimeout: 60_000,
}

export default defineConfig({
  test: {
    sequence: { sequencer: LongFirst },
    // One worker a core: the default leaves one out, which on a machine of two is half of it. One more brought nothing.
    maxWorkers: availableParallelism(),
    projects: [
      {
        resolve,
        test: {
          ...inNode,
          name: 'node-apart',
          include: APART,
        },
      },
      {
        resolve,
        test: {
          ...inNode,
          name: 'node',
          isolate: false,
          include: NODE_TESTS,
          exclude: [...inNode.exclude, ...APART],
        },
      },
      {
        // Found before the first test: a dependency that Vite meets later makes it reload the page under a test.
        optimizeDeps: {
          entries: [
            'packages/{cards,crypto,store-contract,store-indexeddb,vault}/src/**/*.{ts,js}',
            '{packages/*/test,tests}/**/*.browser.test.ts',
          ],
        },
        resolve,
        test: {
          name: 'browser',
          include: ['packages/*/test/**/*.browser.test.ts', 'tests/**/*.browser.test.ts'],
          exclude: ['**/node_modules/**'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // One profile can't be open twice.
          fileParallelism: false,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({ launchOptions: chromiumLaunch(), persistentContext: profile }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
    ],
  },
})
