// The example for Node, run as its page says, on the built packages: twice in the same folder, then with a passphrase and a
// policy that the vault refuses.
import { execFile, spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const here = fileURLToPath(new URL('..', import.meta.url))
const PASSPHRASE = 'correct horse battery staple'
let folder: string

/** What it prints to whoever types this passphrase. */
function run(
  passphrase: string,
): Promise<{ readonly code: number | null; readonly out: string; readonly err: string }> {
  const child = spawn(process.execPath, ['main.mjs', join(folder, 'members')], { cwd: here })
  const said = { out: '', err: '' }
  child.stdout.on('data', text => {
    said.out += text
  })
  child.stderr.on('data', text => {
    said.err += text
  })
  child.stdin.end(`${passphrase}\n`)
  return new Promise(resolve => child.on('close', code => resolve({ code, ...said })))
}

beforeAll(async () => {
  const root = fileURLToPath(new URL('../../..', import.meta.url))
  await promisify(execFile)(process.execPath, ['scripts/bootstrap.mjs', '--quiet', '--build'], { cwd: root })
  folder = await mkdtemp(join(tmpdir(), 'amanat-example-'))
}, 600_000)
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('the example for Node', () => {
  test('the first run says what its page promises, and writes to nobody but the one who agreed', async () => {
    const { code, out, err } = await run(PASSPHRASE)
    expect([code, err]).toEqual([0, ''])
    const readme = await readFile(join(here, 'README.md'), 'utf8')
    const promised = readme.split('```\n')[2]?.trim().split('\n') ?? []
    expect(promised).toHaveLength(7)
    const said = out.replace('Passphrase: ', '').trim().split('\n')
    expect(said.map(line => line.replace(/until \d{4}-\d\d-\d\d$/, 'until …'))).toEqual(promised)
  })

  test('the second run opens what the first made, and doubles nobody', async () => {
    const { code, out } = await run(PASSPHRASE)
    expect(code).toBe(0)
    expect(out).toContain('0 wait in quarantine, 4 were here, 0 were refused')
    expect(out).toContain('check {"allowed":1,"refused":{}}')
  })

  test('another passphrase opens nothing', async () => {
    const { code, out, err } = await run('incorrect horse battery staple')
    expect(code).not.toBe(0)
    expect(err).toContain('CANNOT_UNLOCK')
    expect(out).not.toContain('sara@example.org')
  })

  test('nothing of anybody lies in the folder in the clear', async () => {
    const files = await readdir(folder, { recursive: true, withFileTypes: true })
    const bytes = await Promise.all(
      files.filter(file => file.isFile()).map(file => readFile(join(file.parentPath, file.name))),
    )
    expect(bytes.length).toBeGreaterThan(1)
    for (const text of ['Karimi', 'sara@example.org', 'احمدی'])
      expect(bytes.some(each => each.includes(text))).toBe(false)
  })
})
