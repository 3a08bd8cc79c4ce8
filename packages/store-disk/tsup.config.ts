import { defineConfig } from 'tsup'

export default defineConfig({
  entry: ['src/index.ts', 'src/lock-worker.js'],
  format: ['esm', 'cjs'],
  dts: { entry: 'src/index.ts' },
  clean: true,
  shims: true,
  sourcemap: true,
  target: 'es2022',
  platform: 'node',
})
