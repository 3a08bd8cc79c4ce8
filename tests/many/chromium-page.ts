/** The page of a tab: works by itself, and starts a worker that does. */
import { type ManyPage, page } from './chromium-work'
import type { Answer } from './chromium-worker'

let worker: Worker | undefined
let last = 0

function inWorker(name: keyof ManyPage, ...given: readonly unknown[]): Promise<unknown> {
  worker ??= new Worker(new URL('./chromium-worker.ts', import.meta.url), { type: 'module' })
  const to = worker
  const id = ++last
  return new Promise((resolve, reject) => {
    const hear = ({ data }: MessageEvent<Answer>) => {
      if (data.id !== id) return
      to.removeEventListener('message', hear)
      if (data.error === undefined) resolve(data.value)
      else reject(new Error(data.error))
    }
    to.addEventListener('message', hear)
    to.postMessage({ id, name, given })
  })
}

Object.assign(globalThis, { page, inWorker })
