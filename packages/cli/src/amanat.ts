#!/usr/bin/env node
/** The program: the process' own streams, and SIGINT, which locks the vault before it ends. A second one ends at once. */
import process from 'node:process'
import { run } from './run'

const interrupt = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (interrupt.signal.aborted) process.exit(130)
    interrupt.abort()
  })
}
// Whoever reads may have seen enough, as `head` does.
process.stdout.on('error', error => {
  if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error
})

const { stdin, stdout, stderr, env } = process
process.exitCode = await run(process.argv.slice(2), { stdin, stdout, stderr, env, signal: interrupt.signal })
// What an interrupted command still waits for must not keep the process: the vault is locked, and everything is said.
if (interrupt.signal.aborted) process.exit()
// Nor does a stdin that was left open.
stdin.unref?.()
