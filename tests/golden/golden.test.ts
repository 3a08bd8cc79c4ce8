/** Today's library opens the vaults that were frozen: for as long as format 1 is read. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { memoryStore } from '@amanat/store-contract/memory'
import { describe, expect, test } from 'vitest'
import { figures } from '../trust/figures'
import { dumpOf, dumpOfRaw, fromChromium, HERE, inMemory, onDisk } from './frozen'
import { seen } from './seen'

const opened = () => figures('reader', { 'openings by the library': 1 })

describe('the golden vault of the disk store', () => {
  seen(onDisk, opened)

  test('is opened on copies only: the frozen folder has what it was frozen with', async () => {
    await onDisk(async store => {
      const opened = store()
      await opened.open()
      await opened.close()
    })
    expect(await readdir(join(HERE, 'disk', 'vault'))).toEqual(['cell', 'rows'])
    expect(await readdir(join(HERE, 'disk', 'vault', 'rows'))).toEqual(['data.mdb'])
  })
})

describe('the golden vault of Chromium, carried to another store', () => {
  seen(async use => {
    const { made, ...raw } = await fromChromium()
    const medium = await inMemory(dumpOfRaw(raw))
    return use(() => memoryStore({ medium }), made)
  }, opened)

  test('is the same to the byte as the one on disk: the format knows no store', async () => {
    const onDiskDump = await onDisk(async store => {
      const opened = store()
      await opened.open()
      return dumpOf(opened).finally(() => opened.close())
    })
    expect(dumpOfRaw(await fromChromium())).toEqual(onDiskDump)
  })
})
