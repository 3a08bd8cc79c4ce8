/**
 * A vault in a folder whose disk fails: writes that come short, flushes that fail, reads that fail, a disk that is full, a
 * folder that goes away. Where the system can be made to fail it is; a flush that fails needs a broken disk, and is
 * handed in. The rule for that one: it is never tried again, and nothing more is written through this store, because
 * the system counts what it could not write as written.
 */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import * as system from 'node:fs/promises'
import { mkdtemp, rm, statfs, unlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { HALF_BYTES } from '@amanat/store-contract'
import {
  type AnyVault,
  createVault,
  dropExpired,
  openVault,
  type Policy,
  restoreVault,
  vaultExists,
} from '@amanat/vault'
import { type FakeClock, fakeClock, testKey, testRandomness } from '@amanat/vault/testing'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { diskStore } from '../../packages/store-disk/src/disk'
import { type Files, type OpenFile, systemFiles } from '../../packages/store-disk/src/files'
import { actor, marksOf, person, policy } from '../../packages/vault/test/protocol/world'
import { figures } from '../trust/figures'

let parent: string
let folder: string
const undo: (() => unknown)[] = []
let provoked = 0

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'amanat-faults-'))
  folder = join(parent, 'vault')
  undo.push(() => rm(parent, { recursive: true, force: true }))
})
afterEach(async () => {
  for (const each of undo.splice(0).reverse()) await each()
})
afterAll(() => figures('faults', { 'disk failures': provoked }))

const half = (n: number) => new Uint8Array(HALF_BYTES).fill(n)
const failing = (code: string) => Object.assign(new Error(`${code}: provoked`), { code })

type Act = 'open' | 'read' | 'write' | 'sync' | 'datasync'

/** The system's files, and one act of them that goes otherwise while `armed`. */
function filesWith(
  act: Act,
  instead: (real: (...args: unknown[]) => unknown, bytes: Uint8Array, at: number) => unknown,
) {
  const state = { armed: false, acts: 0 }
  const through =
    (name: Act, real: (...args: never[]) => unknown) =>
    (...args: never[]) => {
      if (!state.armed || name !== act) return real(...args)
      state.acts++
      provoked++
      const [bytes, at] = args
      return instead(
        (...other) => real(...((other.length > 0 ? other : args) as never[])),
        bytes as unknown as Uint8Array,
        at as unknown as number,
      )
    }
  const files = {
    ...systemFiles,
    open: through('open', async (...args: never[]) => {
      const file = await (systemFiles.open as (...args: never[]) => Promise<OpenFile>)(...args)
      for (const name of ['write', 'read', 'sync', 'datasync'] as const)
        Object.assign(file, { [name]: through(name, file[name]) })
      return file
    }),
  }
  return { files: files as unknown as Files, state }
}

async function storeWith(...given: Parameters<typeof filesWith>) {
  const { files, state } = filesWith(...given)
  const store = diskStore(folder, { files })
  undo.push(() => store.close())
  await store.open()
  await store.cell.create([half(1), half(2)])
  await store.commit({ expect: null, root: Uint8Array.of(1), put: [], drop: [] })
  state.armed = true
  return { store, state }
}

describe('the cell', () => {
  test.each(['EIO', 'ENOSPC'])('whose flush fails with %s is written no more through this store', async code => {
    const { store, state } = await storeWith('datasync', async () => {
      throw failing(code)
    })
    await expect(store.cell.overwrite(0, half(3))).rejects.toMatchObject({ code: code === 'EIO' ? 'IO' : 'NO_SPACE' })
    state.armed = false
    const broken = { code: 'IO', message: expect.stringContaining('end this process') }
    await expect(store.cell.overwrite(0, half(4))).rejects.toMatchObject(broken)
    await expect(store.cell.read(0)).rejects.toMatchObject(broken)
    await expect(store.commit({ expect: 1, root: Uint8Array.of(2), put: [], drop: [] })).rejects.toMatchObject(broken)
    // What was committed before can be read.
    expect((await store.root())?.version).toBe(1)
    expect(state.acts).toBe(1)
  })

  test('that is written a little at a time is written whole', async () => {
    const { store, state } = await storeWith('write', (real, bytes, at) => real(bytes.subarray(0, 1000), at))
    await store.cell.overwrite(1, half(3))
    expect(state.acts).toBe(5)
    expect(await store.cell.read(1)).toEqual(half(3))
    expect(await store.cell.read(0)).toEqual(half(1))
  })

  test('that is read a little at a time is read whole', async () => {
    const { store, state } = await storeWith('read', (real, bytes, at) => real(bytes.subarray(0, 3000), at))
    expect(await store.cell.read(1)).toEqual(half(2))
    expect(state.acts).toBe(3)
  })

  test('that takes nothing says so, and nobody waits for ever', async () => {
    const { store } = await storeWith('write', () => 0)
    await expect(store.cell.overwrite(1, half(3))).rejects.toMatchObject({ code: 'IO' })
  })

  test.each([
    ['open', 'EACCES', 'IO'],
    ['open', 'EMFILE', 'IO'],
    ['write', 'EIO', 'IO'],
    ['write', 'ENOSPC', 'NO_SPACE'],
    ['write', 'EFBIG', 'IO'],
    ['read', 'EIO', 'IO'],
    ['read', 'EACCES', 'IO'],
  ] as const)('%s fails once with %s, and the next time works', async (act, code, said) => {
    const { store, state } = await storeWith(act, () => {
      throw failing(code)
    })
    const attempt = () => (act === 'read' ? store.cell.read(0) : store.cell.overwrite(0, half(3)))
    await expect(attempt()).rejects.toMatchObject({ name: 'StoreError', code: said })
    state.armed = false
    await attempt()
    await store.cell.overwrite(0, half(4))
    expect(await store.cell.read(0)).toEqual(half(4))
  })
})

interface OnDisk {
  readonly vault: AnyVault
  readonly clock: FakeClock
  readonly ids: readonly string[]
  open(clock?: FakeClock): Promise<AnyVault>
}

async function vaultWith(files?: Files): Promise<OnDisk> {
  const clock = fakeClock()
  const options = (on: FakeClock, files?: Files) => ({
    store: diskStore(folder, files ? { files } : {}),
    unlock: testKey(),
    policy: policy as Policy,
    actor,
    clock: on,
  })
  const vault = (await createVault({ ...options(clock, files), randomness: testRandomness() })) as AnyVault
  undo.push(() => vault.lock().catch(() => undefined))
  const ids = []
  for (const number of [0, 1, 2]) ids.push((await vault.add(person(number, ['times']) as never)).id)
  const open = async (on = clock) => {
    const again = (await openVault(options(on))) as AnyVault
    undo.push(() => again.lock().catch(() => undefined))
    return again
  }
  return { vault, clock, ids, open }
}

/** `AMNC` for a half with a record, `AMNF` for a free one. */
async function marksInCell(): Promise<string[]> {
  const bytes = await system.readFile(join(folder, 'cell', 'cell'))
  return [0, HALF_BYTES].map(at => bytes.toString('latin1', at, at + 4))
}

const names = async (vault: AnyVault) => (await vault.for('times').list()).people.map(({ name }) => name).sort()
const all = [0, 1, 2].map(number => marksOf(number).name)

describe('a forgetting whose flush fails', () => {
  // One before the halves are looked at, one of the new secret, and, after the commit, one of the overwritten old secret.
  test.each([
    [1, 'IO', all],
    [2, 'IO', all],
    [3, 'UNKNOWN_RESULT', all.slice(1)],
  ] as const)('at flush %i is never answered for', async (failed, code, here) => {
    let flushes = 0
    const { files, state } = filesWith('datasync', async real => {
      if (++flushes === failed) throw failing('EIO')
      return real()
    })
    const { vault, ids, open } = await vaultWith(files)
    state.armed = true
    await expect(vault.erase(ids[0] as string)).rejects.toMatchObject({ name: 'VaultError', code })
    expect(await names(vault)).toEqual(here)
    await expect(vault.erase(ids[1] as string)).rejects.toMatchObject({ code: 'IO' })
    await expect(vault.add(person(3, ['times']) as never)).rejects.toMatchObject({ code: 'IO' })
    expect(flushes).toBe(failed)
    await vault.lock()
    state.armed = false
    const again = await open()
    expect(await names(again)).toEqual(here)
    await again.erase(ids[1] as string)
    expect((await again.examine()).damaged).toEqual([])
  })
})

describe('a folder that goes away', () => {
  test('takes no more commits: nothing is answered for that is gone with the process', async () => {
    const { vault, ids, open } = await vaultWith()
    await rm(folder, { recursive: true })
    provoked++
    await expect(vault.add(person(3, ['times']) as never)).rejects.toMatchObject({ code: 'IO' })
    await expect(vault.erase(ids[0] as string)).rejects.toMatchObject({ name: 'VaultError' })
    await vault.lock()
    await expect(open()).rejects.toMatchObject({ code: 'VAULT_MISSING' })
  })

  test('and comes back is as it was', async () => {
    const { vault, open } = await vaultWith()
    await system.rename(folder, `${folder}-away`)
    provoked++
    await expect(vault.add(person(3, ['times']) as never)).rejects.toMatchObject({ code: 'IO' })
    await vault.lock()
    await system.rename(`${folder}-away`, folder)
    expect(await names(await open())).toEqual(all)
  })

  test('without its cell says CELL_MISSING and makes no other', async () => {
    const { vault, open } = await vaultWith()
    await vault.lock()
    await unlink(join(folder, 'cell', 'cell'))
    provoked++
    await expect(open()).rejects.toMatchObject({ code: 'CELL_MISSING' })
    expect(existsSync(join(folder, 'cell', 'cell'))).toBe(false)
  })
})

/** A disk of one size, where this process may make one. */
function mounted(kilobytes: number): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'tmpfs', parent], { stdio: 'ignore' })
  } catch {
    return false
  }
  undo.push(() => execFileSync('umount', ['-l', parent]))
  return true
}

const mayMount = process.platform === 'linux' && process.getuid?.() === 0

/** Takes what room there is, to the last block. */
async function fill(): Promise<void> {
  const { bavail, bsize } = await statfs(parent)
  await writeFile(join(parent, 'ballast'), new Uint8Array(bavail * bsize))
  provoked++
}

describe.skipIf(!mayMount)('a disk that is full (skipped unless root on Linux: it mounts a small one)', () => {
  test('refuses who comes, lets be read what is there, and works again when there is room', async context => {
    if (!mounted(4096)) return context.skip('this system lets nothing be mounted')
    const { vault, ids, open } = await vaultWith()
    await fill()
    const codes = new Set<string>()
    for (let n = 0; n < 40 && codes.size === 0; n++) {
      const large = { ...person(10, ['times']), ref: `row-${n}` }
      await vault.add(large as never).catch(error => codes.add(error.code))
    }
    expect([...codes]).toEqual(['NO_SPACE'])
    const here = await names(vault)
    expect(here).toEqual(expect.arrayContaining(all))
    expect((await vault.for('times').get(ids[0] as string))?.card).toMatchObject({ name: { full: all[0] } })
    await vault.lock()
    // It is opened and read on the full disk, by whoever comes next.
    const again = await open()
    expect(await names(again)).toEqual(here)
    await unlink(join(parent, 'ballast'))
    await again.add(person(4, ['times']) as never)
    await again.erase(ids[0] as string)
    expect(await names(again)).not.toContain(all[0])
    expect((await again.examine()).damaged).toEqual([])
  })

  test('is not written to: what LMDB is given to write has room', async context => {
    if (!mounted(4096)) return context.skip('this system lets nothing be mounted')
    const { vault, ids } = await vaultWith()
    await vault.withdraw(ids[0] as string, 'times')
    await fill()
    const written = async () => {
      const { size, mtimeMs } = await system.stat(join(folder, 'rows', 'data.mdb'))
      return { size, mtimeMs }
    }
    const before = await written()
    const full = { name: 'VaultError', code: 'NO_SPACE' }
    for (let n = 0; n < 20; n++) await expect(vault.add(person(10 + n, ['times']) as never)).rejects.toMatchObject(full)
    expect(await written()).toEqual(before)
    // Who forgets replaces rows, which takes room before it gives any back.
    await expect(vault.erase(ids[1] as string)).rejects.toMatchObject(full)
    await unlink(join(parent, 'ballast'))
    await vault.erase(ids[1] as string)
    expect(await names(vault)).toEqual(all.slice(2))
  })

  test('on which a day has passed can still be opened, or says NO_SPACE, and expired is expired', async context => {
    if (!mounted(4096)) return context.skip('this system lets nothing be mounted')
    const { vault, open } = await vaultWith()
    await vault.lock()
    await fill()
    const later = fakeClock('2026-07-01T09:00:00Z')
    await dropExpired(diskStore(folder), { clock: fakeClock('2026-03-02T09:00:00Z') }).catch(error =>
      expect(error).toMatchObject({ name: 'VaultError', code: 'NO_SPACE' }),
    )
    await open(later).then(
      async again => expect(await names(again)).toEqual([]),
      error => expect(error).toMatchObject({ name: 'VaultError', code: 'NO_SPACE' }),
    )
    await unlink(join(parent, 'ballast'))
    expect(await names(await open(later))).toEqual([])
  })

  test.for(['forgetting', 'restore'] as const)(
    'R15: on which a %s was stopped after its commit can still be opened, or says NO_SPACE, and the old half is overwritten',
    async (what, context) => {
      if (!mounted(4096)) return context.skip('this system lets nothing be mounted')
      let [writes, failed] = [0, 1]
      const { files, state } = filesWith('write', real => {
        if (++writes >= failed) throw failing('EIO')
        return real()
      })
      const { vault, clock, ids, open } = await vaultWith()
      const backup = new Uint8Array(await new Response((await vault.backup()).file as never).arrayBuffer())
      await vault.lock()
      const options = { unlock: testKey(), actor, clock }
      const forgets = async () => {
        const again = (await openVault({
          ...options,
          store: diskStore(folder, { files }),
          policy: policy as Policy,
        })) as AnyVault
        await again.erase(ids[0] as string).finally(() => again.lock().catch(() => undefined))
      }
      const restores = async () => {
        const from = new Blob([backup]).stream() as ReadableStream<Uint8Array>
        await restoreVault({ ...options, store: diskStore(folder, { files }), from, backupUnlock: testKey() })
      }
      const act = what === 'forgetting' ? forgets : restores
      state.armed = true
      // From some write on all fail. The first that leaves what was committed is that of the old half.
      for (let code = ''; code !== 'UNKNOWN_RESULT'; failed++) {
        writes = 0
        code = await act().then(
          () => 'done',
          error => error.code,
        )
        expect(['IO', 'UNKNOWN_RESULT']).toContain(code)
      }
      expect(await marksInCell()).toEqual(['AMNC', 'AMNC'])
      await fill()
      const here = what === 'forgetting' ? all.slice(1) : all
      await open().then(
        async again => expect(await names(again)).toEqual(here),
        error => expect(error).toMatchObject({ name: 'VaultError', code: 'NO_SPACE' }),
      )
      await unlink(join(parent, 'ballast'))
      const again = await open()
      expect(await names(again)).toEqual(here)
      expect((await marksInCell()).sort()).toEqual(['AMNC', 'AMNF'])
      expect((await again.examine()).damaged).toEqual([])
    },
  )

  test('has no room for a new vault, and takes one when there is', async context => {
    if (!mounted(4096)) return context.skip('this system lets nothing be mounted')
    await fill()
    const create = () =>
      createVault({ store: diskStore(folder), unlock: testKey(), policy: policy as Policy, actor, clock: fakeClock() })
    await expect(create()).rejects.toMatchObject({ name: 'VaultError', code: 'NO_SPACE' })
    await unlink(join(parent, 'ballast'))
    expect(await vaultExists(diskStore(folder))).toBe(false)
    await (await create()).lock()
  })
})
