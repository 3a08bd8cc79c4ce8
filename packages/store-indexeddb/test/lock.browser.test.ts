import { afterEach, describe, expect, test } from 'vitest'
import { underTest } from './stores'

const removals: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const remove of removals.splice(0)) await remove()
})

async function opened(options?: Parameters<typeof underTest>[0]) {
  const under = underTest(options)
  removals.push(under.remove)
  await under.store.open()
  return under
}

const never = () => new Promise<never>(() => {})

describe('the lock of a vault', () => {
  test('answers BUSY when its holder does not let go in time, and is free afterwards', async () => {
    const { store, name } = await opened({ timeoutMs: 50 })
    let letGo = () => {}
    const holding = navigator.locks.request(`amanat:${name}`, () => new Promise<void>(resolve => (letGo = resolve)))
    await expect(store.exclusive(async () => 'in')).rejects.toMatchObject({ code: 'BUSY' })
    letGo()
    await holding
    expect(await store.exclusive(async () => 'in')).toBe('in')
  })

  test('keeps a store from being destroyed under the feet of whoever works on it', async () => {
    const { store, name } = await opened({ timeoutMs: 50 })
    await store.exclusive(() => store.cell.create([new Uint8Array(4096).fill(1), new Uint8Array(4096).fill(2)]))
    let letGo = () => {}
    const holding = navigator.locks.request(`amanat:${name}`, () => new Promise<void>(resolve => (letGo = resolve)))
    await expect(store.destroy()).rejects.toMatchObject({ code: 'BUSY' })
    expect((await store.cell.read(0))?.[0]).toBe(1)
    letGo()
    await holding
    await store.destroy()
    await store.open()
    expect(await store.cell.read(0)).toBeUndefined()
  })

  test('is released when the tab that held it is gone', async () => {
    const { store, name } = await opened()
    const frame = document.body.appendChild(document.createElement('iframe'))
    await new Promise<void>(held => {
      frame.contentWindow?.navigator.locks.request(`amanat:${name}`, () => {
        held()
        return never()
      })
    })
    let entered = false
    const waiting = store.exclusive(async () => {
      entered = true
    })
    await store.root()
    expect(entered).toBe(false)
    frame.remove()
    await waiting
    expect(entered).toBe(true)
  })

  test('trips the signal when something takes it away, and the work has the last word', async () => {
    const { store, name } = await opened()
    const working = store.exclusive(async lost => {
      expect(lost.aborted).toBe(false)
      const told = new Promise(resolve => lost.addEventListener('abort', resolve, { once: true }))
      await navigator.locks.request(`amanat:${name}`, { steal: true }, async () => {})
      await told
      return lost.aborted ? 'stopped in time' : 'not told'
    })
    expect(await working).toBe('stopped in time')
  })

  test('ends a write of the cell that still waits: it would land under the feet of whoever has the lock then', async () => {
    const ended: Worker[] = []
    const cellWorker = () => {
      const worker = new Worker(new URL('../src/cell-worker.js', import.meta.url), { type: 'module' })
      const { postMessage, terminate } = worker
      // As while another tab has the file open: the worker waits for it, and writes when it is free.
      worker.postMessage = (asked: { readonly act: string }) => {
        if (asked.act !== 'overwrite') postMessage.call(worker, asked)
      }
      worker.terminate = () => {
        ended.push(worker)
        terminate.call(worker)
      }
      return worker
    }
    const { store, name } = await opened({ cellWorker, cellTimeoutMs: 5_000 })
    await store.cell.create([new Uint8Array(4096).fill(1), new Uint8Array(4096).fill(2)])
    const working = store.exclusive(async () => {
      const overwriting = store.cell.overwrite(0, new Uint8Array(4096).fill(3))
      overwriting.catch(() => undefined)
      await navigator.locks.request(`amanat:${name}`, { steal: true }, async () => {})
      await overwriting
    })
    await expect(working).rejects.toMatchObject({ code: 'BUSY' })
    expect(ended).toHaveLength(1)
    expect((await store.cell.read(0))?.[0]).toBe(1)
  })

  test('gives back the error of a work that stops because the lock was lost', async () => {
    const { store, name } = await opened()
    const working = store.exclusive(async lost => {
      navigator.locks.request(`amanat:${name}`, { steal: true }, async () => {})
      await new Promise((_, reject) => lost.addEventListener('abort', () => reject(lost.reason)))
    })
    await expect(working).rejects.toMatchObject({ name: 'StoreError', code: 'IO' })
  })
})
