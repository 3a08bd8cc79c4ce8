/**
 * Many at once on one vault on disk: workers of a CRM, objects of one process, the command line, a cron job without a
 * key. What all of them asked and were answered is one history, and has to fit a vault that does one thing at a time:
 * no update is lost, nothing comes back, nobody sees the past, nobody waits for ever, and BUSY is answered to nobody.
 * AMANAT_MANY_SEED asks the same again, as far as the moments allow.
 */
import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { env, execPath } from 'node:process'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { Chance } from '../kills/chance'
import { strayFiles } from '../kills/disk-life'
import { fieldsIn } from '../kills/people'
import type { Script } from '../kills/process'
import { figures, size } from '../trust/figures'
import { namesOf, shown } from './ask'
import { at } from './clock'
import { linearizable, told } from './linearizable'
import { heard, Place, workerScript } from './place'
import { type Answered, type Asked, registerOf } from './register'
import { Lane } from './throws'

const SEED = Number(env.AMANAT_MANY_SEED ?? 1 + Math.floor(Math.random() * 1e9))
const bin = fileURLToPath(new URL('../../packages/cli/dist/amanat.js', import.meta.url))

let worker: Script
let place: Place | undefined
beforeAll(async () => {
  worker = await workerScript()
})
afterEach(() => place?.end())
afterAll(() => worker.remove())

/** The command line, once: its answer in the words of the register. */
async function amanat(place: Place, who: string, asked: Asked): Promise<void> {
  const id = 'key' in asked ? (place.ids.get(asked.key) as string) : ''
  const argv = {
    change: ['change', id, '--patch', '-'],
    withdraw: ['withdraw', id, ...('purpose' in asked && asked.purpose ? [asked.purpose] : [])],
    erase: ['erase', id, '--no-suppress'],
    get: ['show', 'purpose' in asked ? String(asked.purpose) : '', id],
    reveal: ['show', 'purpose' in asked ? String(asked.purpose) : '', id, '--reveal'],
    list: ['list', 'purpose' in asked ? String(asked.purpose) : '', '--limit', '1000'],
  }[asked.do as 'get']
  const start = at()
  const input = asked.do === 'change' ? JSON.stringify({ name: { full: asked.name } }) : ''
  const { code, stdout, stderr } = await run([...argv, '--json', '--actor', who], place, input)
  const value = JSON.parse(stdout || `{"error":${JSON.stringify(stderr)}}`)
  place.record({ who, start, end: at(), asked, answered: answerOf(asked, value, code, place) })
}

function answerOf(asked: Asked, value: Record<string, never>, code: number, place: Place): Answered {
  const said = JSON.stringify(value)
  if (code !== 0) {
    const refused = (['UNKNOWN_CONTACT', 'CONFLICT', 'SUPPRESSED'] as const).find(each => said.includes(`"${each}"`))
    if (!refused) throw new Error(`the command line answered ${said}`)
    return asked.do === 'get' || asked.do === 'reveal' ? { shown: null } : { refused }
  }
  if (asked.do === 'change') return { revision: value.revision as unknown as number }
  if (asked.do === 'withdraw') return { taken: (value as unknown as unknown[]).length }
  if (asked.do === 'erase') return { done: true }
  if (asked.do === 'list') return { names: namesOf(value.people as never, place.ids) }
  const { name, phone } = fieldsIn(value.card as unknown as object)
  return { shown: shown(value.revision as unknown as number, name, asked.do === 'reveal' ? phone : undefined) }
}

function run(
  argv: string[],
  { folder, root }: Place,
  input: string,
): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise(resolve => {
    const here = ['--vault', folder, '--key-file', join(root, 'key')]
    const child = execFile(execPath, [bin, ...argv, ...here], (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr })
    })
    child.stdin?.end(input)
  })
}

/** What a person at a terminal asks, one after the other. */
function typed(place: Place, chance: Chance): Asked[] {
  const keys = [...place.ids.keys()]
  const of = () => ({ key: chance.pick(keys), purpose: chance.pick(['times', 'chat', 'call'] as const) })
  const some = (): Asked =>
    chance.pick<() => Asked>([
      () => ({ do: 'get', ...of() }),
      () => ({ do: 'reveal', ...of() }),
      () => ({ do: 'withdraw', ...of() }),
      () => ({ do: 'change', key: of().key, name: `Name-typed-${chance.below(1e9)}` }),
      () => ({ do: 'list', purpose: of().purpose }),
      () => ({ do: 'erase', key: of().key }),
    ])()
  return Array.from({ length: size(3, 8) }, some)
}

function fits(place: Place, seed: number): void {
  const verdict = linearizable(place.history, registerOf(place.initial))
  expect(verdict.linearizable, `AMANAT_MANY_SEED=${seed}: ${told(verdict)}`).toBe(true)
  figures('many', { histories: 1, operations: place.history.length, processes: place.processes })
}

/** Whatever was acknowledged is in the end there: read by somebody who comes afterwards. */
async function readAll(place: Place): Promise<void> {
  const last = await place.open('staff:last')
  await place.ask(last, 'last', { do: 'exist' })
  for (const key of place.ids.keys()) {
    for (const purpose of ['times', 'chat', 'call'] as const) await place.ask(last, 'last', { do: 'get', key, purpose })
  }
  const changed = new Map<string, number>()
  for await (const line of last.ledger.entries({ type: 'contact-changed' })) {
    changed.set(String(line.contact), (changed.get(String(line.contact)) ?? 0) + 1)
  }
  // Counters add up: each change that was acknowledged stands on the ledger once, and those that may have happened at most once.
  for (const [key, id] of place.ids) {
    const about = place.history.filter(({ asked }) => asked.do === 'change' && asked.key === key)
    const done = about.filter(({ answered }) => answered && 'revision' in answered).length
    const open = about.filter(({ end }) => end === undefined).length
    const counted = changed.get(id) ?? 0
    expect(counted, `changes of ${key}`).toBeGreaterThanOrEqual(done)
    expect(counted, `changes of ${key}`).toBeLessThanOrEqual(done + open)
  }
}

describe('a history of many', () => {
  const each = size(25, 120)

  test.each(Array.from({ length: size(2, 40) }, (_, i) => i))(
    'fits one vault that does one thing at a time (history %i)',
    async number => {
      const seed = SEED + 1000 * number
      const chance = new Chance(seed)
      const here = await Place.make(worker, 8)
      place = here
      await writeFile(join(here.root, 'key'), Buffer.alloc(32, 1), { mode: 0o600 })
      const [one, other, cron] = await Promise.all([
        here.start('one'),
        here.start('other'),
        here.start('cron', { opened: false }),
      ])
      const objects = await Promise.all(['mine', 'yours'].map(who => here.open(`staff:${who}`)))
      one.tell({ what: 'work', seed, lanes: [1, 2], each })
      other.tell({ what: 'work', seed, lanes: [3, 4], each })
      cron.tell({ what: 'cron', folder: here.folder, times: size(10, 60), days: 3 })
      const working = [
        heard(one, 'worked'),
        heard(other, 'worked'),
        heard(cron, 'worked'),
        ...objects.map(async (vault, i) => {
          const lane = new Lane(`object/${i}`, 5 + i, [...here.ids.keys()], new Chance(seed + 5 + i), i === 1)
          for (let n = 0; n < each; n++) {
            const asked = lane.next()
            lane.heard(asked, await here.ask(vault, lane.who, asked))
          }
        }),
        (async () => {
          for (const asked of typed(here, chance)) {
            await amanat(here, 'typed', asked)
            here.processes++
          }
        })(),
      ]
      // Everybody comes to an end: nobody is kept out for ever, nobody is told BUSY.
      await Promise.all(working)
      await readAll(here)
      fits(here, seed)
      // Without a word: they end by themselves, and leave nothing behind.
      for (const each of [one, other, cron]) {
        each.noMore()
        expect(await each.ended).toMatchObject({ code: 0, signal: null, stderr: '' })
      }
      expect(await strayFiles(here.folder)).toEqual([])
    },
    size(240_000, 7_200_000),
  )

  test.each(Array.from({ length: size(1, 40) }, (_, i) => i))(
    'fits where some of them are killed in between, and others come (history %i)',
    async number => {
      const seed = SEED + 500 + 1000 * number
      const chance = new Chance(seed)
      const here = await Place.make(worker, 8)
      place = here
      const steady = await here.start('steady')
      steady.tell({ what: 'work', seed, lanes: [1, 2], each: 2 * each })
      let lane = 3
      const victims = (async () => {
        for (let round = 0; round < size(3, 6); round++) {
          const victim = await here.start(`victim${round}`)
          const enough = 3 + chance.below(each)
          let answers = 0
          const hear = victim.onSaid
          const killed = new Promise<void>(resolve => {
            victim.onSaid = said => {
              hear(said)
              if (said.say === 'answered' && ++answers === enough) resolve()
            }
          })
          victim.tell({ what: 'work', seed, lanes: [lane++, lane++, lane++], each })
          await Promise.race([killed, heard(victim, 'worked')])
          await victim.kill()
        }
      })()
      await Promise.all([heard(steady, 'worked'), victims])
      await readAll(here)
      fits(here, seed)
    },
    size(240_000, 7_200_000),
  )

  test(
    'gives each ref to one contact, whoever brings it in',
    async () => {
      const here = await Place.make(worker, 1)
      place = here
      const refs = Array.from({ length: size(20, 200) }, (_, i) => `p${100 + i}x`)
      const workers = await Promise.all([here.start('one'), here.start('other'), here.start('third')])
      for (const [i, each] of workers.entries())
        each.tell({ what: 'import', refs: i === 1 ? [...refs].reverse() : refs })
      const all = (await Promise.all(workers.map(each => heard(each, 'imported')))).flatMap(({ rows }) => rows)
      for (const ref of refs) {
        const rows = all.filter(row => row.ref === ref)
        expect(rows.map(({ outcome }) => outcome).sort()).toEqual(['added', 'known', 'known'])
        expect(new Set(rows.map(({ id }) => id)).size).toBe(1)
      }
      expect(await (await here.open('staff:last')).for('times').count()).toBe(refs.length + 1)
      figures('many', { operations: all.length, processes: workers.length })
    },
    size(120_000, 600_000),
  )
})
