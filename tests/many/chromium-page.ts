/** The page of a tab: works by itself, and starts a worker that does, and may terminate it. */
import { HERE, type Interruption, type ManyPage, page } from './chromium-work'
import type { Answer } from './chromium-worker'

let worker: Worker | undefined
let last = 0

function inWorker(name: keyof ManyPage, ...given: readonly unknown[]): Promise<unknown> {
  worker ??= new Worker(new URL('./chromium-worker.ts', import.meta.url), { type: 'module' })
  const to = worker
  const id = ++last
  return new Promise((resolve, reject) => {
    const hear = ({ data }: MessageEvent<Answer | typeof HERE>) => {
      if (data === HERE || data.id !== id) return
      to.removeEventListener('message', hear)
      if (data.error === undefined) resolve(data.value)
      else reject(new Error(data.error))
    }
    to.addEventListener('message', hear)
    to.postMessage({ id, name, given })
  })
}

/** Has the worker erase somebody, and terminates it before the write of this number, or in it. */
async function endWorker(key: string, interruption: Interruption): Promise<void> {
  const ended = worker as Worker
  const here = new Promise<void>(resolve => {
    ended.addEventListener('message', ({ data }) => {
      if (data === HERE) resolve()
    })
  })
  void inWorker('beginErasing', key, interruption)
  await here
  ended.terminate()
  worker = undefined
}

Object.assign(globalThis, { page, inWorker, endWorker })
