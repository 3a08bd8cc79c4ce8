/** A folder for one history, and the cell in it as the file has it. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { HALF_BYTES } from '@amanat/store-contract'
import { disk } from '@amanat/store-disk'
import type { Medium } from './device'

export async function onDisk(work: (medium: Medium) => Promise<void>): Promise<void> {
  const place = await mkdtemp(join(tmpdir(), 'amanat-clocks-'))
  const folder = join(place, 'vault')
  try {
    await work({
      store: () => disk(folder),
      async cell() {
        const bytes = new Uint8Array(await readFile(join(folder, 'cell', 'cell')))
        return [bytes.slice(0, HALF_BYTES), bytes.slice(HALF_BYTES)]
      },
    })
  } finally {
    await rm(place, { recursive: true, force: true })
  }
}
