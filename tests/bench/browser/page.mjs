// What the page of a benchmark can do: one candidate, one launch, called from outside.
import { loadAll, workThrough } from '../operations.mjs'
import { BROWSER } from './candidates.mjs'

globalThis.bench = async ({ name, phase, count, seed, round }) => {
  const candidate = await BROWSER[name]()
  return phase === 'load' ? loadAll(candidate, count, seed) : workThrough(candidate, count, seed, round)
}
