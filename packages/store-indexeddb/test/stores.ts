/** Stores for tests: each on a vault of its own, so that no test finds what another left. */
import type { Row, RowId, Store, Table } from '@amanat/store-contract'
import type { StoreUnderTest } from '@amanat/store-contract/suite'
import { type IndexedDbOptions, indexedDb } from '../src'

let made = 0

export function freshName(): string {
  return `test ${++made} ${crypto.randomUUID()}`
}

export function underTest(options?: IndexedDbOptions): StoreUnderTest & { readonly name: string } {
  const name = freshName()
  const handedOut: Store[] = []
  const hand = () => {
    const store = indexedDb(name, options)
    handedOut.push(store)
    return store
  }
  return {
    name,
    store: hand(),
    another: async () => hand(),
    remove: async () => {
      for (const store of handedOut) await store.close()
      await indexedDb(name, options).destroy()
    },
  }
}

/** A worker that says there is no OPFS, as in a private window; the rest it must not be asked. */
export function workerWithoutOpfs(): Worker {
  const code = `onmessage = ({ data }) => {
    if (data.act === 'able') postMessage({ id: data.id, answer: false })
    else postMessage({ id: data.id, error: { name: 'Error', message: 'asked for ' + data.act } })
  }`
  return new Worker(URL.createObjectURL(new Blob([code], { type: 'text/javascript' })))
}

/** Big-endian, so that ids stand in the order of their numbers. */
export function id(n: number): RowId {
  const bytes = new Uint8Array(16)
  new DataView(bytes.buffer).setUint32(12, n)
  return bytes
}

export function row(table: Table, n: number, bytes: Uint8Array = Uint8Array.of(n)): Row {
  return { table, id: id(n), bucket: n, bytes }
}

export function half(n: number): Uint8Array {
  return new Uint8Array(4096).fill(n)
}
