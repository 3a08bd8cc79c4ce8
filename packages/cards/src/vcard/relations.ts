// People that a card names besides its own: RELATED (RFC 6350, section 6.6.6), AGENT of the older versions, and what
// Apple, Android, Outlook, Evolution and KAddressBook write instead. RFC 9555, section 2.9.5.
import type { Relation } from '@amanat/vault'
import { type Draft, type Labelled, leftOver, textOf } from './draft'

// Words of other programs that say the same as one of RFC 6350. `mother` says more than `parent`: it is kept beside.
const WORDS = new Map([
  ['mother', 'parent'],
  ['father', 'parent'],
  ['parent', 'parent'],
  ['brother', 'sibling'],
  ['sister', 'sibling'],
  ['child', 'child'],
  ['son', 'child'],
  ['daughter', 'child'],
  ['friend', 'friend'],
  ['spouse', 'spouse'],
  ['wife', 'spouse'],
  ['husband', 'spouse'],
  ['relative', 'kin'],
])
const APPLE = 'x-abrelatednames'
/** One property for each relation, as programs name them. */
export const RELATIVES = new Map<string, string | undefined>([
  [APPLE, undefined],
  ['x-spouse', 'spouse'],
  ['x-ms-spouse', 'spouse'],
  ['x-evolution-spouse', 'spouse'],
  ['x-kaddressbook-x-spousesname', 'spouse'],
  ['x-ms-child', 'child'],
  ['x-manager', undefined],
  ['x-ms-manager', undefined],
  ['x-evolution-manager', undefined],
  ['x-kaddressbook-x-managersname', undefined],
  ['x-assistant', undefined],
  ['x-ms-assistant', undefined],
  ['x-evolution-assistant', undefined],
  ['x-kaddressbook-x-assistantsname', undefined],
])
// Android numbers its relations (ContactsContract.CommonDataKinds.Relation).
const ANDROID = [
  'custom,assistant,brother,child,domestic partner,father,friend,manager,mother,parent,partner,referred by,relative',
  'sister,spouse',
]
  .join(',')
  .split(',')

/** `false`: it has no place. */
export function related(found: Labelled, draft: Draft): boolean {
  const { property, label } = found
  const who = textOf(property).trim()
  const known = draft.card.relatedTo
  if (who === '' || who === '__proto__') return who === ''
  if (known && Object.hasOwn(known, who)) {
    // Said twice: once more about the same person, or another who is called the same.
    if (property.name !== 'related') return false
    const types = words(property.params.get('type') ?? [])
    draft.member('relatedTo', who, { ...known[who], relation: { ...known[who]?.relation, ...types } })
    return leftOver(property, ['type']) === undefined
  }
  const own = RELATIVES.has(property.name)
  const said = property.name === 'agent' ? 'agent' : (RELATIVES.get(property.name) ?? (own ? wordOf(label) : undefined))
  const relation = property.name === 'related' ? words(property.params.get('type') ?? []) : said ? { [said]: true } : {}
  const params = {
    ...leftOver(property, [], property.name === 'related' ? [] : (property.params.get('type') ?? [])),
    ...(own && label !== undefined ? { 'x-ablabel': label } : {}),
  }
  draft.member('relatedTo', who, {
    relation,
    ...(own ? { vCardName: property.name } : {}),
    ...(Object.keys(params).length > 0 ? { vCardParams: params } : {}),
  } satisfies Relation)
  return true
}

/** `X-ANDROID-CUSTOM`: a nickname, a day or a relation, by the name of a type of Android's. */
export function android(
  parts: readonly string[],
): { what: 'nickname' | 'event' | 'relation'; value: string; type: string } | undefined {
  const [kind = '', value = '', type = ''] = parts
  const what = /^vnd\.android\.cursor\.item\/(nickname|contact_event|relation)$/.exec(kind)?.[1]
  if (what === undefined || value.trim() === '') return undefined
  if (what === 'nickname') return { what, value, type }
  if (what === 'contact_event') return type === '1' || type === '3' ? { what: 'event', value, type } : undefined
  const word = ANDROID[Number(type)]
  return word === undefined || type.trim() === '' || type === '0' ? undefined : { what: 'relation', value, type: word }
}

export const relationWord = (word: string): string | undefined => WORDS.get(word)

function words(types: readonly string[]): Record<string, true> {
  const said = types.map(type => type.toLowerCase()).filter(type => type !== '' && type !== '__proto__')
  return Object.fromEntries(said.map(type => [type, true as const]))
}

function wordOf(label: string | undefined): string | undefined {
  return WORDS.get((/^_\$!<(.*)>!\$_$/.exec(label ?? '')?.[1] ?? label ?? '').trim().toLowerCase())
}
