// The tests that scripts/mutants.mjs runs against each mutant: those of one room, in Node, on the sources.
import { env } from 'node:process'
import { defineConfig } from 'vitest/config'
import whole from '../vitest.config.ts'

const [node] = whole.test.projects

export default defineConfig({
  resolve: node.resolve,
  test: {
    ...node.test,
    include: JSON.parse(env.AMANAT_MUTANTS_TESTS ?? '[]'),
    exclude: ['**/*.browser.test.ts'],
    setupFiles: ['scripts/mutants-setup.mjs'],
  },
})
