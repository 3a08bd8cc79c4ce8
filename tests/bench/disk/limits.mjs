// LMDB by itself, without anything in front of it.
import { open } from 'lmdb'
import { limitsOf } from '../limits.mjs'

export function limitsCandidate(dir) {
  const db = open({ path: dir, overlappingSync: false, encoding: 'binary' })
  let next = 1
  const engine = {
    words: 'LMDB',
    write: rows =>
      db.transaction(() => {
        for (const row of rows.slice(0, -1)) db.put(next++, row)
        db.put(0, rows.at(-1))
      }),
    close: () => db.close(),
  }
  return { limits: call => limitsOf(engine, call) }
}
