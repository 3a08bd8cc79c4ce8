/**
 * What was forgotten can't be found: an adversary is given every byte that the store ever held, the passphrase and today's
 * cell, and tries every secret on every row. Each scenario runs on three media: one that overwrites, where nothing may
 * be found of what was forgotten and all that was not; and two that are broken on purpose, where everything must be.
 */
import { afterAll, describe, expect, test } from 'vitest'
import { figures } from '../../../../tests/trust/figures'
import { DAYS } from './oracle-days'
import { LEAVING } from './oracle-leaving'
import { look, lookQuickly, type Scenarios, skipsFreeing } from './oracle-look'
import { TROUBLE } from './oracle-trouble'

const SCENARIOS: Scenarios = { ...LEAVING, ...DAYS, ...TROUBLE }

describe('of what was forgotten nothing can be found, and the rest can', () => {
  const counted = { scenarios: 0, 'combinations tried': 0 }
  afterAll(() => figures('oracle', counted))

  test.each(Object.entries(SCENARIOS))('%s', async (_, scenario) => {
    const { found, missing, wrong, tried } = await look(scenario)
    expect(found).toEqual([])
    expect(missing).toEqual([])
    expect(wrong).toEqual([])
    counted.scenarios++
    counted['combinations tried'] += tried
  })
})

describe('on a medium that keeps what is overwritten all of it is found', () => {
  test.each(Object.entries(SCENARIOS))('%s', async (_, scenario) => {
    const { found, all } = await lookQuickly(scenario, { keepOverwrittenCells: true })
    expect(found).toEqual(all)
  })
})

describe('when the old half is not overwritten at the end, it is found', () => {
  const ONE_STEP = ['R19: a person is erased', 'R18: the only consent is withdrawn', 'a name and a number are changed']
  test.each(ONE_STEP)('%s', async name => {
    const { found, all } = await look(SCENARIOS[name] as never, { through: skipsFreeing })
    expect(found).toEqual(all)
  })
})
