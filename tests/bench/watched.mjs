// A store that is watched: how long the vault waits for it, and how many bytes a commit writes. The port is public; the vault sees
// no difference.

/** Milliseconds waited for the store since `wipe`, and the size of each row of the commits. */
export function createWatch() {
  const watch = {
    commit: 0,
    cell: 0,
    read: 0,
    commits: [],
    wipe: () => Object.assign(watch, { commit: 0, cell: 0, read: 0, commits: [] }),
    /** The rows of the commit of middling size, the root among them. */
    written() {
      const total = sizes => sizes.reduce((sum, size) => sum + size, 0)
      const sorted = watch.commits.toSorted((a, b) => total(a) - total(b))
      return sorted[sorted.length >> 1]
    },
  }
  return watch
}

export function watched(store, watch) {
  const timed =
    (part, act) =>
    async (...args) => {
      const start = performance.now()
      try {
        return await act(...args)
      } finally {
        watch[part] += performance.now() - start
      }
    }
  return {
    name: store.name,
    cell: {
      create: halves => store.cell.create(halves),
      read: timed('cell', half => store.cell.read(half)),
      overwrite: timed('cell', (half, bytes) => store.cell.overwrite(half, bytes)),
    },
    open: () => store.open(),
    root: timed('read', () => store.root()),
    read: timed('read', (table, ids) => store.read(table, ids)),
    scan: (table, from) => store.scan(table, from),
    commit: timed('commit', batch => {
      watch.commits.push([...batch.put.map(row => row.bytes.length), batch.root.length])
      return store.commit(batch)
    }),
    dropRows: (table, before) => store.dropRows(table, before),
    watch: listener => store.watch(listener),
    exclusive: work => store.exclusive(work),
    guarantees: () => store.guarantees(),
    destroy: () => store.destroy(),
    close: () => store.close(),
  }
}
