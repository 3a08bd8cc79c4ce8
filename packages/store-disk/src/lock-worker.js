// @ts-check
/**
 * Holds the lock of one folder for one thread.
 *
 * The lock is the write transaction of an LMDB environment that never holds anything: it excludes threads and
 * processes, and the kernel takes it from a holder that was killed. Waiting for it blocks the waiting thread, and a
 * process can't end while one of its threads is blocked like that. Hence this worker; and hence a second environment,
 * where the holder keeps a read transaction open: others see that in its table of readers, and wait here, where they
 * can be called off, until it is gone. That mark is a courtesy. The lock alone decides.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { ABORT } from 'lmdb'
import { closeEnvironment, openEnvironment } from './environment.js'

/** In `flag`: first whether the caller still wants the lock, then whether this worker is done with the ticket. */
const WANTED = 0
const DONE = 1
/** Milliseconds between two looks at the table of readers: at first, and at most. */
const FIRST_PAUSE = 1
const LONGEST_PAUSE = 16
/** A slice of holding; the flag's change wakes the holder at once, so that this is only for lost wake-ups. */
const SLICE = 1000

const { lockPath, turnPath } = /** @type {{ lockPath: string, turnPath: string }} */ (workerData)
const port = /** @type {import('node:worker_threads').MessagePort} */ (parentPort)
const KEY = Buffer.of(1)

/** @type {import('./environment.js').Environment | undefined} */
let lock
/** @type {import('./environment.js').Environment | undefined} */
let turn

port.on('message', (/** @type {{ ticket: number, flag: Int32Array } | 'close'} */ message) => {
  if (message === 'close') {
    void Promise.all([closeEnvironment(lock), closeEnvironment(turn)]).finally(() => port.close())
    return
  }
  const { ticket, flag } = message
  try {
    hold(ticket, flag)
    port.postMessage({ ticket, state: 'released' })
  } catch {
    port.postMessage({ ticket, state: 'failed' })
  } finally {
    Atomics.store(flag, DONE, 1)
    Atomics.notify(flag, DONE)
  }
})

/**
 * @param {number} ticket
 * @param {Int32Array} flag
 */
function hold(ticket, flag) {
  const wanted = () => Atomics.load(flag, 0) === WANTED
  turn ??= openEnvironment(turnPath)
  for (let pause = FIRST_PAUSE; wanted() && isHeldElsewhere(turn); pause = Math.min(2 * pause, LONGEST_PAUSE)) {
    Atomics.wait(flag, 0, WANTED, pause)
  }
  if (!wanted()) return
  const mark = turn
  // Opening the environment takes its write lock as well: only now that it is probably free.
  lock ??= openEnvironment(lockPath)
  lock.transactionSync(() => {
    // Whoever gave up meanwhile must not hold anything, not even for a moment that somebody could see.
    if (!wanted()) return ABORT
    const reader = mark.useReadTransaction()
    try {
      mark.get(KEY, { transaction: reader })
      port.postMessage({ ticket, state: 'held' })
      while (wanted()) Atomics.wait(flag, 0, WANTED, SLICE)
    } finally {
      reader.done()
      mark.resetReadTxn()
    }
    return ABORT
  })
}

/**
 * Whether another process has a read transaction open; the dead are struck off first. This process's own are not
 * looked at: a thread that was ended leaves its mark standing, and the lock itself keeps threads apart.
 *
 * @param {import('./environment.js').Environment} env
 */
function isHeldElsewhere(env) {
  env.readerCheck()
  return env
    .readerList()
    .split('\n')
    .map(line => line.trim().split(/\s+/))
    .some(([pid, , transaction]) => /^\d+$/.test(pid ?? '') && transaction !== '-' && Number(pid) !== process.pid)
}
