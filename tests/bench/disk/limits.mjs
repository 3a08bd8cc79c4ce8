// LMDB and a file by themselves, without anything in front of them.
import { open as openFile } from 'node:fs/promises'
import { open } from 'lmdb'
import { limitsOf } from '../limits.mjs'

export function limitsCandidate(dir) {
  const db = open({ path: dir, overlappingSync: false, encoding: 'binary' })
  let next = 1
  let file
  const engine = {
    words: 'LMDB',
    write: rows =>
      db.transaction(() => {
        for (const row of rows.slice(0, -1)) db.put(next++, row)
        db.put(0, rows.at(-1))
      }),
    read: async () => db.get(0),
    async overwrite(bytes) {
      file ??= await openFile(`${dir}.cell`, 'w+')
      await file.write(bytes, 0, bytes.length, 0)
      await file.datasync()
    },
    async close() {
      await file?.close()
      await db.close()
    },
  }
  return { limits: call => limitsOf(engine, call) }
}
