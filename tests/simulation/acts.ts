/** What a vault is asked to do to people and slots, in the words of the facts. */
import { type AnyVault, isVaultError } from '@amanat/vault'
import { testKey } from '@amanat/vault/testing'
import type { Act } from './facts'
import { type Known, type Slot, Wrong } from './judge'
import { cardOf, consentTo, type Purpose } from './world'

/** Which of several acts were refused, when some were; who gets an id is told it. */
export async function carryOut(
  vault: AnyVault,
  acts: readonly { readonly person: number; readonly act: Act }[],
  people: readonly Known[],
): Promise<ReadonlySet<number> | undefined> {
  const name = (person: number | undefined, id: string | undefined) => {
    const known = people[person ?? -1]
    if (known && id !== undefined) known.id = id
  }
  if (acts.length > 1) {
    const adds = acts.map(({ act }) => act).filter(act => act.do === 'add' || act.do === 'quarantine')
    const { rows } = await vault.addMany(adds.map(newcomer))
    for (const [i, { id }] of rows.entries()) name(acts[i]?.person, id)
    return new Set(rows.flatMap(({ outcome }, i) => (outcome === 'refused' ? [i] : [])))
  }
  const [one] = acts
  if (!one) return undefined
  const { act } = one
  const id = people[one.person]?.id as string
  if (act.do === 'add' || act.do === 'quarantine') name(one.person, (await vault.add(newcomer(act))).id)
  else if (act.do === 'consent') await vault.consent(id, consentTo(act.ask))
  else if (act.do === 'change') await vault.change(id, cardOf(act.fields, act.version))
  else if (act.do === 'withdraw') await vault.withdraw(id, act.purpose)
  else if (act.do === 'refuse') await vault.refuse(id, act.purpose as Purpose)
  else await vault.erase(id)
  return undefined
}

const newcomer = (act: Act & { do: 'add' | 'quarantine' }) =>
  (act.do === 'add'
    ? { card: cardOf(act.fields, act.version), consents: act.asks.map(consentTo), source: 'list' }
    : {
        card: { ...cardOf(['name'], act.version), ...cardOf(['phones'], act.phones) },
        source: 'list',
        ...(act.mayAsk ? { mayAsk: 'they-asked' } : {}),
      }) as never

export async function changeSlot(vault: AnyVault, kind: 'add' | 'remove' | 'replace', slot: Slot): Promise<void> {
  if (kind === 'add') return void (await vault.slots.add(testKey(slot.key), slot.label))
  const found = (await vault.slots.list()).find(({ label }) => label === slot.label)
  if (!found) throw new Wrong(`there is no slot ${slot.label}`)
  if (kind === 'remove') await vault.slots.remove(found.id)
  else await vault.slots.replace(found.id, testKey(slot.key))
}

/** Somebody in quarantine as they are shown to be asked; undefined for anybody else. */
export async function lookToAsk(
  vault: AnyVault,
  id: string,
): Promise<{ readonly card: string; readonly until: number } | 'no ground' | undefined> {
  try {
    const shown = await vault.quarantine.reveal(id)
    if (!shown) return undefined
    const { card, until } = shown
    return { card: [card.name?.full, card.phones?.p1?.number].sort().join(), until: Date.parse(until) }
  } catch (error) {
    if (isVaultError(error, 'ASK_REFUSED')) return 'no ground'
    throw error
  }
}
