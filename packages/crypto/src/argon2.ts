/**
 * Argon2id in a worker that lives for one derivation: the page stays responsive, and the memory that was filled goes
 * with the worker. This file stands at the root of src, because the worker's address below is resolved against it
 * and against dist/index.js alike; bundlers look for that literal `new Worker(new URL(…, import.meta.url), …)`.
 */

import { CryptoError } from './errors'
import { Secret } from './secret'

/** What a guess at a passphrase costs: KiB of memory, and passes over them. One lane, always. */
export type Argon2Cost = { memory: number; passes: number }

/** The second choice of RFC 9106, section 4, with twice its memory: about 0.7 s on a quiet machine of 2026 under Node. */
export const DEFAULT_COST: Argon2Cost = { memory: 128 * 1024, passes: 3 }

/**
 * The bounds of both writing and reading, since nobody ever wrote a slot outside them. Below: 64 MiB is the second
 * choice of RFC 9106, section 4. Above: 1 GiB, what WebAssembly gets on common machines, and 16 passes keep a forged
 * slot from holding up whoever opens it for more than a minute or two.
 */
export const COST_BOUNDS = { memory: [64 * 1024, 1024 * 1024], passes: [1, 16] } as const

export function costInBounds({ memory, passes }: Argon2Cost): boolean {
  const within = (value: number, [least, most]: readonly [number, number]) =>
    Number.isInteger(value) && value >= least && value <= most
  return within(memory, COST_BOUNDS.memory) && within(passes, COST_BOUNDS.passes)
}

type Answer = { key: Uint8Array } | { failed: 'self-test' | 'memory' | 'load' }

/** The little that a browser's worker and one of Node's worker_threads have in common, and we need. */
type Hand = {
  ask(question: object, transfer: ArrayBuffer[]): void
  onAnswer(told: (answer: unknown) => void): void
  onFailure(told: (cause: unknown) => void): void
  end(): unknown
}

/**
 * The key that this passphrase gives under this salt. `passphrase` is transferred to the worker and wiped there:
 * the caller's array is empty afterwards.
 * @param salt 16 bytes
 * @throws KDF_UNAVAILABLE when the worker can't start or has too little memory; SELF_TEST_FAILED
 */
export async function argon2id(
  passphrase: Uint8Array,
  salt: Uint8Array,
  cost: Argon2Cost,
  start: () => Hand = startWorker,
): Promise<Secret<'unlock'>> {
  // An array of its own whole buffer, since a buffer is transferred whole.
  const own = new Uint8Array(passphrase)
  passphrase.fill(0)
  let hand: Hand | undefined
  try {
    hand = start()
    const answer = await answerOf(hand, { passphrase: own, salt: new Uint8Array(salt), ...cost }, [own.buffer])
    if ('failed' in answer) throw failed(answer.failed, cost)
    const key = Secret.of<'unlock'>(answer.key)
    answer.key.fill(0)
    return key
  } catch (error) {
    throw error instanceof CryptoError ? error : failed('load', cost, error)
  } finally {
    // Still ours only when the worker never started; a buffer that was transferred is empty and refuses `fill`.
    if (own.length > 0) own.fill(0)
    await hand?.end()
  }
}

function answerOf(hand: Hand, question: object, transfer: ArrayBuffer[]): Promise<Answer> {
  return new Promise((resolve, reject) => {
    hand.onAnswer(answer => resolve(answer as Answer))
    hand.onFailure(reject)
    hand.ask(question, transfer)
  })
}

function failed(how: 'self-test' | 'memory' | 'load', cost: Argon2Cost, cause?: unknown): CryptoError {
  if (how === 'self-test') {
    return new CryptoError('SELF_TEST_FAILED', "Argon2id doesn't give the published answer on this platform.")
  }
  const message =
    how === 'memory'
      ? `Deriving a key from the passphrase needs ${Math.ceil(cost.memory / 1024)} MiB of memory, which this machine didn't give.`
      : "The worker that derives keys from passphrases didn't start. Serve argon2-worker.js of @amanat/crypto beside the " +
        'code that was bundled from it, have libsodium-wrappers-sumo resolve inside it, and allow it by the ' +
        'Content-Security-Policy (worker-src, and wasm-unsafe-eval in script-src).'
  return new CryptoError('KDF_UNAVAILABLE', message, { cause })
}

function startWorker(): Hand {
  // Deno and Bun have Worker too; Node hasn't.
  if (typeof Worker === 'function') {
    const worker = new Worker(new URL('./argon2-worker.js', import.meta.url), { type: 'module' })
    return {
      ask: (question, transfer) => worker.postMessage(question, transfer),
      onAnswer: told => worker.addEventListener('message', event => told(event.data)),
      onFailure: told => {
        worker.addEventListener('error', event => {
          event.preventDefault()
          told(event.message)
        })
        worker.addEventListener('messageerror', () => told('The answer could not be read.'))
      },
      end: () => worker.terminate(),
    }
  }
  const threads = (globalThis as { process?: NodeProcess }).process?.getBuiltinModule?.('node:worker_threads')
  if (threads === undefined) throw new TypeError('There is neither Worker nor node:worker_threads here.')
  // Flags of the program that embeds us, --input-type among them, could keep the worker from starting.
  const worker = new threads.Worker(new URL('./argon2-worker.js', import.meta.url), { execArgv: [] })
  return {
    ask: (question, transfer) => worker.postMessage(question, transfer),
    onAnswer: told => worker.on('message', told),
    onFailure: told => {
      worker.on('error', told)
      worker.on('messageerror', told)
      worker.on('exit', told)
    },
    end: () => worker.terminate(),
  }
}

// No types of Node here: they would let its globals into code that runs in browsers.
type NodeProcess = { getBuiltinModule?: (id: 'node:worker_threads') => { Worker: NodeWorkerConstructor } }
type NodeWorkerConstructor = new (url: URL, options: { execArgv: string[] }) => NodeWorker
type NodeWorker = {
  postMessage(message: object, transfer: ArrayBuffer[]): void
  on(event: 'message' | 'error' | 'messageerror' | 'exit', told: (what: unknown) => void): void
  terminate(): Promise<number>
}
