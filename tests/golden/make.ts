/** Freezes the golden vault of the disk store: the folder as the store left it, with what opens it beside it. */
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { disk } from '@amanat/store-disk'
import { expect, test } from 'vitest'
import { HERE } from './frozen'
import { tell } from './story'

test('the golden vault on disk is made', async () => {
  const folder = join(HERE, 'disk')
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder)
  const made = await tell(() => disk(join(folder, 'vault')))
  await writeFile(join(folder, 'made.json'), `${JSON.stringify(made, null, 2)}\n`)
  // Not part of the vault: who has it open just now, made anew by whoever opens it.
  await rm(join(folder, 'vault', 'lock'), { recursive: true })
  await rm(join(folder, 'vault', 'rows', 'lock.mdb'))
  expect(await readdir(join(folder, 'vault'))).toEqual(['cell', 'rows'])
}, 300_000)
