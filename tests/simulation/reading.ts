/**
 * What is live in a vault, read twice: by the second reader of the format, from the bytes alone, and through the doors of
 * the vault. Both must show the same people; of these, their fields and until when.
 */
import type { AnyVault } from '@amanat/vault'
import { decode } from 'cborg'
import { everythingIn, type Haul, type Image, type Opening } from '../../packages/vault/test/protocol/adversary'
import { ALL, type Field, type Purpose } from './world'

/** A way to unlock, as the second reader takes it. */
export const openingOf = (key: number): Opening => ({ secretKey: new Uint8Array(32).fill(key) })

export interface Seen {
  readonly id: string
  readonly words: { readonly [field in Field]?: string }
  /** Until when they stay, for each purpose or in quarantine. */
  readonly until: { readonly [where in Purpose | 'quarantine']?: number }
}

export interface Reading {
  readonly people: readonly Seen[]
  readonly haul: Haul
}

/** Fields of every person in pages that open, from the bytes: by their ids in hexadecimal. */
export async function bytesOf(
  image: Image,
  keys: readonly number[],
): Promise<{ haul: Haul; cards: Map<string, Seen['words']> }> {
  const haul = await everythingIn(withoutFree(image), keys.map(openingOf))
  const cards = new Map<string, Seen['words']>()
  for (const { where, bytes } of haul.found) {
    if (where !== 'pages') continue
    const fields = new DataView(bytes.buffer, bytes.byteOffset)
    for (let slot = 0; slot < fields.getUint16(2, true); slot++) {
      const [from, to] = [fields.getUint32(4 + 4 * slot, true), fields.getUint32(8 + 4 * slot, true)]
      const { i, d = {} } = decode(bytes.subarray(from, to)) as Slice
      const id = Buffer.from(i).toString('hex')
      const before = cards.get(id) ?? {}
      const words = {
        ...(d.name ? { name: d.name.full } : {}),
        ...(d.phones?.p1 ? { phones: d.phones.p1.number } : {}),
        ...(d.notes?.n1 ? { notes: d.notes.n1.note } : {}),
      }
      for (const field of Object.keys(words)) if (field in before) throw new Error(`${id} has two of ${field}`)
      cards.set(id, { ...before, ...words })
    }
  }
  return { haul, cards }
}

interface Slice {
  readonly i: Uint8Array
  readonly d?: {
    readonly name?: { readonly full: string }
    readonly phones?: { readonly p1?: { readonly number: string } }
    readonly notes?: { readonly n1?: { readonly note: string } }
  }
}

/** Sectors that say of themselves that they are free hold nothing: leaving them out saves most of the trying. */
const withoutFree = (image: Image): Image => ({
  ...image,
  halves: image.halves.filter(half => half[3] !== 'F'.charCodeAt(0)),
})

/** Who is seen through the doors, and in quarantine. */
export async function doorsOf(vault: AnyVault): Promise<Map<string, { name: string; until: Seen['until'] }>> {
  const people = new Map<string, { name: string; until: Seen['until'] }>()
  for (const purpose of ALL) {
    for (const { id, name = '', until } of (await vault.for(purpose).list({ sort: 'until' })).people) {
      const known = people.get(id)
      if (known && known.name !== name)
        throw new Error(`${id} is ${known.name} through one door and ${name} through another`)
      people.set(id, { name, until: { ...known?.until, [purpose]: Date.parse(until) } })
    }
  }
  const { people: waiting, total } = await vault.quarantine.list()
  if (total !== waiting.length || total !== (await vault.quarantine.count()))
    throw new Error(`${waiting.length} people are in quarantine, of ${total}, and it counts otherwise`)
  for (const { id, name = '', until } of waiting) {
    if (people.has(id)) throw new Error(`${id} is in quarantine, and seen through a door`)
    people.set(id, { name, until: { quarantine: Date.parse(until) } })
  }
  return people
}
