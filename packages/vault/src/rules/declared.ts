/** R1: a field that no purpose declares can't be stored. */
import { CARD_FIELDS, type Card } from '../contact/jscontact'
import type { Policy } from '../policy/policy'

/** What a card says about itself and its translations: no field, neither asked for nor kept as one. */
const NO_FIELD: ReadonlySet<string> = new Set([
  '@type',
  'version',
  'created',
  'updated',
  'kind',
  'language',
  'members',
  'prodId',
  'uid',
  'localizations',
])

/** The fields that a card fills in, in its order. What JSContact doesn't know is taken for a field: so it is refused, not dropped. */
export const fieldsOf = (card: Card): string[] =>
  Object.keys(card).filter(key => card[key as keyof Card] !== undefined && !NO_FIELD.has(key))

// Asked for each of many people; policies don't change in place.
const declaredIn = new WeakMap<Policy, ReadonlySet<string>>()

/** The fields of a card that no purpose of the policy declares, to be named in the refusal. */
export function undeclaredFields(card: Card, policy: Policy): string[] {
  let declared = declaredIn.get(policy)
  if (!declared) {
    declared = new Set(Object.values(policy.purposes).flatMap(({ fields }) => fields))
    declaredIn.set(policy, declared)
  }
  const known = declared
  return fieldsOf(card).filter(field => !known.has(field))
}

/** Whether a name is a field of JSContact or shaped like a custom one. */
export const isField = (name: string): boolean =>
  name.startsWith('x:') || (CARD_FIELDS as readonly string[]).includes(name)
