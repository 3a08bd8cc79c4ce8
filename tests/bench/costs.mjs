// What consent, ledger and forgetting cost, which none of the peers does: operations of the vault in pairs that differ in one of
// them, each with how long it waits for its store. Measured in a vault of its own, through the public API and a watched store.
import { openVault } from '@amanat/vault'
import { person, scattered } from './contacts.mjs'
import { median } from './table.mjs'
import { contactOf, loadVault, optionsFor } from './vault.mjs'
import { createWatch, watched } from './watched.mjs'

const SAMPLES = 60
/** At most a twentieth of all; a tenth may be looked at. */
const SHARE = 20
/** Larger ones say the same: what a commit writes doesn't grow with the number of people. */
const MOST = 10_000

/** @returns `{ people, costs: [{ operation, ms, commit, cell, read, own, kb }] }`, medians in milliseconds, `kb` written by its commit */
export async function costsOf(makeStore, { count, seed, round, samples: wanted = SAMPLES }) {
  const watch = createWatch()
  const people = Math.min(count, MOST)
  const options = () => optionsFor(watched(makeStore(), watch))
  await loadVault(options(), people, seed)
  const vault = await openVault(options())
  const door = vault.for('events')
  const now = options().clock.now()

  const samples = Math.min(wanted, SAMPLES, Math.floor(people / SHARE))
  const known = scattered(samples + 1, people, 4000 + round).map(index => person(index, seed))
  const ids = []
  for (const { name } of known) ids.push((await door.find({ text: name })).find(one => one.name === name)?.id)
  const [first, ...rest] = ids
  // Agreed today: a consent that is only claimed is over sooner.
  const added = i => ({ ...person(people + i, seed), age: 0 })

  const costs = []
  const told = async (operation, act, items) => {
    // Once before, with somebody else: what is loaded at the first call is nobody's cost.
    await act(items[0])
    const each = []
    for (const item of items.slice(1)) {
      watch.wipe()
      const start = performance.now()
      await act(item)
      const ms = performance.now() - start
      const { commit, cell, read } = watch
      const written = watch.commits.flat().reduce((sum, size) => sum + size, 0)
      each.push({ ms, commit, cell, read, own: Math.max(0, ms - commit - cell - read), kb: written / 1000 })
    }
    const middle = key => median(each.map(one => one[key]))
    const keys = ['ms', 'commit', 'cell', 'read', 'own', 'kb']
    costs.push({ operation, ...Object.fromEntries(keys.map(key => [key, middle(key)])) })
  }
  const all = [first, ...rest]
  const numbers = Array.from({ length: samples + 1 }, (_, i) => i)
  await told('look-up by id without contact points, not recorded (get)', id => door.get(id), all)
  await told('look-up by id, recorded in the ledger (reveal)', id => door.reveal(id), all)
  await told('the same again within the hour: recorded already', id => door.reveal(id), all)
  await told('add with consent, no evidence kept', i => vault.add(withoutEvidence(added(i), now)), numbers)
  const later = numbers.map(i => i + numbers.length)
  await told('add with consent and its evidence', i => vault.add(contactOf(added(i), now)), later)
  await told('another consent of somebody there', id => vault.consent(id, consentOf(id, now)), all)
  await told('change of a note', id => vault.change(id, { notes: { n1: { note: 'another note' } } }), all)
  await told('withdrawal: forgotten for good', id => vault.withdraw(id, 'events'), all)
  await vault.lock()
  return { people, costs }
}

const withoutEvidence = (one, now) => {
  const contact = contactOf(one, now)
  const without = consent => {
    const { evidence: _, ...given } = consent.given
    return { ...consent, given }
  }
  return { ...contact, consents: contact.consents.map(without) }
}

const consentOf = (id, now) => contactOf({ ...person(0), id, age: 0 }, now).consents[0]
