/** A vault that is being made, and a crash at every step: it is there and whole, or it can be made. */
import { createVault, openAnyVault, vaultExists } from '@amanat/vault'
import { testKey } from '@amanat/vault/testing'
import { expect, test } from 'vitest'
import { figures } from '../trust/figures'
import { SimulatedTime } from './clock'
import { Disk, type Fates } from './disk'
import { FATES } from './fates'
import { Seeded } from './random'
import { Scheduler } from './scheduler'
import { REPLAYED } from './seeds'
import { SimulatedStore } from './store'
import { ACTOR, cardOf, consentTo, DAY, policy, prepare, START } from './world'

const random = new Seeded(1, 2)
const time = new SimulatedTime(START, () => undefined)
const common = {
  unlock: testKey(),
  actor: ACTOR,
  clock: time.clock(0),
  randomness: (length: number) => random.bytes(length),
}

/** Answers how many steps were taken. */
async function make(disk: Disk, crash: number, fates: Fates = FATES['all lost']): Promise<number> {
  const scheduler: Scheduler = new Scheduler(
    {
      choose: ([first]) => first as number,
      among: () => 0,
      happens: (_, __, number) => (number === crash ? { kind: 'power' } : undefined),
      power: () => disk.power(fates),
      time: () => undefined,
    },
    undefined,
  )
  const store = new SimulatedStore(disk, scheduler.gate(0))
  scheduler.put(0, store)
  let made = false
  await scheduler.run([
    async () => {
      await createVault({ ...common, store, policy })
      made = true
    },
  ])
  expect(made).toBe(crash < 0)
  return scheduler.steps
}

test.skipIf(REPLAYED !== undefined)(
  'a vault that is being made is there after a crash, or can be made',
  async () => {
    // Loads what is loaded once: nothing may come from outside while steps are counted.
    await prepare()
    const steps = await make(new Disk(), -1)
    let crashes = 0
    for (let step = 0; step < steps; step++) {
      for (const [how, fates] of Object.entries(FATES)) {
        const disk = new Disk()
        await make(disk, step, fates)
        crashes++
        const store = new SimulatedStore(disk, async () => undefined)
        if (!(await vaultExists(store))) await (await createVault({ ...common, store, policy })).lock()
        const vault = await openAnyVault({ ...common, store })
        const ask = { purpose: 'news', until: START - (START % DAY) + 9 * DAY, evidence: undefined } as const
        await vault.add({ card: cardOf(['name', 'phones'], 1), consents: [consentTo(ask)], source: 'list' })
        const { people } = await vault.for('news').list()
        expect(
          people.map(({ name }) => name),
          `crash before step ${step} of ${steps}, ${how}`,
        ).toEqual(['name1q'])
      }
    }
    expect(crashes).toBeGreaterThan(20)
    figures('simulation', { 'crash points': crashes })
  },
  600_000,
)
