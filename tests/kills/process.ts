/**
 * Other processes, for tests that kill them: a script of this folder is bundled for plain Node, with the packages left
 * as a user has them, built. A process is told what to do in lines of JSON and says what it does in lines of JSON, each
 * written before it goes on: what it said is here even if it is killed in the next instant.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdir, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { build } from 'tsup'

const tests = fileURLToPath(new URL('..', import.meta.url))

export interface Script {
  start<Said>(): Running<Said>
  remove(): Promise<void>
}

export interface Running<Said> {
  readonly process: ChildProcess
  /** Everything that it said so far. */
  readonly said: readonly Said[]
  tell(order: unknown): void
  /** Nothing more will be told: it ends when it has done what it was told. */
  noMore(): void
  /** Called with each line, as it comes. */
  onSaid: (said: Said) => void
  /** Resolves with the first line, from here on or earlier, that fits; rejects if it ends before. */
  until(fits: (said: Said) => boolean): Promise<Said>
  kill(): Promise<void>
  /** Resolves when it has ended and all that it said is here: how it ended, and what it wrote on stderr. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null; readonly stderr: string }>
}

/** @param path of a TypeScript file, from the folder of the tests */
export async function script(path: string): Promise<Script> {
  // Below this package, so that the packages are found where it finds them.
  const folder = join(tests, '.cache', `${path.replace(/\W+/g, '-')}-${process.pid}`)
  await mkdir(folder, { recursive: true })
  await build({
    entry: { script: join(tests, path) },
    outDir: folder,
    format: ['esm'],
    outExtension: () => ({ js: '.mjs' }),
    config: false,
    dts: false,
    silent: true,
    target: 'es2022',
    platform: 'node',
    external: [/^@amanat\//],
  })
  return {
    start: <Said>() => running<Said>(join(folder, 'script.mjs')),
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}

function running<Said>(file: string): Running<Said> {
  const child = spawn(process.execPath, [file], { stdio: ['pipe', 'pipe', 'pipe'], cwd: dirname(file) })
  const said: Said[] = []
  let waiting: { fits: (said: Said) => boolean; resolve(said: Said): void; reject(error: Error): void }[] = []
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', text => {
    stderr += text
  })
  // It may have been killed before it read what it is told.
  child.stdin.on('error', () => {})
  const one: Running<Said> = {
    process: child,
    said,
    onSaid: () => {},
    tell: order => void child.stdin.write(`${JSON.stringify(order)}\n`),
    noMore: () => void child.stdin.end(),
    until: fits =>
      new Promise((resolve, reject) => {
        const known = said.find(fits)
        if (known !== undefined) resolve(known)
        else if (over) reject(new Error(`the process ended before: ${stderr}`))
        else waiting.push({ fits, resolve, reject })
      }),
    async kill() {
      child.kill('SIGKILL')
      await one.ended
    },
    ended: new Promise(resolve => {
      child.on('close', (code, signal) => {
        over = true
        for (const { reject } of waiting) reject(new Error(`the process ended before: ${stderr}`))
        resolve({ code, signal, stderr })
      })
    }),
  }
  let over = false
  createInterface({ input: child.stdout }).on('line', line => {
    let next: Said
    try {
      next = JSON.parse(line) as Said
    } catch {
      // Cut off in the middle: it was never said.
      return
    }
    said.push(next)
    one.onSaid(next)
    const heard = waiting.filter(({ fits }) => fits(next))
    waiting = waiting.filter(each => !heard.includes(each))
    for (const { resolve } of heard) resolve(next)
  })
  return one
}
