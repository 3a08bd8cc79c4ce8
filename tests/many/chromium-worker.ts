/** A worker that opens the vault by itself: the same as a tab, by messages. */
import { codeOf, type ManyPage, page } from './chromium-work'

export interface Call {
  readonly id: number
  readonly name: keyof ManyPage
  readonly given: readonly unknown[]
}

export interface Answer {
  readonly id: number
  readonly value?: unknown
  readonly error?: string
}

addEventListener('message', async ({ data }: MessageEvent<Call>) => {
  const call = page[data.name] as (...given: readonly unknown[]) => Promise<unknown>
  const answer = await call(...data.given).then(
    value => ({ value }),
    error => ({ error: codeOf(error) }),
  )
  postMessage({ id: data.id, ...answer })
})
