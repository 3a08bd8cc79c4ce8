/** What a process on disk is told to do, and by which keys it opens the vault. */
import { passphrase, type Unlock } from '@amanat/vault'
import { testKey } from '@amanat/vault/testing'
import type { Operation } from './acknowledged'

export interface Order {
  readonly what: 'create' | 'use' | 'destroy'
  readonly folder: string
  readonly narrowed: boolean
  readonly day: number
  /** Which unlocking it is opened with. */
  readonly slot: number
  readonly words: boolean
  readonly ids: readonly (readonly [key: string, id: string])[]
  readonly steps: readonly (readonly Operation[])[]
  /** Operations are numbered from here on. */
  readonly first: number
  /** A file in which each batch is kept that was committed, whatever becomes of it in the store. */
  readonly batches?: string
  /** Kills itself at so many calls of the store, before or after the call; never, if absent. */
  readonly killAt?: number
  readonly thenLock?: boolean
  /** For the tests of these tests: a library that acknowledges before it has done it, a disk that keeps old cells. */
  readonly broken?: 'acknowledges-early' | 'keeps-old-cells'
}

/** A key that costs nothing, or words that cost what they cost everybody. */
export const unlockOf = (words: boolean, slot: number): Unlock =>
  words ? passphrase(`seven tired otters carry lanterns home ${slot}`) : testKey(slot)

interface BatchRow {
  readonly table: string
  readonly id: Uint8Array
  readonly bucket: number
  readonly bytes: Uint8Array
}

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')
const bytesOf = (base64: string) => new Uint8Array(Buffer.from(base64, 'base64'))

/** A batch as one line of a file. */
export const batchLine = (root: Uint8Array, put: readonly BatchRow[]): string =>
  `${JSON.stringify([text(root), put.map(({ table, id, bucket, bytes }) => [table, text(id), bucket, text(bytes)])])}\n`

/** The batches of a file; a last line that was cut off is none. */
export function batchesIn(file: string): { root: Uint8Array; put: BatchRow[] }[] {
  return file
    .split('\n')
    .slice(0, -1)
    .map(line => {
      const [root, put] = JSON.parse(line) as [string, [string, string, number, string][]]
      return {
        root: bytesOf(root),
        put: put.map(([table, id, bucket, bytes]) => ({ table, id: bytesOf(id), bucket, bytes: bytesOf(bytes) })),
      }
    })
}
