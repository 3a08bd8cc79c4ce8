/**
 * Freezes the golden vaults anew, with today's library:
 *
 *     npx vitest run --config tests/golden/vitest.make.mjs
 *
 * The projects are the suite's own; only the files are others. Run it when the format changed on purpose while it is
 * not published yet; afterwards a golden vault is never made again, only new ones beside it.
 */
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import whole from '../../vitest.config.ts'

const FILES = { node: 'tests/golden/make.ts', browser: 'tests/golden/make.browser.ts' }

export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  test: {
    projects: whole.test.projects.map(project => ({
      ...project,
      test: { ...project.test, include: [FILES[project.test.name]], exclude: ['**/node_modules/**'] },
    })),
  },
})
