/** The page of the browser's part: restores what is handed to it piece by piece, and hands a backup over the same way. */
import { indexedDb } from '@amanat/store-indexeddb'
import { openVault, type Restored, restoreVault } from '@amanat/vault'
import {
  actor,
  asMembers,
  clockAt,
  damagedIn,
  type Everything,
  everything,
  type Members,
  newKey,
  oldKey,
} from './people'

/** What the page is given by whoever drives it: the next piece of a file, as letters of a byte each; and a place for one. */
declare function nextPiece(): Promise<string | null>
declare function takePiece(letters: string): Promise<void>

export interface Page {
  restore(): Promise<Restored>
  look(
    ids: readonly string[],
  ): Promise<{ readonly all: Everything; readonly damaged: readonly string[]; readonly cell: string }>
  backUp(): Promise<string>
  lock(): Promise<void>
}

const NAME = 'members'
const clock = clockAt()
let vault: Members

const bytesOf = (letters: string) => Uint8Array.from(letters, letter => letter.charCodeAt(0))
const AT_ONCE = 8192
function lettersOf(bytes: Uint8Array): string {
  let letters = ''
  for (let at = 0; at < bytes.length; at += AT_ONCE) letters += String.fromCharCode(...bytes.subarray(at, at + AT_ONCE))
  return letters
}

const page: Page = {
  async restore() {
    const from = new ReadableStream<Uint8Array>(
      {
        async pull(controller) {
          const letters = await nextPiece()
          if (letters === null) controller.close()
          else controller.enqueue(bytesOf(letters))
        },
      },
      { highWaterMark: 0 },
    )
    const store = indexedDb(NAME)
    const done = await restoreVault({ store, from, backupUnlock: oldKey, unlock: newKey, actor, clock })
    await store.close()
    vault = await openVault({ ...asMembers, store: indexedDb(NAME), unlock: newKey, clock })
    return done
  },
  async look(ids) {
    return {
      all: await everything(vault, ids),
      damaged: await damagedIn(vault),
      cell: (await vault.guarantees()).cell,
    }
  },
  async backUp() {
    const { id, file } = await vault.backup()
    const reader = file.getReader()
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return id
      await takePiece(lettersOf(value))
    }
  },
  lock: () => vault.lock(),
}

Object.assign(globalThis, { page })
