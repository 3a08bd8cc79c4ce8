/** What the compiler must refuse of an open vault and its doors, and why. Checked by `tsc`; nothing here runs. */
import type { Secret } from '@amanat/crypto'
import type { Row, Store } from '@amanat/store-contract'
import type { AnyVault, Card, NewContact, Policy, Vault } from '../../src/index'
import type { riverside } from '../riverside'

type Riverside = typeof riverside
declare const vault: Vault<Riverside>
declare const any: AnyVault
declare const store: Store
declare const card: Card
const accept = <T>(_value: T): void => undefined

const door = vault.for('prayer-times')
const shown = await door.reveal('')
accept<object | undefined>(shown?.card.phones)
accept<object | undefined>(shown?.card.name)
// @ts-expect-error: prayer-times has no e-mail addresses
shown?.card.emails
// @ts-expect-error: no purpose of this policy
vault.for('newsletter')

// A door for one of two purposes, it isn't known which, shows what they share.
declare const either: 'prayer-times' | 'group-chat'
const shared = await vault.for(either).get('')
accept<object | undefined>(shared?.card.name)
// @ts-expect-error: only group-chat has e-mail addresses
shared?.card.emails

await door.check({ recipient: 'sms-gateway' })
// @ts-expect-error: a recipient of another purpose
await door.check({ recipient: 'community-chat' })
// @ts-expect-error: an export goes to somebody
await door.export({ format: 'csv' })
// @ts-expect-error: there is no plaintext delivery by a file
await door.export({ recipient: 'sms-gateway', format: 'csv', via: 'delivery' })
// @ts-expect-error: a field that the purpose doesn't have
await door.export({ recipient: 'sms-gateway', format: 'csv', fields: ['emails'] })

await vault.add({ card: { name: { full: 'Sara' } }, source: 'sheet' })
// @ts-expect-error: every contact comes from somewhere
await vault.add({ card: { name: { full: 'Sara' } } })
// @ts-expect-error: no purpose declares this field
await vault.add({ card: { links: {} }, source: 'sheet' })
await vault.add({
  card: {},
  source: 'sheet',
  // @ts-expect-error: the recipient belongs to the other purpose
  consents: [{ purpose: 'prayer-times', recipients: ['community-chat'], given: { how: 'paper' } }],
})
// @ts-expect-error: a consent is given somehow
await vault.consent('', { purpose: 'prayer-times', given: {} })
// @ts-expect-error: no purpose of this policy
await vault.withdraw('', 'newsletter')

// A policy that is read at run time falls back to strings, and the rules look at them then.
await any.for('whatever').check({ recipient: 'whoever' })
accept<NewContact<Policy>>({ card: { links: {} }, source: 'sheet' })

// A store takes sealed bytes in rows, and nothing that could be read.
// @ts-expect-error: a plain card is no row
await store.commit({ expect: null, root: new Uint8Array(), put: [card], drop: [] })
// @ts-expect-error: nor is it a row's bytes
accept<Row>({ table: 'pages', id: new Uint8Array(16), bucket: 0, bytes: card })

// Two keys can't be swapped.
declare const page: Secret<'row'>
// @ts-expect-error: a page's secret is not the root key
accept<Secret<'root-key'>>(page)
