/** Runs in a page of its own beside the app: makes a vault with people in it, by the same library and in the same storage. */
import { indexedDb, rememberVault } from '@amanat/store-indexeddb'
import { createVault, type NewContact, type Policy, passphrase, recoveryCode } from '@amanat/vault'
import type { Seed, SeedContact } from './seed'

/** The least that a slot may cost: these tests aren't about guessing. Vaults that the app itself makes cost what they cost. */
const LEAST = { memory: 64 * 1024, passes: 1 }

const DOCUMENT = new TextEncoder().encode('a scan of a sheet of paper')

async function plant({ name, passphrase: words, code, policy, contacts }: Seed): Promise<readonly string[]> {
  const unlock = passphrase(words, LEAST)
  const vault = await createVault({ store: indexedDb(name), policy, unlock, actor: 'volunteer:Leila' })
  await vault.slots.add(recoveryCode(code), 'recovery code')
  const { rows } = await vault.addMany(contacts.map(contactOf))
  await vault.lock()
  await rememberVault(name)
  return rows.map(({ id = '' }) => id)
}

const contactOf = ({ full, given, surname, phone, email, consents, ...more }: SeedContact): NewContact<Policy> => ({
  card: {
    '@type': 'Card',
    version: '2.0',
    name: {
      full: full ?? `${given} ${surname}`,
      ...(given && surname
        ? {
            components: [
              { kind: 'given', value: given },
              { kind: 'surname', value: surname },
            ],
          }
        : {}),
    },
    ...(phone ? { phones: { p1: { number: phone } } } : {}),
    ...(email ? { emails: { e1: { address: email } } } : {}),
  },
  source: 'sign-up sheet, 3 May',
  ...more,
  consents: consents.map(({ isProved, ...consent }) => ({
    ...consent,
    given: { how: 'paper', ...(isProved ? { evidence: { kind: 'scan', content: DOCUMENT } } : {}) },
  })),
})

Object.assign(globalThis, { plant })
