import { expect } from 'vitest'

const drawn = new Map<string, number>()

/**
 * A seed for the next vault of the test that is running: another one for each, and the same in each run, in whatever order test files
 * share a worker. A suppression stops one innocent number in a hundred: whether it does mustn't depend on who ran before.
 *
 * @param hook its name, where a hook makes the vault: no test is running then, and the last one of another file may still be told
 */
export function seedOfTest(hook?: string): number {
  const { currentTestName = '', testPath = '' } = expect.getState()
  const test = hook ?? `${testPath.split(/[\\/]/).at(-1)} ${currentTestName}`
  const number = (drawn.get(test) ?? 0) + 1
  drawn.set(test, number)
  let hash = number
  for (const letter of test) hash = (Math.imul(hash, 31) + (letter.codePointAt(0) as number)) >>> 0
  return hash
}
