/**
 * Another process on the same folder, for tests: does what its parent tells it, one message at a time, and answers.
 * Started with the address of the built store and the folder.
 */
const [built, folder, busyAfterMs] = process.argv.slice(2)
const { diskStore } = await import(built)
const store = diskStore(folder, busyAfterMs ? { busyAfterMs: Number(busyAfterMs) } : {})
const id = n => {
  const bytes = new Uint8Array(16)
  new DataView(bytes.buffer).setUint32(12, n)
  return bytes
}
let letGo = () => {}

const orders = {
  open: () => store.open(),
  /** Opens and closes another folder, so many times; answers how many. */
  visit: async ({ place, times }) => {
    for (let time = 0; time < times; time++) {
      const visited = diskStore(place)
      await visited.open()
      await visited.close()
    }
    return times
  },
  version: async () => (await store.root())?.version,
  read: async ({ n }) => (await store.read('pages', [id(n)]))[0]?.length,
  commitOn: ({ expect, n }) => {
    const row = { table: 'pages', id: id(n), bucket: 1, bytes: new Uint8Array(1) }
    return store.commit({ expect, root: new Uint8Array(1), put: [row], drop: [] })
  },
  /** Commits row `n`, on whatever version there is, until it is in; answers how often it was too late. */
  add: async ({ n, size }) => {
    for (let late = 0; ; late++) {
      const expect = (await store.root())?.version ?? null
      const row = { table: 'pages', id: id(n), bucket: 1, bytes: new Uint8Array(size) }
      if ((await store.commit({ expect, root: new Uint8Array(1), put: [row], drop: [] })) === 'committed') return late
    }
  },
  /** Never ends: tells each version once it was promised. */
  addForEver: async ({ from }) => {
    for (let n = from; ; n++) {
      await orders.add({ n, size: 5000 })
      process.send({ promised: n })
    }
  },
  count: ({ times }) => count(store, times),
  hold: () =>
    new Promise((resolve, reject) => {
      const work = () =>
        new Promise(done => {
          letGo = done
          resolve('held')
        })
      store.exclusive(work).catch(reject)
    }),
  letGo: () => letGo(),
  wait: () => store.exclusive(async () => 'mine'),
  heard: () => new Promise(resolve => store.watch(() => resolve('heard'))),
  exit: ({ code }) => process.exit(code),
  end: () => process.disconnect(),
}

/** Adds one to the number in the cell, `times` times, each time as one step. */
async function count(store, times) {
  for (let n = 0; n < times; n++) {
    await store.exclusive(async () => {
      const half = await store.cell.read(0)
      new DataView(half.buffer).setUint32(0, new DataView(half.buffer).getUint32(0) + 1)
      await store.cell.overwrite(0, half)
    })
  }
}

process.on('message', async ({ order, number, ...rest }) => {
  try {
    const value = await orders[order](rest)
    if (process.connected) process.send({ number, value })
  } catch (error) {
    if (process.connected) process.send({ number, code: error.code ?? String(error), message: error.message })
  }
})
process.send({ ready: true })
