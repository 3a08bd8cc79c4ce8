import { defineConfig } from 'tsup'

export default defineConfig({
  entry: ['src/amanat.ts'],
  format: ['esm'],
  clean: true,
  sourcemap: true,
  target: 'es2022',
  platform: 'node',
})
