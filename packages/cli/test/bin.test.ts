/** The program as it is built and started, in a process of its own. */
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { book, terminal } from './terminal'

const folder = fileURLToPath(new URL('..', import.meta.url))
const built = join(folder, '.cache', `bin-${process.pid}`)
const bin = join(built, 'amanat.js')
// It stands on the built packages, as it does for a user.
const needs = ['vault', 'cards', 'store-disk'].map(name => join(folder, '..', name, 'dist', 'index.js'))

describe.skipIf(!needs.every(existsSync))('the built program', () => {
  beforeAll(() => {
    const tsup = join(dirname(createRequire(import.meta.url).resolve('tsup/package.json')), 'dist', 'cli-default.js')
    execFileSync(process.execPath, [tsup, '--out-dir', built, '--silent'], { cwd: folder, stdio: 'pipe' })
  }, 120_000)
  afterAll(() => rmSync(built, { recursive: true, force: true }))

  test('makes a vault, imports and answers, each in a process of its own', async () => {
    const it = await terminal()
    const amanat = (argv: readonly string[], input = '') => {
      const here = ['--vault', it.path('vault'), '--key-file', it.path('key')]
      const { PATH } = process.env
      const env = { PATH, AMANAT_ACTOR: 'staff:omid' }
      return spawnSync(process.execPath, [bin, ...argv, ...here], { encoding: 'utf8', input, env, timeout: 60_000 })
    }
    expect(readFileSync(bin, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/)
    const about = ['--name', 'Quay', '--contact', 'q@quay.example', '--address', 'Quay', '--country', 'GB']
    expect(amanat(['init', '--template', 'community', ...about])).toMatchObject({ status: 0, stderr: '' })
    const imported = amanat(['import', '-', '--source', 'pipe', '--consent', 'events', '--json'], book())
    expect(JSON.parse(imported.stdout)).toMatchObject({ added: 3 })
    expect(amanat(['list', 'events']).stdout).toContain('Sara Karimi')
    expect(amanat(['list', 'weather'])).toMatchObject({ status: 2, stdout: '' })
    expect(JSON.parse(amanat(['ledger', '--type', 'contact-added', '--json']).stdout)).toMatchObject(
      Array(3).fill({ actor: 'staff:omid' }),
    )
  })

  test.skipIf(process.platform === 'win32')('locks the vault and ends with 130 when it is interrupted', async () => {
    const it = await terminal()
    const about = ['--name', 'Quay', '--contact', 'q@quay.example', '--address', 'Quay', '--country', 'GB']
    await it.run('init', '--template', 'community', ...about)
    const here = ['--vault', it.path('vault'), '--key-file', it.path('key')]
    // Waits for stdin, which never ends.
    const running = spawn(process.execPath, [bin, 'import', '-', '--source', 's', ...here], {
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    let said = ''
    running.stderr.on('data', piece => {
      said += piece
    })
    running.stdin.write(book())
    // It takes stdin up once the vault is open, and what doesn't fit the pipe waits until then.
    await new Promise(resolve => running.stdin.write(Buffer.alloc(4_000_000, '\r\n'), resolve))
    running.kill('SIGINT')
    const code = await new Promise(resolve => running.on('close', resolve))
    expect([code, said]).toEqual([130, expect.stringContaining('the vault is locked')])
    expect(await it.json('status')).toMatchObject({ quarantine: 0 })
  })
})
