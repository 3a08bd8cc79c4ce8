/**
 * A card as a form holds it: texts in boxes. From a card, back to a merge patch of what was changed, and what that replaces. Whatever the
 * form has no box for stays as it is.
 */
import type { Card, CardPatch, Policy } from '@amanat/vault'

/** The property that a box shows, and how new entries are named. */
export const ENTRIES = {
  phones: ['number', 'p'],
  emails: ['address', 'e'],
  addresses: ['full', 'a'],
  organizations: ['name', 'o'],
  titles: ['name', 't'],
  nicknames: ['name', 'k'],
  onlineServices: ['user', 's'],
  notes: ['note', 'n'],
} as const satisfies { readonly [field: string]: readonly [property: string, prefix: string] }
export type EntryField = keyof typeof ENTRIES
export const ENTRY_FIELDS = Object.keys(ENTRIES) as EntryField[]

export interface Box {
  readonly key: string
  readonly text: string
}

export interface CardDraft {
  readonly full: string
  readonly given: string
  readonly surname: string
  readonly entries: { readonly [field in EntryField]: readonly Box[] }
  /** ISO 8601 date. */
  readonly birthday: string
  /** By field, such as `x:diet`. */
  readonly custom: { readonly [field: string]: string }
}

type Name = NonNullable<Card['name']>
type Patch = { [field: string]: unknown }

export function draftOf(card: Card): CardDraft {
  const part = (kind: string) => card.name?.components?.find(each => each.kind === kind)?.value ?? ''
  const boxes = (field: EntryField): Box[] =>
    Object.entries(card[field] ?? {}).map(([key, entry]) => ({ key, text: textOf(field, entry) }))
  return {
    full: card.name?.full ?? card.name?.components?.map(({ value }) => value).join(' ') ?? '',
    given: part('given'),
    surname: part('surname'),
    entries: Object.fromEntries(ENTRY_FIELDS.map(field => [field, boxes(field)])) as unknown as CardDraft['entries'],
    birthday: dateText(birthdayOf(card)?.[1].date),
    custom: Object.fromEntries(
      Object.entries(card).flatMap(([field, value]) => (field.startsWith('x:') ? [[field, String(value)]] : [])),
    ),
  }
}

export const EMPTY: CardDraft = draftOf({} as Card)

/** Only what differs; an emptied box removes its entry. */
export function patchOf(card: Card, draft: CardDraft, policy: Policy): CardPatch<Policy> {
  const before = draftOf(card)
  const patch: Patch = {}
  if (before.full !== draft.full || before.given !== draft.given || before.surname !== draft.surname)
    patch.name = namePatch(card.name, before, draft)
  for (const field of ENTRY_FIELDS) {
    const entries = entriesPatch(field, before.entries[field], draft.entries[field])
    if (entries !== undefined) patch[field] = entries
  }
  if (before.birthday !== draft.birthday) patch.anniversaries = birthdayPatch(card, draft.birthday)
  for (const [field, text] of Object.entries(draft.custom)) {
    if (text !== (before.custom[field] ?? '')) patch[field] = text.trim() === '' ? null : typed(field, text, policy)
  }
  return patch as CardPatch<Policy>
}

/** A new card of what was filled in. */
export const cardOf = (draft: CardDraft, policy: Policy): Card => ({
  '@type': 'Card',
  version: '2.0',
  ...(patchOf({} as Card, draft, policy) as object),
})

/** What was there and won't be any more, to be said before it is saved. */
export function replaced(card: Card, draft: CardDraft): { readonly field: string; readonly text: string }[] {
  const before = draftOf(card)
  const gone = (field: string, was: string, is: string) =>
    was.trim() !== '' && was.trim() !== is.trim() ? [{ field, text: was }] : []
  return [
    ...gone('name', before.full, draft.full),
    ...ENTRY_FIELDS.flatMap(field => {
      const now = new Map(draft.entries[field].map(({ key, text }) => [key, text]))
      return before.entries[field].flatMap(({ key, text }) => gone(field, text, now.get(key) ?? ''))
    }),
    ...gone('anniversaries', before.birthday, draft.birthday),
    ...Object.keys(before.custom).flatMap(field => gone(field, before.custom[field] ?? '', draft.custom[field] ?? '')),
  ]
}

/** The whole name follows its parts, as long as it was made of them. */
export function withName(draft: CardDraft, part: 'full' | 'given' | 'surname', text: string): CardDraft {
  const next = { ...draft, [part]: text }
  const follows = part !== 'full' && (draft.full === '' || draft.full === joined(draft))
  return follows ? { ...next, full: joined(next) } : next
}

const joined = ({ given, surname }: Pick<CardDraft, 'given' | 'surname'>): string => `${given} ${surname}`.trim()

/** The key of a new box: one that no entry has or had. */
export function newKey(field: EntryField, boxes: readonly Box[]): string {
  const [, prefix] = ENTRIES[field]
  for (let n = boxes.length + 1; ; n++) if (!boxes.some(({ key }) => key === `${prefix}${n}`)) return `${prefix}${n}`
}

function textOf(field: EntryField, entry: object): string {
  const said = entry as { readonly [property: string]: unknown; readonly components?: readonly { value: string }[] }
  const text = said[ENTRIES[field][0]]
  if (typeof text === 'string') return text
  if (field === 'onlineServices' && typeof said.uri === 'string') return said.uri
  return said.components?.map(({ value }) => value).join(' ') ?? ''
}

function namePatch(name: Name | undefined, before: CardDraft, draft: CardDraft): unknown {
  const [full, given, surname] = [draft.full.trim(), draft.given.trim(), draft.surname.trim()]
  const partsMoved = before.given !== draft.given || before.surname !== draft.surname
  const others = name?.components?.filter(({ kind }) => kind !== 'given' && kind !== 'surname') ?? []
  const components = partsMoved
    ? [
        ...(given ? [{ kind: 'given', value: given }] : []),
        ...others.filter(({ kind }) => kind !== 'separator'),
        ...(surname ? [{ kind: 'surname', value: surname }] : []),
      ]
    : name?.components
  if (!full && !components?.length) return null
  const gone = (was: unknown) => (was === undefined ? {} : null)
  return {
    ...(full ? { full } : gone(name?.full) === null ? { full: null } : {}),
    ...(components?.length ? { components } : gone(name?.components) === null ? { components: null } : {}),
    // Said of parts that are no longer those.
    ...(partsMoved && name?.isOrdered !== undefined ? { isOrdered: null, defaultSeparator: null } : {}),
  }
}

function entriesPatch(field: EntryField, before: readonly Box[], after: readonly Box[]): unknown {
  const [property] = ENTRIES[field]
  const was = new Map(before.map(({ key, text }) => [key, text]))
  const is = new Map(after.flatMap(({ key, text }) => (text.trim() ? [[key, text.trim()] as const] : [])))
  const changes: Patch = {}
  for (const key of was.keys()) if (!is.has(key)) changes[key] = null
  for (const [key, text] of is) {
    if (was.get(key)?.trim() === text) continue
    // A whole address instead of its parts; a name for an account instead of its link.
    const instead = {
      ...(field === 'addresses' ? { components: null } : {}),
      ...(field === 'onlineServices' ? { uri: null } : {}),
    }
    changes[key] = { [property]: text, ...(was.has(key) ? instead : {}) }
  }
  if (Object.keys(changes).length === 0) return undefined
  return is.size === 0 ? null : changes
}

function birthdayOf(card: Card) {
  return Object.entries(card.anniversaries ?? {}).find(([, { kind }]) => kind === 'birth')
}

function dateText(date: unknown): string {
  const { year, month, day, utc } = (date ?? {}) as { year?: number; month?: number; day?: number; utc?: string }
  if (utc) return utc.slice(0, 10)
  if (!year || !month || !day) return ''
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
}

function birthdayPatch(card: Card, text: string): unknown {
  const [key = 'b1', known] = birthdayOf(card) ?? []
  if (text === '') return Object.keys(card.anniversaries ?? {}).length > 1 ? { [key]: null } : null
  const [year, month, day] = text.split('-').map(Number)
  const date = { '@type': 'PartialDate', year, month, day, ...(known && 'utc' in known.date ? { utc: null } : {}) }
  return { [key]: { kind: 'birth', date } }
}

function typed(field: string, text: string, policy: Policy): unknown {
  const type = policy.custom?.[field as `x:${string}`]
  if (type === 'number') return Number(text)
  if (type === 'boolean') return text === 'true'
  return text.trim()
}
