/**
 * Builds the store beside its package, so that a plain Node process can run it and finds LMDB where the package does.
 * What a user installs has tests of its own; here it is only a way for another process to run these sources.
 */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'tsup'

const here = fileURLToPath(new URL('..', import.meta.url))

export async function buildStore(): Promise<{ folder: string; remove(): Promise<void> }> {
  const folder = join(here, '.cache', `built-${process.pid}`)
  await build({
    entry: [join(here, 'src/disk.ts'), join(here, 'src/lock-worker.js')],
    outDir: folder,
    format: ['esm', 'cjs'],
    shims: true,
    config: false,
    dts: false,
    silent: true,
    target: 'es2022',
    platform: 'node',
    external: ['lmdb'],
    noExternal: ['@amanat/store-contract'],
    esbuildOptions: options => {
      options.alias = { '@amanat/store-contract': join(here, '../store-contract/src/index.ts') }
    },
  })
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) }
}
