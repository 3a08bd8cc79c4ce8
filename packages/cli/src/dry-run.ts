/**
 * A vault with the same policy and nobody in it, for a dry run: whatever the rules would say of a file is said by the rules
 * themselves. It is in a folder for temporary files, sealed with a key that is never written, and gone at the end; what
 * a crash leaves of it nobody can open. Who is in the real vault, or has left it, is not asked (R11).
 */
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { disk } from '@amanat/store-disk'
import { type AnyVault, createVault, type Policy, secretKey } from '@amanat/vault'
import type { Cli } from './command'
import { actorOf } from './open'

export async function inScratch<T>(cli: Cli, policy: Policy, work: (vault: AnyVault) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'amanat-dry-run-'))
  try {
    const store = disk(join(folder, 'vault'))
    try {
      const { clock } = cli.io
      const unlock = secretKey(new Uint8Array(randomBytes(32)))
      const vault = await createVault({ store, unlock, policy, actor: actorOf(cli), ...(clock ? { clock } : {}) })
      try {
        return await work(vault)
      } finally {
        await vault.lock()
      }
    } finally {
      await store.close()
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
