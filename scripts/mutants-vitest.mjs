// The tests that scripts/mutants.mjs runs against each mutant: those of one room, in Node, on the sources.
import { env } from 'node:process'
import { defineConfig } from 'vitest/config'
import whole from '../vitest.config.ts'

// The project whose files share no process: among the tests of a room may be some that replace a module.
const [apart] = whole.test.projects

export default defineConfig({
  resolve: apart.resolve,
  test: {
    ...apart.test,
    // Stryker runs them in threads, which take no option of a process.
    execArgv: [],
    include: JSON.parse(env.AMANAT_MUTANTS_TESTS ?? '[]'),
    exclude: ['**/*.browser.test.ts'],
    setupFiles: ['scripts/mutants-setup.mjs'],
  },
})
