/**
 * A process that stops in the middle of forgetting, as a laptop's lid or a debugger stops it, with the lock in its
 * hands: the others go on as far as they need no lock, else they wait or hear BUSY, and nothing is taken from the one
 * that stopped. When it goes on, or is killed where it stands, everything is as if each had come in turn.
 */
import { execFileSync } from 'node:child_process'
import { disk } from '@amanat/store-disk'
import type { Store } from '@amanat/vault'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { diskStore } from '../../packages/store-disk/src/disk'
import { strayFiles } from '../kills/disk-life'
import { newContact } from '../kills/people'
import type { Script } from '../kills/process'
import { type Step, withSteps } from '../kills/steps'
import { figures, size } from '../trust/figures'
import { linearizable, told } from './linearizable'
import { heard, Place, type Worker, workerScript } from './place'
import { registerOf } from './register'

let worker: Script
let place: Place | undefined
beforeAll(async () => {
  worker = await workerScript()
})
afterEach(() => place?.end())
afterAll(() => worker.remove())

/** Where a forgetting can stop while it holds the lock: the step, and how many of its kind it lets pass. */
const PLACES: readonly (readonly [Step, number])[] = [
  ['before exclusive', 0],
  ['before cell.overwrite', 0],
  ['after cell.overwrite', 0],
  ['before commit', 0],
  ['after commit', 0],
  ['before cell.overwrite', 1],
  ['after cell.overwrite', 1],
  ['after exclusive', 0],
]

const ENDS = ['goes on', 'is killed'] as const

/** Both ends of each in the nightly run; one of them, in turn, in the normal one. */
const CASES = PLACES.flatMap(([step, after], i) =>
  ENDS.filter((_, j) => size((i + j) % 2, 0) === 0).map(end => [step, after, end] as const),
)

/** Resolves when the system says that it has stopped. */
async function stopped(one: Worker): Promise<void> {
  await heard(one, 'stopping')
  for (;;) {
    const state = execFileSync('ps', ['-o', 'stat=', '-p', String(one.process.pid)], { encoding: 'utf8' })
    if (state.startsWith('T')) return
  }
}

/** A store that waits for the lock as long as any, until it is told to be hasty. */
function notPatient(folder: string): Store & { patient: boolean } {
  const [store, hasty] = [disk(folder), diskStore(folder, { busyAfterMs: 150 })]
  const one = Object.assign(
    withSteps(store, () => {}),
    { patient: true },
  )
  one.open = async () => {
    await Promise.all([store.open(), hasty.open()])
  }
  one.close = async () => {
    await Promise.all([store.close(), hasty.close()])
  }
  one.exclusive = work => (one.patient ? store : hasty).exclusive(work)
  return one
}

describe.skipIf(process.platform === 'win32')('a process that stops while it holds the lock', () => {
  test.each(CASES)(
    '%s (%i) and %s takes nothing from anybody, and holds up only what needs the lock',
    async (step, after, end) => {
      const here = await Place.make(worker, 4)
      place = here
      const [stopping, waiting] = await Promise.all([here.start('stopping'), here.start('waiting')])
      const store = notPatient(here.folder)
      const hasty = await here.open('staff:hasty', store)
      stopping.tell({ what: 'stop-at', step, after })
      stopping.tell({ what: 'ask', number: 1, asked: { do: 'change', key: 'p3x', name: 'Name-stopped' } })
      await stopped(stopping)

      store.patient = false
      // Until the commit reading and adding need no lock. After it, until the old secret is overwritten, whoever wants to
      // read needs the new secret, and that is read with the lock alone: they wait, too, and never see what was before.
      const committed = PLACES.findIndex(([each, n]) => each === step && n === after) >= 4
      const fresh = newContact({ key: 'p9x', fields: { name: 'Name-p9x' }, consents: { call: 'Scan' } })
      const read = async () => {
        await here.ask(hasty, 'hasty', { do: 'list', purpose: 'chat' })
        await here.ask(hasty, 'hasty', { do: 'reveal', key: 'p3x', purpose: 'chat' })
        return hasty.add(fresh as never)
      }
      const busy = { code: 'BUSY' }
      if (committed) await expect(hasty.for('chat').list()).rejects.toMatchObject(busy)
      const reading = committed ? undefined : await read()
      // Forgetting needs it: who can't wait is told so, and who can waits.
      await expect(here.ask(hasty, 'hasty', { do: 'erase', key: 'p2x' })).rejects.toMatchObject(busy)
      store.patient = true
      waiting.tell({ what: 'ask', number: 2, asked: { do: 'withdraw', key: 'p3x', purpose: 'chat' } })
      const later = reading ?? read()
      if (!committed) await here.ask(hasty, 'hasty', { do: 'get', key: 'p3x', purpose: 'chat' })
      expect(waiting.said.some(({ say }) => say === 'answered')).toBe(false)

      if (end === 'goes on') {
        stopping.process.kill('SIGCONT')
        await heard(stopping, 'answered', 1)
      } else {
        await stopping.kill()
      }
      await heard(waiting, 'answered', 2)
      const { id } = await later

      const last = await here.open('staff:last')
      for (const purpose of ['times', 'chat', 'call'] as const)
        await here.ask(last, 'last', { do: 'get', key: 'p3x', purpose })
      await here.ask(last, 'last', { do: 'erase', key: 'p2x' })
      await here.ask(last, 'last', { do: 'exist' })
      expect((await last.for('call').get(id))?.card).toEqual({ name: { full: 'Name-p9x' } })
      const verdict = linearizable(here.history, registerOf(here.initial))
      expect(verdict.linearizable, told(verdict)).toBe(true)
      for (const each of end === 'goes on' ? [stopping, waiting] : [waiting]) {
        each.tell({ what: 'lock' })
        each.noMore()
        expect(await each.ended).toMatchObject({ code: 0, signal: null })
      }
      expect(await strayFiles(here.folder)).toEqual([])
      figures('many', {
        histories: 1,
        operations: here.history.length,
        processes: here.processes,
        'stops with the lock held': 1,
      })
    },
    120_000,
  )
})
