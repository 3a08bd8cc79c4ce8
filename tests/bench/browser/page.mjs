// What the page of a benchmark can do: one candidate, one launch, called from outside.
import { candidate } from 'bench:candidate'
import { loadAll, workThrough } from '../operations.mjs'

globalThis.bench = async ({ phase, ...call }) => {
  const it = await candidate()
  if (phase === 'load') return loadAll(it, call)
  if (phase === 'work') return workThrough(it, call)
  return it[phase](call)
}
