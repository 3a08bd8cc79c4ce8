/** Several processes on one folder: real ones, killed and ended in the middle of things. */
import { type ChildProcess, execFileSync, fork } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { HALF_BYTES, type Store } from '@amanat/store-contract'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { diskStore } from '../src/disk'
import { buildStore } from './built'

/** What a store makes in its folder before it has a cell. */
const HERE = ['lock', 'rows']

let built: Awaited<ReturnType<typeof buildStore>>
let folder: string
let children: Child[]
let store: Store

beforeAll(async () => {
  built = await buildStore()
})

afterAll(() => built.remove())

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'amanat-'))
  children = []
  store = diskStore(folder)
  await store.open()
})

afterEach(async () => {
  for (const child of children) child.process.kill('SIGKILL')
  await store.close()
  await rm(folder, { recursive: true, force: true })
})

describe('the lock between processes', () => {
  test('keeps everybody else out, and who waits too long is BUSY', async () => {
    const [holder, hasty, patient] = [await child(), await child({ busyAfterMs: 50 }), await child()]
    await holder.do('hold')
    const waiting = patient.do('wait')
    await expect(hasty.do('wait')).rejects.toMatchObject({ code: 'BUSY' })
    await holder.do('letGo')
    expect(await waiting).toBe('mine')
  })

  test('goes with a holder that is killed', async () => {
    const holder = await child()
    await holder.do('hold')
    const waiting = store.exclusive(async () => 'mine')
    holder.process.kill('SIGKILL')
    expect(await waiting).toBe('mine')
  })

  test('is handed on to one process after the other', async () => {
    const all = [await child(), await child(), await child()]
    await all[0]?.do('hold')
    const waiting = all.slice(1).map(each => each.do('wait'))
    await all[0]?.do('letGo')
    expect(await Promise.all(waiting)).toEqual(['mine', 'mine'])
  })

  test('makes each step on the cell one step, over three processes', async () => {
    await store.exclusive(() => store.cell.create([new Uint8Array(HALF_BYTES), new Uint8Array(HALF_BYTES)]))
    const all = [await child(), await child()]
    const mine = async () => {
      for (let n = 0; n < 20; n++) await store.exclusive(() => step(store))
    }
    await Promise.all([...all.map(each => each.do('count', { times: 20 })), mine()])
    expect(await store.exclusive(() => numberIn(store))).toBe(60)
  })

  test('that was got too late is let go at once', async () => {
    const late = await child({ busyAfterMs: 50 })
    await store.exclusive(async () => {
      await expect(late.do('wait')).rejects.toMatchObject({ code: 'BUSY' })
      await expect(late.do('wait')).rejects.toMatchObject({ code: 'BUSY' })
    })
    expect(await store.exclusive(async () => 'mine')).toBe('mine')
    expect(await (await child()).do('wait')).toBe('mine')
  })
})

test('a store that several processes make at once is one, and nothing of their making is left', async () => {
  const parent = folder
  for (let time = 0; time < 4; time++) {
    folder = join(parent, `made-${time}`)
    const all = await Promise.all(Array.from({ length: 4 }, () => child()))
    await Promise.all(all.map((each, n) => each.do('add', { n, size: 10 })))
    expect(await Promise.all(all.map(each => each.do('version')))).toEqual([4, 4, 4, 4])
    expect((await readdir(folder, { recursive: true })).filter(name => /[0-9a-f]{8}-/.test(name))).toEqual([])
    for (const each of all) each.process.kill('SIGKILL')
    await Promise.all(all.map(each => each.ended))
  }
  folder = parent
})

describe('opening and closing', () => {
  test('of new folders, each by four processes at once, ends well for each of them', async () => {
    const all = await Promise.all(Array.from({ length: 4 }, () => child()))
    for (let time = 0; time < 40; time++) {
      const place = join(folder, `new-${time}`)
      await Promise.all(all.map(each => each.do('visit', { place, times: 1 })))
    }
    expect(await readdir(folder)).toHaveLength(40 + HERE.length)
  })

  test('of one folder by four processes, as fast as they can, ends well for each of them', async () => {
    const place = join(folder, 'busy')
    const all = await Promise.all(Array.from({ length: 4 }, () => child()))
    const visits = all.map(each => each.do('visit', { place, times: 100 }))
    expect(await Promise.all(visits)).toEqual([100, 100, 100, 100])
  })

  // As whoever leaves at the moment that another opens leaves it. It is the mutexes of Linux that can be destroyed.
  describe.runIf(process.platform === 'linux')(
    'fails while somebody stays who met destroyed mutexes, and no longer',
    () => {
      test('of the rows', async () => {
        await store.close()
        const destroyed = await readFile(join(folder, 'rows', 'lock.mdb'))
        const holder = await child()
        await writeFile(join(folder, 'rows', 'lock.mdb'), destroyed, { flag: 'r+' })
        await expect(store.open()).rejects.toMatchObject({ code: 'IO' })
        await expect(store.open()).rejects.toMatchObject({ code: 'IO' })
        holder.process.kill('SIGKILL')
        await holder.ended
        await store.open()
        await add(store, 1)
        expect((await store.root())?.version).toBe(1)
      })

      test.each(['turn', 'mutex'])('of the lock’s %s', async name => {
        const file = join(folder, 'lock', name, 'lock.mdb')
        await store.exclusive(async () => {})
        await store.close()
        const destroyed = await readFile(file)
        await store.open()
        const holder = await child()
        await holder.do('wait')
        await writeFile(file, destroyed, { flag: 'r+' })
        await expect(store.exclusive(async () => 'mine')).rejects.toMatchObject({ code: 'IO' })
        await expect(store.exclusive(async () => 'mine')).rejects.toMatchObject({ code: 'IO' })
        holder.process.kill('SIGKILL')
        await holder.ended
        expect(await store.exclusive(async () => 'mine')).toBe('mine')
        expect(await (await child()).do('wait')).toBe('mine')
      })
    },
  )
})

describe('a process that ends', () => {
  test('with process.exit while it holds the lock comes to its end, and the lock is free', async () => {
    const holder = await child()
    await holder.do('hold')
    const waiting = store.exclusive(async () => 'mine')
    void holder.do('exit', { code: 7 }).catch(() => {})
    expect(await holder.ended).toBe(7)
    expect(await waiting).toBe('mine')
  })

  test('with process.exit while it waits for the lock comes to its end before the lock is free', async () => {
    // Time enough for its worker to start, and to be in the middle of waiting.
    const waiter = await child({ busyAfterMs: 1500 })
    await store.exclusive(async () => {
      const first = waiter.do('wait')
      const second = waiter.do('wait')
      await expect(first).rejects.toMatchObject({ code: 'BUSY' })
      void second.catch(() => {})
      void waiter.do('exit', { code: 7 }).catch(() => {})
      expect(await waiter.ended).toBe(7)
    })
  })

  test('by itself after BUSY does not wait for the lock', async () => {
    const waiter = await child({ busyAfterMs: 1500 })
    await store.exclusive(async () => {
      await expect(waiter.do('wait')).rejects.toMatchObject({ code: 'BUSY' })
      void waiter.do('end').catch(() => {})
      expect(await waiter.ended).toBe(0)
    })
  })

  test('by itself is not kept alive by an open store that was locked, watched and never closed', async () => {
    const idle = await child()
    await idle.do('wait')
    void idle.do('heard').catch(() => {})
    void idle.do('end').catch(() => {})
    expect(await idle.ended).toBe(0)
  })
})

describe('rows between processes', () => {
  test('a commit on a version that another process has left behind is a conflict', async () => {
    const other = await child()
    await add(store, 1)
    expect(await other.do('version')).toBe(1)
    await add(store, 2)
    expect(await other.do('commitOn', { expect: 1, n: 3 })).toBe('conflict')
    expect(await store.read('pages', [id(3)])).toEqual([undefined])
    expect(await other.do('commitOn', { expect: 2, n: 3 })).toBe('committed')
    expect((await store.root())?.version).toBe(3)
  })

  test('every commit of two processes is in, once, however often they were too late', async () => {
    const other = await child()
    const theirs = async () => {
      for (let n = 0; n < 50; n++) await other.do('add', { n, size: 100 })
    }
    const ours = async () => {
      for (let n = 0; n < 50; n++) await add(store, 1000 + n)
    }
    await Promise.all([theirs(), ours()])
    expect((await store.root())?.version).toBe(100)
    let rows = 0
    for await (const _ of store.scan('pages')) rows++
    expect(rows).toBe(100)
  })

  test('one process sees at once what the other promised, however far the file has grown', async () => {
    const other = await child()
    for (let n = 1; n <= 100; n++) await add(store, n, 60_000)
    expect(await other.do('version')).toBe(100)
    expect(await other.do('read', { n: 100 })).toBe(60_000)
    await other.do('add', { n: 101, size: 59_999 })
    expect((await store.read('pages', [id(101)]))[0]?.length).toBe(59_999)
  })

  test('a watching process hears of a commit', async () => {
    const other = await child()
    const heard = other.do('heard')
    // Answered in order: once the version is here, the other one watches.
    await other.do('version')
    await add(store, 1)
    expect(await heard).toBe('heard')
  })

  test('what a killed process had promised is there, whole', async () => {
    let next = 0
    for (let round = 0; round < 5; round++) {
      const other = await child()
      let promised = next - 1
      const some = new Promise<void>(resolve => {
        other.process.on('message', (message: { promised?: number }) => {
          if (message.promised === undefined) return
          promised = message.promised
          if (promised > next + 5 * round) resolve()
        })
      })
      void other.do('addForEver', { from: next }).catch(() => {})
      await some
      other.process.kill('SIGKILL')
      await other.ended
      const version = (await store.root())?.version ?? 0
      expect(version).toBeGreaterThan(promised)
      const lengths = await store.read(
        'pages',
        Array.from({ length: version }, (_, n) => id(n)),
      )
      expect(lengths.every(bytes => bytes?.length === 5000)).toBe(true)
      expect(await store.read('pages', [id(version)])).toEqual([undefined])
      next = version
    }
  })
})

test('the store runs from require as from import, worker included', () => {
  const script = `
    const { disk } = require(${JSON.stringify(join(built.folder, 'disk.cjs'))})
    const store = disk(${JSON.stringify(folder)})
    store.open().then(() => store.exclusive(async () => 'mine')).then(async answer => {
      await store.close()
      console.log(answer)
    })`
  expect(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' })).toBe('mine\n')
})

interface Child {
  readonly process: ChildProcess
  readonly ended: Promise<number | null>
  do(order: string, rest?: object): Promise<unknown>
}

async function child(options: { busyAfterMs?: number } = {}): Promise<Child> {
  const script = fileURLToPath(new URL('./child.mjs', import.meta.url))
  const address = pathToFileURL(join(built.folder, 'disk.js')).href
  const forked = fork(script, [address, folder, String(options.busyAfterMs ?? '')], { execArgv: [] })
  const answers = new Map<number, { resolve(value: unknown): void; reject(code: unknown): void }>()
  let last = 0
  const ended = new Promise<number | null>(resolve => {
    forked.on('exit', code => {
      for (const { reject } of answers.values()) reject('ended')
      resolve(code)
    })
  })
  const ready = new Promise<void>(resolve => {
    forked.on(
      'message',
      (message: { ready?: true; number?: number; value?: unknown; code?: unknown; message?: string }) => {
        if (message.ready) resolve()
        const answer = answers.get(message.number ?? 0)
        if (message.code === undefined) return answer?.resolve(message.value)
        answer?.reject(Object.assign(new Error(message.message), { code: message.code }))
      },
    )
  })
  const one: Child = {
    process: forked,
    ended,
    do: (order, rest = {}) =>
      new Promise((resolve, reject) => {
        answers.set(++last, { resolve, reject })
        forked.send({ order, number: last, ...rest })
      }),
  }
  children.push(one)
  await ready
  await one.do('open')
  return one
}

function id(n: number): Uint8Array {
  const bytes = new Uint8Array(16)
  new DataView(bytes.buffer).setUint32(12, n)
  return bytes
}

async function add(store: Store, n: number, size = 100): Promise<void> {
  for (;;) {
    const expect = (await store.root())?.version ?? null
    const put = [{ table: 'pages', id: id(n), bucket: 1, bytes: new Uint8Array(size) } as const]
    if ((await store.commit({ expect, root: new Uint8Array(1), put, drop: [] })) === 'committed') return
  }
}

async function numberIn(store: Store): Promise<number> {
  const half = await store.cell.read(0)
  return half ? new DataView(half.buffer).getUint32(0) : -1
}

async function step(store: Store): Promise<void> {
  const half = new Uint8Array(HALF_BYTES)
  new DataView(half.buffer).setUint32(0, (await numberIn(store)) + 1)
  await store.cell.overwrite(0, half)
}
