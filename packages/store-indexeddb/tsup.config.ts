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
  // Gives the CommonJS build an import.meta.url, by which it finds the worker.
  shims: true,
  // A page starts the worker by its address, so it stays a file of its own. It imports nothing: as it is will do.
  onSuccess: () => copyFile('src/cell-worker.js', 'dist/cell-worker.js'),
})
