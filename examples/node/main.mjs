// @ts-check
// A vault in a folder on this disk: it is made or opened, takes in an address book, writes down a consent, asks who may be
// written to, hands exactly those over, and forgets what is over.
//
//   node main.mjs FOLDER people.csv
import { createReadStream } from 'node:fs'
import { argv, stdin, stdout } from 'node:process'
import { createInterface } from 'node:readline/promises'
import { emailOf, nameOf, readCards, refOf } from '@amanat/cards'
import { disk } from '@amanat/store-disk'
import { createVault, openVault, passphrase, vaultExists } from '@amanat/vault'
import { policy } from './policy.mjs'

const [, , folder = 'members', file = 'people.csv'] = argv

// Made the first time, opened from then on. A policy that says something else than the one in the vault is refused.
const options = { store: disk(folder), policy, actor: 'staff:leila', unlock: passphrase(() => ask('Passphrase: ')) }
const vault = (await vaultExists(options.store)) ? await openVault(options) : await createVault(options)

// An old list says of nobody that they agreed. It waits in quarantine, and with `ref` it can be read again without harm.
async function* people() {
  for await (const item of readCards(createReadStream(file))) {
    if ('error' in item) console.log(`line ${item.line}: ${item.error.fix}`)
    else yield { card: item.card, source: file, mayAsk: /** @type {const} */ ('they-asked'), ref: await refOf(item) }
  }
}
const { quarantined, known, refused } = await vault.addMany(people(), { whenUndeclared: 'leave-out' })
console.log(`${quarantined} wait in quarantine, ${known} were here, ${refused} were refused`)

// Somebody of the list sends the form back. The form itself is the evidence: it is kept, sealed.
const form = new TextEncoder().encode('Yes, write to me once a month. Sara Karimi')
for (const id of await vault.identify({ email: 'sara@example.org' })) {
  const given = { how: 'web-form', evidence: { kind: 'form', content: form } }
  const { until } = await vault.consent(id, { purpose: 'newsletter', recipients: ['self'], notice: 'form', given })
  console.log(`one agreed, until ${until?.slice(0, 10)}`)
}

// Who may be written to, and why not the others; then those people, in batches, to a function of yours.
const door = vault.for('newsletter')
console.log('check', JSON.stringify(await door.check({ recipient: 'self' })))
const { delivered } = await door.deliver({
  recipient: 'self',
  whenRefused: 'leave-out',
  to: async people => people.forEach(({ card }) => void console.log(`to ${nameOf(card)} at ${emailOf(card)}`)),
})
console.log(`${delivered} handed over, on the record`)

// Happens by itself whenever the vault is opened and at each midnight; this says what went.
const { contacts } = await vault.purge()
console.log(`${contacts} forgotten`)
await vault.lock()

/** @param {string} question */
async function ask(question) {
  const lines = createInterface({ input: stdin, output: stdout })
  const answer = await lines.question(question)
  lines.close()
  return answer
}
