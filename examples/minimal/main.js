// @ts-check
// A vault on one page, without a framework: open it with a passphrase, add somebody who said yes, list, show a number on
// purpose, take the yes back. What people are held for stands in policy.js.
import { cardFrom, phoneOf } from '@amanat/cards'
import { indexedDb } from '@amanat/store-indexeddb'
import { createVault, openVault, passphrase, vaultExists } from '@amanat/vault'
import { attempt, button, find, onSubmit } from './page.js'
import { policy } from './policy.js'

/** @type {import('@amanat/vault').Vault<typeof policy>} */
let vault

onSubmit('#open', async form => {
  const store = indexedDb('minimal')
  const unlock = passphrase(form.get('passphrase'))
  const options = { store, policy, unlock, actor: 'volunteer:me', lockAfter: 'PT10M' }
  vault = (await vaultExists(store)) ? await openVault(options) : await createVault(options)
  vault.subscribe(({ type }) => (type === 'locked' ? location.reload() : attempt(list)))
  find('#open').hidden = true
  find('main').hidden = false
  await list()
})

// What somebody remembers is a claim: it is good for ringing them, for 30 days. A form or a message would be good for longer.
onSubmit('#add', async form => {
  await vault.add({
    card: cardFrom({ name: form.get('name'), phone: form.get('phone') }),
    consents: [{ purpose: 'ring-round', given: { how: 'verbal', words: form.get('words') } }],
    source: 'the person',
  })
})

// Numbers that were asked for, until the page is closed.
const shown = new Map()

// Reading goes through the door of a purpose. A list holds names and dates; a number is shown one at a time, and counted.
async function list() {
  const door = vault.for('ring-round')
  const { people } = await door.list()
  const items = people.map(({ id, name, until }) => {
    const item = document.createElement('li')
    const number = document.createElement('output')
    number.textContent = shown.get(id)
    const show = button(`Show the number of ${name}`, async () => {
      const person = await door.reveal(id)
      shown.set(id, person && phoneOf(person.card))
      await list()
    })
    const withdraw = button(`${name} takes it back`, () => vault.withdraw(id, 'ring-round'))
    item.append(`${name}, until ${until.slice(0, 10)}`, number, show, withdraw)
    return item
  })
  find('ul').replaceChildren(...items)
}
