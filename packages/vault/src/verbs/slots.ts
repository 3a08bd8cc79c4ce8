/**
 * Ways of unlocking. Adding one wraps the root key once more. Changing or removing one makes a new root key, wrapped for
 * the ways that stay, and a new epoch: the old way opens nothing from then on, and no page is encrypted again.
 */
import { createSlot, readSlot, rewrapSlot, Secret, type Unlock, type UnlockKind } from '@amanat/crypto'
import { checkedLabel } from '../actor'
import { sameBytes } from '../bytes'
import type { Draft } from '../commit/draft'
import type { ListedSlot } from '../commit/ring-root'
import { newRowId } from '../commit/rows'
import { slotHash } from '../commit/seal-draft'
import { VaultError } from '../errors'
import { hexId, hexIdBytes } from '../hex-id'
import type { Session } from '../session'
import { formatInstant } from '../time/calendar'

export interface SlotView {
  readonly id: string
  readonly kind: UnlockKind
  readonly label: string
  readonly added: string
}

const MOST_SLOTS = 8

/** The slots that this vault made, with their rows; one that somebody else put beside them is not among them. */
export async function slotRows(draft: Draft): Promise<{ listed: ListedSlot; bytes: Uint8Array }[]> {
  const { opened } = draft
  // This vault's own commits may change both while the rows are read.
  const { slots, version } = opened
  const rows = await opened.store.read(
    'slots',
    slots.map(slot => slot.id),
  )
  if (rows.includes(undefined)) throw await opened.rows.gone('slots', version)
  return slots.map((listed, i) => {
    const bytes = rows[i] as Uint8Array
    if (!sameBytes(slotHash(bytes), listed.hash)) throw new VaultError('CORRUPT', { data: { row: 'slots' } })
    return { listed, bytes }
  })
}

const viewOf = (listed: ListedSlot, bytes: Uint8Array): SlotView => ({
  id: hexId(listed.id),
  kind: readSlot(bytes).kind,
  label: listed.label,
  added: formatInstant(listed.added),
})

export async function listSlots(session: Session): Promise<SlotView[]> {
  return session.read(async draft => (await slotRows(draft)).map(({ listed, bytes }) => viewOf(listed, bytes)))
}

/** @throws VaultError `TOO_MANY_SLOTS` */
export async function addSlot(session: Session, unlock: Unlock, label: string, actor: string): Promise<SlotView> {
  checkedLabel(label)
  session.mustBeOpen()
  for (;;) {
    const { vaultId, rootKey, randomness } = session.opened
    // Deriving takes its time: before the turn to commit comes, and again if the root key changed meanwhile.
    const { slot, publicKey } = await createSlot({ vaultId, rootKey, unlock, randomness }).catch(error => {
      // Locked meanwhile, and the root key wiped.
      session.mustBeOpen()
      throw error
    })
    const added = await session.commit({
      alone: true,
      plan: async draft => {
        if (draft.opened.rootKey !== rootKey) return undefined
        const listed = await newSlot(draft, slot, publicKey, label)
        const slots = [...draft.opened.slots, listed]
        if (slots.length > MOST_SLOTS) throw new VaultError('TOO_MANY_SLOTS', { data: { most: MOST_SLOTS } })
        draft.slotChange = { rootKey, slots, put: [{ id: listed.id, bytes: slot }], drop: [] }
        draft.note({ type: 'slot-added', actor, slot: listed.id, kind: readSlot(slot).kind })
        return viewOf(listed, slot)
      },
    })
    if (added) return added
  }
}

/** @throws VaultError `LAST_SLOT`, `UNKNOWN_SLOT` */
export async function removeSlot(session: Session, id: string, actor: string): Promise<void> {
  await session.commit({
    forgets: true,
    alone: true,
    plan: async draft => {
      const rows = await slotRows(draft)
      const gone = find(rows, id)
      if (rows.length === 1) throw new VaultError('LAST_SLOT')
      const rootKey = Secret.random<'root-key'>(draft.opened.randomness)
      rekey(
        draft,
        rows.filter(row => row !== gone),
        [gone.listed.id],
        rootKey,
      )
      draft.note({ type: 'slot-removed', actor, slot: gone.listed.id, kind: readSlot(gone.bytes).kind })
    },
  })
}

/** Another passphrase in place of the old one: nothing is encrypted again but the root. @throws VaultError `UNKNOWN_SLOT` */
export async function replaceSlot(session: Session, id: string, unlock: Unlock, actor: string): Promise<SlotView> {
  session.mustBeOpen()
  const { vaultId, randomness } = session.opened
  const rootKey = Secret.random<'root-key'>(randomness)
  const { slot, publicKey } = await createSlot({ vaultId, rootKey, unlock, randomness })
  return session.commit({
    forgets: true,
    alone: true,
    plan: async draft => {
      const rows = await slotRows(draft)
      const old = find(rows, id)
      const listed = await newSlot(draft, slot, publicKey, old.listed.label)
      rekey(
        draft,
        rows.filter(row => row !== old),
        [old.listed.id],
        rootKey,
        { listed, bytes: slot },
      )
      draft.note({ type: 'slot-replaced', actor, slot: old.listed.id, by: listed.id, kind: readSlot(slot).kind })
      return viewOf(listed, slot)
    },
  })
}

/** A new root key for the ways that stay. Their rows are written anew, like every row that changes. */
function rekey(
  draft: Draft,
  staying: readonly { listed: ListedSlot; bytes: Uint8Array }[],
  dropped: readonly Uint8Array[],
  rootKey: Secret<'root-key'>,
  added?: { listed: ListedSlot; bytes: Uint8Array },
): void {
  const { vaultId, randomness } = draft.opened
  const rewrapped = staying.map(({ listed, bytes }) => {
    const slot = rewrapSlot({ slot: bytes, publicKey: listed.publicKey, vaultId, rootKey, randomness })
    return { listed: { ...listed, id: newRowId(randomness), hash: slotHash(slot) }, bytes: slot }
  })
  const all = added ? [...rewrapped, added] : rewrapped
  draft.slotChange = {
    rootKey,
    slots: all.map(({ listed }) => listed),
    put: all.map(({ listed, bytes }) => ({ id: listed.id, bytes })),
    drop: [...staying.map(({ listed }) => listed.id), ...dropped],
  }
  draft.forgets = true
}

async function newSlot(draft: Draft, slot: Uint8Array, publicKey: Uint8Array, label: string): Promise<ListedSlot> {
  return { id: newRowId(draft.opened.randomness), hash: slotHash(slot), publicKey, label, added: draft.now }
}

function find(rows: readonly { listed: ListedSlot; bytes: Uint8Array }[], id: string) {
  const bytes = hexIdBytes(id)
  const found = bytes && rows.find(({ listed }) => sameBytes(listed.id, bytes))
  if (!found) throw new VaultError('UNKNOWN_SLOT')
  return found
}
