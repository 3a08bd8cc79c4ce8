/** The other end of `process.ts`, for the scripts: lines of JSON in and out, each out before anything else happens. */
import { writeSync } from 'node:fs'
import { createInterface } from 'node:readline'

/** The pipe may be full for a moment. */
export function say(said: object): void {
  const bytes = Buffer.from(`${JSON.stringify(said)}\n`)
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(1, bytes, at)
    } catch (error) {
      if ((error as { code?: string }).code !== 'EAGAIN') throw error
    }
  }
}

/** Orders one after the other; each is awaited before the next unless the handler doesn't wait. */
export function hear<Order>(handle: (order: Order) => Promise<void> | void): void {
  createInterface({ input: process.stdin }).on('line', line => {
    Promise.resolve(handle(JSON.parse(line) as Order)).catch(error => {
      // With the stack and its cause: whoever reads this has nothing else.
      say({ say: 'failed', why: `${(error as Error).stack} ${JSON.stringify(error)} ${(error as Error).cause ?? ''}` })
      process.exit(9)
    })
  })
}
