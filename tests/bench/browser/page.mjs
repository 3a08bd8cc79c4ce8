// What the page of a benchmark can do: one candidate, one launch, called from outside.
import { candidate } from 'bench:candidate'
import { loadAll, workThrough } from '../operations.mjs'

globalThis.bench = async ({ phase, count, seed, round, ...more }) => {
  const it = await candidate()
  if (phase === 'load') return loadAll(it, count, seed)
  if (phase === 'work') return workThrough(it, count, seed, round)
  return it[phase]({ count, seed, round, ...more })
}
