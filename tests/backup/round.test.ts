/**
 * A vault on disk becomes one in memory becomes one on disk, each from the other's backup as it is being made: nothing
 * waits for the whole of it anywhere.
 */
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream as NodeStream } from 'node:stream/web'
import { memoryMedium, memoryStore } from '@amanat/store-contract/memory'
import { disk } from '@amanat/store-disk'
import { createVault, openVault, restoreVault, type Store } from '@amanat/vault'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { figures, size } from '../trust/figures'
import { Flow, metered } from './flow'
import {
  actor,
  asMaker,
  asMembers,
  clockAt,
  damagedIn,
  type Everything,
  entries,
  everything,
  fill,
  type Members,
  newKey,
  oldKey,
} from './people'

const PEOPLE = size(1_200, 20_000)
/** One in so many has a photo. */
const PHOTOS = 12
const SAMPLE = 50
/** A lot of rows that is put at once is 2 MiB, what is read at once of a vault less; and a few pieces on both sides. */
const AHEAD = 3 * 1024 * 1024
const HOUR = 3_600_000

let place: string
let vault: Members
let ids: string[]
let before: Everything
const clock = clockAt()

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'amanat-round-'))
  vault = await createVault({ ...asMaker(), store: disk(join(place, 'first')), unlock: oldKey, clock })
  ids = (await fill(vault, PEOPLE, PHOTOS)).filter((_, n) => n % Math.ceil(PEOPLE / SAMPLE) === 0)
  before = await everything(vault, ids)
}, HOUR)

afterAll(async () => {
  await vault?.lock()
  await rm(place, { recursive: true, force: true })
})

const open = (store: Store, unlock = newKey): Promise<Members> => openVault({ ...asMembers, store, unlock, clock })

describe(`a vault of ${PEOPLE} people`, () => {
  test(
    'goes from the disk to memory and back to the disk, everything of it',
    async () => {
      const medium = memoryMedium()
      const first = await vault.backup()
      const arrived = await restoreVault({
        store: memoryStore({ medium }),
        from: first.file,
        backupUnlock: oldKey,
        unlock: newKey,
        actor,
        clock,
      })
      expect(arrived).toMatchObject({ people: PEOPLE, gone: 0, expired: 0, damaged: 0, backup: first.id })
      const inMemory = await open(memoryStore({ medium }))
      expect(await everything(inMemory, ids)).toEqual(before)
      expect(await damagedIn(inMemory)).toEqual([])

      const second = await inMemory.backup()
      const folder = join(place, 'second')
      const back = await restoreVault({
        store: disk(folder),
        from: second.file,
        backupUnlock: newKey,
        unlock: oldKey,
        actor,
        clock,
      })
      expect(back).toMatchObject({ people: PEOPLE, gone: 0, expired: 0, damaged: 0 })
      await inMemory.lock()
      const again = await open(disk(folder), oldKey)
      expect(again.id).toBe(back.vault)
      expect(await everything(again, ids)).toEqual(before)
      expect(await damagedIn(again)).toEqual([])
      // The ledger of the first came along, and says how it came.
      expect(await entries(again, 'vault-created')).toHaveLength(1)
      expect(await entries(again, 'restored')).toHaveLength(2)
      await again.lock()
      figures('backup', { 'people carried over': 2 * PEOPLE, 'vaults restored': 2 })
    },
    HOUR,
  )

  test(
    'goes through a file, and neither side ever holds more of it than a few pieces',
    async () => {
      const [writing, reading] = [new Flow(), new Flow()]
      const store = metered(disk(join(place, 'first')), { read: bytes => writing.came(bytes) })
      const measured = await open(store, oldKey)
      const unasked = writing.bytes
      const { file } = await measured.backup()
      const path = join(place, 'one.backup')
      const begun = writing.bytes
      const pieces = writing.counted(file, bytes => writing.went(bytes))
      writing.went(begun)
      writing.most = 0
      await pipeline(Readable.from(pieces, { objectMode: true, highWaterMark: 1 }), createWriteStream(path))
      const { size: whole } = await stat(path)
      expect(begun - unasked).toBeLessThan(AHEAD / 10)
      expect(whole).toBeGreaterThan(3 * AHEAD)
      expect(writing.most - writing.kept).toBeLessThan(AHEAD)
      await measured.lock()

      let count = 0
      const medium = memoryMedium()
      const source = createReadStream(path, { highWaterMark: 65_536 })
      const from = reading.counted(source, bytes => {
        count++
        reading.came(bytes)
      })
      const into = metered(memoryStore({ medium }), { put: bytes => reading.went(bytes) })
      await restoreVault({ store: into, from, backupUnlock: oldKey, unlock: newKey, actor, clock })
      expect(reading.bytes).toBe(whole)
      expect(count).toBeGreaterThan(100)
      expect(reading.most).toBeLessThan(AHEAD)
      const restored = await open(memoryStore({ medium }))
      expect((await everything(restored, [])).cards).toEqual(before.cards)
      await restored.lock()
      figures('backup', { 'vaults restored': 1, 'pieces read': count })
    },
    HOUR,
  )

  test(
    'is read no further when whoever takes the backup has had enough',
    async () => {
      let read = 0
      const store = metered(disk(join(place, 'first')), {
        read: bytes => {
          read += bytes
        },
      })
      const measured = await open(store, oldKey)
      const { file } = await measured.backup()
      const reader = (file as NodeStream<Uint8Array>).getReader()
      for (let piece = 0; piece < 3; piece++) expect((await reader.read()).done).toBe(false)
      await reader.cancel()
      const until = read
      expect(until).toBeLessThan(AHEAD)
      expect(await measured.for('news').count()).toBe(PEOPLE)
      expect(read - until).toBeLessThan(AHEAD / 10)
      await measured.lock()
    },
    HOUR,
  )

  test(
    'lets go of a file that turns out to be broken, and reads no further',
    async () => {
      let given = 0
      let letGo = false
      async function* broken() {
        const { file } = await vault.backup()
        try {
          for await (const piece of file as NodeStream<Uint8Array>) {
            given++
            if (given === 10) piece[100] = (piece[100] ?? 0) ^ 1
            yield piece
          }
        } finally {
          letGo = true
        }
      }
      const medium = memoryMedium()
      const restoring = restoreVault({
        store: memoryStore({ medium }),
        from: broken(),
        backupUnlock: oldKey,
        unlock: newKey,
        actor,
        clock,
      })
      await expect(restoring).rejects.toMatchObject({ code: 'BACKUP_DAMAGED' })
      expect(letGo).toBe(true)
      expect(given).toBeLessThan(14)
      await expect(open(memoryStore({ medium }))).rejects.toMatchObject({ code: 'VAULT_MISSING' })
    },
    HOUR,
  )
})
