import { defineConfig } from 'tsup'

// These come as ES modules only; cborg can't be required at all. So index.cjs carries them, and index.js imports them.
const ES_MODULES_ONLY = ['@noble/hashes']

export default defineConfig({
  entry: ['src/index.ts', 'src/testing.ts'],
  format: ['esm', 'cjs'],
  dts: true,
  clean: true,
  sourcemap: true,
  target: 'es2022',
  platform: 'neutral',
  noExternal: ES_MODULES_ONLY.map(name => new RegExp(`^${name}($|/)`)),
  esbuildOptions(options, { format }) {
    if (format === 'esm') options.external = [...(options.external ?? []), ...ES_MODULES_ONLY]
  },
})
