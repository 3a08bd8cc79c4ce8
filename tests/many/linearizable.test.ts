/** The checker of histories, on histories whose verdict is known, and against trying every order. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { figures } from '../trust/figures'
import { linearizable, type Thing, type Timed, told } from './linearizable'

type Asked = { readonly write: number } | 'read' | { readonly from: number; readonly to: number }
type Answer = number | 'done' | 'refused'

/** A number that can be read, written, and replaced if it is still another one. */
const register: Thing<number, Asked, Answer> = {
  initial: 0,
  key: String,
  step(state, asked, answered) {
    if (asked === 'read') return answered === undefined || answered === state ? [state] : []
    if ('write' in asked) return answered === undefined || answered === 'done' ? [asked.write] : []
    const after = state === asked.from ? asked.to : state
    const says = state === asked.from ? 'done' : 'refused'
    return answered === undefined || answered === says ? [after] : []
  },
}

type Op = Timed<Asked, Answer>
const op = (who: string, start: number, end: number | undefined, asked: Asked, answered?: Answer): Op => ({
  who,
  start,
  ...(end === undefined ? {} : { end }),
  asked,
  ...(answered === undefined ? {} : { answered }),
})
const write = (who: string, start: number, end: number | undefined, value: number) =>
  op(who, start, end, { write: value }, end === undefined ? undefined : 'done')
const read = (who: string, start: number, end: number, value: number) => op(who, start, end, 'read', value)
const swap = (who: string, start: number, end: number | undefined, from: number, to: number, answered?: Answer) =>
  op(who, start, end, { from, to }, answered)

const GOOD: { readonly [name: string]: readonly Op[] } = {
  'that is empty': [],
  'of one after the other': [write('a', 0, 1, 5), read('b', 2, 3, 5)],
  'where a read overlaps a write and sees what was before': [write('a', 0, 10, 5), read('b', 2, 3, 0)],
  'where a read overlaps a write and sees it': [write('a', 0, 10, 5), read('b', 2, 3, 5)],
  'where two writes overlap and the readers agree on their order': [
    write('a', 0, 10, 1),
    write('b', 0, 10, 2),
    read('c', 11, 12, 1),
    read('c', 13, 14, 1),
  ],
  'where of two that replace the same value one is refused': [
    swap('a', 0, 10, 0, 1, 'done'),
    swap('b', 0, 10, 0, 2, 'refused'),
    read('c', 11, 12, 1),
  ],
  'where a write that was never answered is seen late': [
    write('a', 0, undefined, 5),
    read('b', 100, 101, 0),
    read('b', 200, 201, 5),
  ],
  'where a write that was never answered never happened': [write('a', 0, undefined, 5), read('b', 100, 101, 0)],
  'that only fits when the one that began last comes first': [
    read('a', 0, 10, 2),
    write('b', 1, 10, 1),
    write('c', 2, 10, 2),
    read('d', 11, 12, 1),
  ],
}

const BAD: { readonly [name: string]: readonly Op[] } = {
  'where a read begins after a write was answered and misses it': [write('a', 0, 1, 5), read('b', 2, 3, 0)],
  'where a value goes back after it was seen': [write('a', 0, 10, 5), read('b', 1, 2, 5), read('c', 3, 4, 0)],
  'where two readers see two writes in different orders': [
    write('a', 0, 10, 1),
    write('b', 0, 10, 2),
    read('c', 11, 12, 1),
    read('d', 13, 14, 2),
  ],
  'where two replace the same value and both are done: an update is lost': [
    swap('a', 0, 10, 0, 1, 'done'),
    swap('b', 0, 10, 0, 2, 'done'),
  ],
  'where somebody is refused for no reason': [swap('a', 0, 1, 0, 1, 'refused')],
  'where a value is read that nobody wrote': [write('a', 0, 10, 1), read('b', 0, 10, 7)],
  'where a write that was never answered is seen and then unseen': [
    write('a', 0, undefined, 5),
    read('b', 100, 101, 5),
    read('b', 200, 201, 0),
  ],
  'where a write is seen before it began': [read('b', 0, 1, 5), write('a', 2, undefined, 5)],
}

describe('a history', () => {
  test.each(Object.entries(GOOD))('%s fits', (_, history) => {
    const verdict = linearizable(history, register)
    expect(told(verdict)).toContain('fits, in')
    expect(verdict.linearizable).toBe(true)
  })

  test.each(Object.entries(BAD))('%s does not fit', (_, history) => {
    const verdict = linearizable(history, register)
    expect(verdict.linearizable).toBe(false)
    expect(told(verdict)).toContain('none of these can follow')
  })

  test('gets the verdict that trying every order gives', () => {
    let fitting = 0
    let checked = 0
    const some = fc.array(
      fc.record({
        start: fc.integer({ min: 0, max: 12 }),
        length: fc.option(fc.integer({ min: 0, max: 8 }), { nil: undefined }),
        kind: fc.constantFrom('read', 'write', 'swap'),
        one: fc.integer({ min: 0, max: 2 }),
        two: fc.integer({ min: 0, max: 2 }),
        yes: fc.boolean(),
      }),
      { minLength: 1, maxLength: 6 },
    )
    fc.assert(
      fc.property(some, drawn => {
        const history = drawn.map(({ start, length, kind, one, two, yes }, i) => {
          const end = length === undefined ? undefined : start + length
          if (kind === 'write') return write(`${i}`, start, end, one)
          if (kind === 'read') return end === undefined ? write(`${i}`, start, end, one) : read(`${i}`, start, end, one)
          return swap(`${i}`, start, end, one, two, end === undefined ? undefined : yes ? 'done' : 'refused')
        })
        const expected = byEveryOrder(history, register.initial)
        checked++
        if (expected) fitting++
        expect(linearizable(history, register).linearizable).toBe(expected)
      }),
      { numRuns: 3000 },
    )
    // Neither all nor nothing: else this would compare two constants.
    expect(fitting).toBeGreaterThan(checked / 20)
    expect(fitting).toBeLessThan(checked * 0.95)
    figures('many', { 'small histories checked twice': checked })
  })

  test('of thousands of operations is checked without trying every order', () => {
    const history: Op[] = []
    let value = 0
    for (let i = 0; i < 5000; i++) {
      const start = 10 * i
      history.push(write('a', start, start + 9, ++value))
      history.push(read('b', start + 1, start + 9, value))
      history.push(read('c', start + 2, start + 8, value - 1))
    }
    expect(linearizable(history, register).linearizable).toBe(true)
    history.push(read('d', 100_000, 100_001, 7))
    expect(linearizable(history, register).linearizable).toBe(false)
  })
})

/** Each subset of what was never answered, each order, each time from the beginning. */
function byEveryOrder(left: readonly Op[], state: number): boolean {
  if (left.every(({ end }) => end === undefined)) return true
  return left.some((first, i) => {
    const others = left.filter((_, j) => j !== i)
    if (others.some(({ end }) => end !== undefined && end < first.start)) return false
    return register.step(state, first.asked, first.answered).some(after => byEveryOrder(others, after))
  })
}
