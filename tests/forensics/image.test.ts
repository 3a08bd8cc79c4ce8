/**
 * What a disk says when it is taken out and read byte by byte. A vault lives on a file system of its own in a file, its
 * cell is overwritten again and again, and every byte of that file is searched for every secret that the cell ever
 * held, and for every word that the vault was told. Where the platform keeps old bytes, the same search finds them: so
 * it looks in the right place, and `guarantees()` says so.
 */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { HALF_BYTES } from '@amanat/store-contract'
import { disk } from '@amanat/store-disk'
import type { Store } from '@amanat/vault'
import { describe, expect, test } from 'vitest'
import { figures, size } from '../trust/figures'
import type { Image, Kind } from './image'
import { live } from './life'
import { onImage } from './on-image'
import { secrets as words, world } from './people'
import { SecretSearch } from './raw'
import { copyFolder, Search } from './search'
import { withCell } from './secrets'
import { all, expectForgotten, oldOf, standing, told } from './standing'
import { type Given, STEPS, Turning } from './turning'

const ROTATIONS = size(60, 500)
const FEW = 12

const given: Given = {
  start: world.start,
  policy: world.policy,
  purpose: world.purposes.news,
  words: words.filter(word => !/^[+\d]/.test(word)),
}

const forgotten = async (image: Image, turning: Turning) => expectForgotten(image, turning.taken(), await turning.now())

const oldIn = async (turning: Turning) => oldOf(turning.taken(), await turning.now())

describe('a disk with a vault on it', () => {
  onImage('ext4', 'keeps no secret that the cell ever held before, however often it was overwritten', async image => {
    const turning = await new Turning(() => disk(join(image.path, 'vault')), given).create()
    expect(await turning.guarantees()).toMatchObject({ fileSystem: 'ext4', forgetting: 'in-place' })
    // Written out in between too: what the disk holds at one moment it may hold for ever.
    let turned = await turning.turn(ROTATIONS / 2)
    image.sync()
    turned += await turning.turn(ROTATIONS / 2)
    const { sought, found } = await forgotten(image, turning)
    expect(sought).toBeGreaterThanOrEqual(turned)
    await turning.lock()
    image.unmount()
    const { hits } = new SecretSearch(all(turning.taken())).inFile(image.file)
    // Both of today's, in eight sectors.
    expect(new Set(hits.map(({ secret }) => secret)).size).toBe(2)
    image.remount()
    figures('forensics', { 'rotations searched on disk': sought, found })
  })

  onImage(
    'ext4',
    'keeps none after any of the ways to forget, nor anything at all of a destroyed vault',
    async image => {
      const turning = await new Turning(() => disk(join(image.path, 'vault')), given).create()
      await turning.turn(FEW)
      for (const step of STEPS) {
        await turning.step(step)
        const { found } = await forgotten(image, turning)
        figures('forensics', { 'ways to forget': 1, found })
      }
      const every = all(turning.taken())
      await turning.destroy()
      expect([...standing(image, every)]).toEqual([])
      image.unmount()
      expect(new SecretSearch(every).inFile(image.file).hits).toEqual([])
      image.remount()
      figures('forensics', { 'ways to forget': 1 })
    },
  )

  onImage(
    'ext4',
    'has both secrets in the cell and in no other file: not among the rows, not beside the locks',
    async image => {
      const folder = join(image.path, 'vault')
      const turning = await new Turning(() => disk(folder), given).create()
      await turning.turn(FEW)
      const copy = await mkdtemp(join(tmpdir(), 'amanat-copy-'))
      try {
        copyFolder(folder, copy)
        const found = await new SecretSearch(all(turning.taken())).below(copy)
        expect([...found.keys()]).toEqual([join('cell', 'cell')])
        const now = all(await turning.now())
        expect(new Set(found.get(join('cell', 'cell'))?.map(({ secret }) => secret))).toEqual(new Set(now))
      } finally {
        await rm(copy, { recursive: true, force: true })
      }
    },
  )

  onImage('ext4', 'tells nothing about anybody, in files or where files were, after a whole life', async image => {
    await live(() => disk(join(image.path, 'vault')), world)
    image.sync()
    const search = new Search(words)
    expect(told(image, search)).toEqual([])
    // The same words in a file that was deleted are found.
    const plain = join(image.path, 'plain')
    writeFileSync(plain, `${words.join('\n')}\n`.repeat(3))
    image.sync()
    rmSync(plain)
    const texts = new Set(told(image, search).map(({ text }) => text))
    expect(words.filter(word => !texts.has(word))).toEqual([])
    figures('forensics', { 'words searched': words.length })
  })
})

describe('the search finds what stays', () => {
  onImage('ext4', 'where a new cell takes the place of the old one under its name', async image => {
    const turning = await new Turning(() => renaming(join(image.path, 'vault')), given).create()
    await turning.turn(FEW)
    const old = await oldIn(turning)
    expect(standing(image, old).size).toBeGreaterThan(FEW / 2)
    await turning.lock()
  })

  onImage('ext4', 'where the old half is not overwritten', async image => {
    const turning = await new Turning(() => lazy(join(image.path, 'vault')), given).create()
    await turning.turn(FEW)
    const old = await oldIn(turning)
    expect(standing(image, old).size).toBe(1)
    await turning.lock()
  })

  onImage('ext4', 'where a file with a secret in it was deleted', async image => {
    const secret = 'c3ab8ff13720e8ad9047dd39466b3c8974e592c2fa383d4a3960714caef0c4f2'
    const file = join(image.path, 'marker')
    writeFileSync(file, Buffer.concat([Buffer.alloc(70_001, 7), Buffer.from(secret, 'hex')]))
    image.sync()
    rmSync(file)
    expect(standing(image, [secret]).size).toBe(1)
  })

  test('in whichever of its eight bytes, and as text', () => {
    const secret = 'c3ab8ff13720e8ad9047dd39466b3c8974e592c2fa383d4a3960714caef0c4f2'
    const bytes = Buffer.from(secret, 'hex')
    const search = new SecretSearch([secret])
    const around = (middle: Buffer) => Buffer.concat([Buffer.alloc(101, 0xc3), middle, Buffer.alloc(99, 0xab)])
    for (const at of [0, 8, 16, 24]) expect([...search.in(around(bytes.subarray(at, at + 8)))]).toHaveLength(1)
    for (const text of [
      secret,
      secret.toUpperCase(),
      bytes.toString('base64'),
      Buffer.concat([Buffer.of(1), bytes]).toString('base64'),
    ]) {
      expect([...search.in(around(Buffer.from(text)))].length).toBeGreaterThan(0)
    }
    expect([...search.in(around(Buffer.from(bytes).reverse()))]).toEqual([])
  })

  const keeps: [kind: Kind, forgetting: string][] = [
    ['btrfs', 'copy-on-write'],
    ['ext4 with data=journal', 'best-effort'],
  ]
  for (const [kind, forgetting] of keeps) {
    onImage(kind, `on ${kind}, of which guarantees() says ${forgetting}`, async image => {
      const turning = await new Turning(() => disk(join(image.path, 'vault')), given).create()
      expect(await turning.guarantees()).toMatchObject({ fileSystem: kind.split(' ')[0], forgetting })
      await turning.turn(FEW)
      const old = await oldIn(turning)
      expect(standing(image, old).size).toBeGreaterThan(0)
      await turning.lock()
    })
  }
})

describe('other file systems', () => {
  onImage('xfs', 'xfs forgets in place, too', async image => {
    const turning = await new Turning(() => disk(join(image.path, 'vault')), given).create()
    expect(await turning.guarantees()).toMatchObject({ fileSystem: 'xfs', forgetting: 'in-place' })
    await turning.turn(FEW)
    await forgotten(image, turning)
    await turning.lock()
  })

  onImage('tmpfs', 'tmpfs promises nothing: its bytes lie in memory, and may be swapped out', async image => {
    const turning = await new Turning(() => disk(join(image.path, 'vault')), given).create()
    expect(await turning.guarantees()).toMatchObject({ fileSystem: 'tmpfs', forgetting: 'unknown', durability: 'none' })
    await turning.lock()
  })
})

/** A store whose cell is written as careful programs write files: anew, then renamed. */
function renaming(folder: string): Store {
  const store = disk(folder)
  const path = join(folder, 'cell', 'cell')
  return withCell(store, {
    create: halves => store.cell.create(halves),
    // By its name, as it is written: the store's own file stays open while its lock is held.
    read: async half => new Uint8Array(readFileSync(path).subarray(half * HALF_BYTES, (half + 1) * HALF_BYTES)),
    overwrite: async (half, bytes) => {
      const whole = readFileSync(path)
      whole.set(bytes, half * bytes.length)
      writeFileSync(`${path}.new`, whole, { flush: true })
      renameSync(`${path}.new`, path)
    },
  })
}

/** A store that says that a half is free, and leaves it as it was. */
function lazy(folder: string): Store {
  const store = disk(folder)
  const said = new Map<number, Uint8Array>()
  return withCell(store, {
    create: halves => store.cell.create(halves),
    read: async half => said.get(half) ?? (await store.cell.read(half)),
    overwrite: async (half, bytes) => {
      said.set(half, bytes.slice())
      if (String.fromCharCode(...bytes.subarray(0, 4)) === 'AMNC') await store.cell.overwrite(half, bytes)
    },
  })
}
