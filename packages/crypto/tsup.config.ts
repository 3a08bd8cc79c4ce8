import { copyFile } from 'node:fs/promises'
import { defineConfig } from 'tsup'

export default defineConfig({
  entry: ['src/index.ts'],
  format: ['esm', 'cjs'],
  dts: true,
  clean: true,
  sourcemap: true,
  target: 'es2022',
  platform: 'neutral',
  // import.meta.url in index.cjs, which looks for its worker beside itself.
  shims: true,
  // @noble/hashes comes as ES modules only. So index.cjs carries it, and index.js imports it.
  noExternal: [/^@noble\/hashes\//],
  esbuildOptions(options, { format }) {
    if (format === 'esm') options.external = [...(options.external ?? []), '@noble/hashes']
  },
  // The worker is one ES module for both, found by its address and so never bundled.
  onSuccess: () => copyFile('src/argon2-worker.js', 'dist/argon2-worker.js'),
})
