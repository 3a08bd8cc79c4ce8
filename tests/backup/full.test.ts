/**
 * A disk that is full in the middle of a restore: what stood there stands, and once there is room the restore is done again.
 * The disk is a file system of its own, so that only it is full.
 */
import { createReadStream, createWriteStream, rmSync, statfsSync, statSync } from 'node:fs'
import { mkdtemp, open as openFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { disk } from '@amanat/store-disk'
import { createVault, isVaultError, openVault, restoreVault } from '@amanat/vault'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import type { Image, Kind } from '../forensics/image'
import { onImage } from '../forensics/on-image'
import { figures, size } from '../trust/figures'
import { actor, asMaker, asMembers, clockAt, damagedIn, emailOf, fill, type Members, newKey, oldKey } from './people'

const PEOPLE = 60
const PHOTOS = 3
const KIB = 1024
/** Left on the disk: from less than a lot of rows needs to nearly all that the restore needs. */
const ROOMS = size(4, 16)

const clock = clockAt()
let place: string
let file: string
let bytes: number

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'amanat-full-'))
  file = join(place, 'one.backup')
})
afterAll(() => rm(place, { recursive: true, force: true }))

const open = (folder: string, unlock: typeof oldKey): Promise<Members> =>
  openVault({ ...asMembers, store: disk(folder), unlock, clock })

async function restore(folder: string): Promise<'restored' | string> {
  const store = disk(folder)
  const unlocks = { backupUnlock: oldKey, standingUnlock: oldKey, unlock: newKey }
  try {
    // Whoever looks whether the old vault stands is in its ledger, and not in the backup's.
    await restoreVault({ store, from: createReadStream(file), ...unlocks, evenIfOlder: true, actor, clock })
    return 'restored'
  } catch (error) {
    if (!isVaultError(error)) throw error
    return error.code
  } finally {
    await store.close()
  }
}

/** Takes all room of a disk but this much. */
async function fillUp(image: Image, but: number): Promise<string> {
  const path = join(image.path, 'filler')
  const { bavail, bsize } = statfsSync(image.path)
  const filler = await openFile(path, 'w')
  const piece = Buffer.alloc(64 * KIB, 1)
  try {
    for (let left = bavail * bsize - but; left > 0; left -= piece.length) {
      await filler.write(piece, 0, Math.min(left, piece.length))
    }
    await filler.sync()
  } finally {
    await filler.close()
  }
  return path
}

function onFull(kind: Kind, megabytes?: number): void {
  onImage(
    kind,
    `a full ${kind} leaves the vault that stood there, and once there is room the backup is restored`,
    async image => {
      const folder = join(image.path, 'vault')
      const vault = await createVault({ ...asMaker(), store: disk(folder), unlock: oldKey, clock })
      await fill(vault, PEOPLE, PHOTOS)
      await pipeline(Readable.fromWeb((await vault.backup()).file as never), createWriteStream(file))
      await vault.lock()
      bytes = statSync(file).size
      const told: Record<string, number> = {}
      for (let n = 0; n < ROOMS; n++) {
        const filler = await fillUp(image, 48 * KIB + Math.floor((n / ROOMS) * bytes))
        const code = await restore(folder)
        told[code] = (told[code] ?? 0) + 1
        rmSync(filler)
        if (code === 'restored') break
        const standing = await open(folder, oldKey)
        expect(standing.id).toBe(vault.id)
        expect(await standing.for('news').count()).toBe(PEOPLE)
        expect(await standing.for('news').find({ email: emailOf(1) })).toHaveLength(1)
        expect(await damagedIn(standing)).toEqual([])
        await standing.lock()
      }
      expect(Object.keys(told).filter(code => code !== 'restored')).toEqual(['NO_SPACE'])
      if (told.restored === undefined) expect(await restore(folder)).toBe('restored')
      const restored = await open(folder, newKey)
      expect(restored.id).not.toBe(vault.id)
      expect(await restored.for('news').count()).toBe(PEOPLE)
      expect(await damagedIn(restored)).toEqual([])
      await restored.lock()
      figures('backup', { 'restores onto a full disk': told.NO_SPACE ?? 0 })
    },
    megabytes,
  )
}

describe('a disk that is full in the middle of a restore:', () => {
  onFull('tmpfs')
  onFull('ext4', 48)
})
