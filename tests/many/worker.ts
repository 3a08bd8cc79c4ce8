/** A process that works on a vault that others work on too: a worker of a CRM, or a cron job without a key. */
import { disk } from '@amanat/store-disk'
import { dropExpired, openVault } from '@amanat/vault'
import { testKey } from '@amanat/vault/testing'
import type { KilledVault } from '../kills/act'
import { Chance } from '../kills/chance'
import { newContact, policy } from '../kills/people'
import { hear, say as speak } from '../kills/speak'
import { type Step, withSteps } from '../kills/steps'
import { ask } from './ask'
import { at, clockAhead } from './clock'
import { exportsOf, namesFormat } from './leaving'
import type { Answered, Asked } from './register'
import { Lane } from './throws'

export type Order =
  | {
      readonly what: 'open'
      readonly folder: string
      readonly who: string
      readonly ids: readonly (readonly [string, string])[]
    }
  /** Asks by chance, in so many lanes at once. */
  | { readonly what: 'work'; readonly seed: number; readonly lanes: readonly number[]; readonly each: number }
  | { readonly what: 'ask'; readonly number: number; readonly asked: Asked }
  | { readonly what: 'leave'; readonly number: number }
  /** Purges without a key, again and again; some days pass meanwhile. */
  | { readonly what: 'cron'; readonly folder: string; readonly times: number; readonly days: number }
  | { readonly what: 'import'; readonly refs: readonly string[] }
  /** Stops, as by SIGSTOP, when it comes to this step of the store the next time. */
  | { readonly what: 'stop-at'; readonly step: Step; readonly after: number }
  | { readonly what: 'lock' }

export type Said =
  | { readonly say: 'ready' | 'open' | 'worked' | 'locked' | 'stopping' }
  | {
      readonly say: 'asked'
      readonly who: string
      readonly number: number
      readonly start: number
      readonly asked: Asked
    }
  | {
      readonly say: 'answered'
      readonly number: number
      readonly who: string
      readonly end: number
      readonly answered: Answered
    }
  | { readonly say: 'left'; readonly number: number; readonly left: Awaited<ReturnType<typeof exportsOf>> }
  | { readonly say: 'imported'; readonly rows: readonly { ref?: string; id?: string; outcome: string }[] }
  | { readonly say: 'failed'; readonly why: string }

const say = (said: Said) => speak(said)
const formats = { names: namesFormat(() => {}) }

let vault: KilledVault | undefined
let who = ''
let ids = new Map<string, string>()
let stop: { step: Step; after: number } | undefined

const seen = (step: Step) => {
  if (stop?.step !== step || stop.after-- > 0) return
  stop = undefined
  say({ say: 'stopping' })
  process.kill(process.pid, 'SIGSTOP')
}

async function one(lane: string, number: number, asked: Asked): Promise<Answered> {
  say({ say: 'asked', who: lane, number, start: at(), asked })
  const answered = await ask(vault as KilledVault, asked, ids)
  say({ say: 'answered', who: lane, number, end: at(), answered })
  return answered
}

async function carryOut(order: Order): Promise<void> {
  switch (order.what) {
    case 'open': {
      who = order.who
      ids = new Map(order.ids)
      const store = withSteps(disk(order.folder), seen)
      vault = await openVault({ store, unlock: testKey(), policy, actor: who, clock: clockAhead(0), formats })
      return say({ say: 'open' })
    }
    case 'work': {
      const lanes = order.lanes.map(
        number => new Lane(`${who}/${number}`, number, [...ids.keys()], new Chance(order.seed + number)),
      )
      await Promise.all(
        lanes.map(async lane => {
          for (let number = 0; number < order.each; number++) {
            const asked = lane.next()
            lane.heard(asked, await one(lane.who, number, asked))
          }
        }),
      )
      return say({ say: 'worked' })
    }
    case 'ask':
      await one(who, order.number, order.asked)
      return
    case 'leave':
      return say({ say: 'left', number: order.number, left: await exportsOf(vault as KilledVault) })
    case 'cron': {
      for (let time = 1; time <= order.times; time++) {
        const store = disk(order.folder)
        await dropExpired(store, { clock: clockAhead(Math.floor((time * order.days) / order.times)) })
        await store.close()
      }
      return say({ say: 'worked' })
    }
    case 'import': {
      const people = order.refs.map(key =>
        newContact({ key, fields: { name: `Name-${key}` }, consents: { times: 'Scan' } }),
      )
      const { rows } = await (vault as KilledVault).addMany(people as never)
      return say({ say: 'imported', rows })
    }
    case 'stop-at':
      stop = { step: order.step, after: order.after }
      return
    case 'lock':
      await vault?.lock()
      return say({ say: 'locked' })
  }
}

hear<Order>(carryOut)
say({ say: 'ready' })
