/**
 * Ends the process when one case takes longer than any honest input could: a parser that hangs never comes back to
 * vitest, whose own time-out then can't fire. The dog is a thread of its own; it is told which test runs, and says
 * so on stderr before it bites. No test asserts a time: thirty seconds of the processor's work, which a busy machine
 * doesn't take from it, are for inputs that take milliseconds.
 */
import { Worker } from 'node:worker_threads'

/** Far beyond what a case takes; what is quadratic or worse takes longer. */
const LONGEST_MS = 30_000

const DOG = `
const { parentPort, workerData } = require('node:worker_threads')
const { writeSync } = require('node:fs')
const [RUNNING, CASES] = [0, 1]
const state = new Int32Array(workerData.state)
let name = ''
let seen = -1
const worked = () => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}
let since = worked()
parentPort.on('message', told => { name = told })
setInterval(() => {
  const cases = Atomics.load(state, CASES)
  if (Atomics.load(state, RUNNING) === 0 || cases !== seen) {
    seen = cases
    since = worked()
  } else if (worked() - since > workerData.longest) {
    writeSync(2, 'hostile: hangs in case ' + cases + ' of ' + name + '\\n')
    process.kill(process.pid, 'SIGKILL')
  }
}, 500)
`

const [RUNNING, CASES] = [0, 1]
const state = new Int32Array(new SharedArrayBuffer(8))
let dog: Worker | undefined

/** From here on `name` is running: what is said if it hangs, with how to replay it. */
export function watch(name: string): void {
  dog ??= new Worker(DOG, { eval: true, workerData: { state: state.buffer, longest: LONGEST_MS } })
  dog.unref()
  dog.postMessage(name)
  Atomics.store(state, CASES, 0)
  Atomics.store(state, RUNNING, 1)
}

/** Another case begins. */
export const pat = (): number => Atomics.add(state, CASES, 1)

export const rest = (): number => Atomics.store(state, RUNNING, 0)
