/** Everything that a vault shows, through every door, to be held against what it has acknowledged. */
import type { Entries, Seen, Sight } from './acknowledged'
import type { KilledVault } from './act'
import { DAY_MS, type Fields, fieldsIn, keyIn, PURPOSES, type Purpose } from './people'

/** @param ids every id that was ever acknowledged */
export async function sightOf(vault: KilledVault, narrowed: boolean, ids: ReadonlyMap<string, string>): Promise<Sight> {
  const shown = new Map<string, { [P in Purpose]?: Fields }>()
  for (const purpose of PURPOSES) {
    const door = vault.for(purpose)
    const listed = await door.list({ limit: 1000 })
    if (listed.total !== (await door.count())) throw new Error('a door counts others than it lists')
    if (listed.total === 0) continue
    const handed = new Set<string>()
    const to = async (people: readonly { id: string; card: object }[]) => {
      for (const { id, card } of people) {
        handed.add(id)
        shown.set(id, { ...shown.get(id), [purpose]: fieldsIn(card) })
      }
    }
    await door.deliver({ recipient: 'gateway', to })
    const names = new Map(listed.people.map(({ id, name }) => [id as string, name]))
    for (const id of handed) {
      if (names.get(id) !== shown.get(id)?.[purpose]?.name)
        throw new Error('a list and a delivery name somebody differently')
    }
    if (handed.size !== names.size) throw new Error('a list shows others than a delivery')
  }
  const people = new Map<string, Seen>()
  for (const [id, each] of shown) {
    const texts = Object.values(each).flatMap(fields => Object.values(fields))
    const keys = new Set(texts.flatMap(text => (text.startsWith('+44') ? [] : [keyIn(text) ?? text])))
    if (keys.size !== 1) throw new Error(`somebody is made of several people: ${[...keys].join(', ')}`)
    const until: { [P in Purpose]?: number } = {}
    for (const consent of await vault.consents(id)) {
      if (consent.state === 'given' && consent.until) until[consent.purpose] = Date.parse(consent.until) / DAY_MS
    }
    const key = [...keys][0] as string
    if (people.has(key)) throw new Error(`${key} is there twice`)
    people.set(key, { id, shown: each, until })
  }
  const all = [...new Set([...ids.values(), ...shown.keys()])]
  const existing = new Set<string>(await vault.exists(all))
  return { narrowed, people, entries: await entriesOf(vault, ids, people), existing }
}

async function entriesOf(
  vault: KilledVault,
  ids: ReadonlyMap<string, string>,
  people: ReadonlyMap<string, Seen>,
): Promise<Map<string, Entries>> {
  const keys = new Map([...ids].map(([key, id]) => [id, key]))
  for (const [key, { id }] of people) keys.set(id, key)
  const entries = new Map<string, { [entry in keyof Entries]: number }>()
  for await (const line of vault.ledger.entries()) {
    const kind = kindOf(line)
    const key = keys.get(String(line.contact))
    if (!kind || key === undefined) continue
    const known = entries.get(key) ?? {}
    entries.set(key, { ...known, [kind]: (known[kind] ?? 0) + 1 })
  }
  return entries
}

function kindOf({ type, event }: { readonly type: string; readonly event?: unknown }): keyof Entries | undefined {
  if (type === 'contact-added') return 'added'
  if (type === 'contact-changed') return 'changed'
  if (type === 'contact-erased') return 'erased'
  if (type !== 'consent') return undefined
  return event === 'withdrawn' ? 'withdrawn' : 'given'
}
