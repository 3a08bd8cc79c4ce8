/** Turns: one at a time, in the order of asking, whatever becomes of those before. */
import { expect, it } from 'vitest'
import { Turns } from '../../src/commit/turns'

it('takes each turn after the one before has ended, and answers each with its own', async () => {
  const turns = new Turns()
  const steps: string[] = []
  const work = (name: string) => async () => {
    steps.push(`${name} begins`)
    await Promise.resolve()
    await Promise.resolve()
    steps.push(`${name} ends`)
    return name
  }
  expect(await Promise.all(['a', 'b', 'c'].map(name => turns.take(work(name))))).toEqual(['a', 'b', 'c'])
  expect(steps).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends'])
})

it('goes on after a turn that failed, and tells only who took it', async () => {
  const turns = new Turns()
  const [failed, next] = await Promise.allSettled([
    turns.take(async () => {
      throw new Error('no')
    }),
    turns.take(async () => 'next'),
  ])
  expect(failed).toMatchObject({ status: 'rejected', reason: { message: 'no' } })
  expect(next).toEqual({ status: 'fulfilled', value: 'next' })
})
