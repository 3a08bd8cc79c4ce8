/** Everything that a vault does in its life, once: for tests that watch what else happens meanwhile. */
import { csv, readVCards, vcard } from '@amanat/cards'
import { createVault, dropExpired, openVault, passphrase, type Store, vaultExists } from '@amanat/vault'
import { fakeClock, testKey, testRandomness } from '@amanat/vault/testing'
import { cardOf, claimed, openedByProvider, phoneOf, policy, refusal, START, signed, signUps } from './stories/people'

const BOOK = 'BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Sara Karimi\r\nTEL:+44 7700 900700\r\nEND:VCARD\r\n'

/** The vault can be opened afterwards with the passphrase "correct horse battery". */
export async function life(store: () => Store): Promise<void> {
  const clock = fakeClock(START)
  const options = { policy, clock, formats: { csv: csv(), vcard: vcard() }, actor: 'staff:leila' }
  const vault = await createVault({ ...options, store: store(), unlock: testKey(), randomness: testRandomness() })
  const [sara, omid, mina] = await signUps(vault, 12)
  for await (const read of readVCards(BOOK)) {
    if (!('card' in read)) throw new Error('the address book was not read')
    const { name, phones } = read.card
    await vault.add({
      card: { ...(name && { name }), ...(phones && { phones }) },
      source: 'book',
      mayAsk: 'they-asked',
    })
  }
  await vault.consent(sara as string, signed('group-chat'))
  await vault.change(omid as string, { name: { full: 'Omid R.' } })
  const door = vault.for('prayer-times')
  await door.list({ locale: 'fa' })
  await door.find({ phone: phoneOf(1) })
  await door.reveal(sara as string)
  const out = await door.export({ recipient: 'sms-gateway', format: 'csv' })
  await openedByProvider(out.file)
  await out.manifest
  await door.deliver({ recipient: 'sms-gateway', to: async () => undefined })
  await refusal('EXPORT_REFUSED', vault.for('group-chat').export({ recipient: 'community-chat', format: 'vcard' }))
  await vault.withdraw(omid as string)
  await vault.erase(mina as string)
  await vault.suppress({ email: 'eve@example.org' })
  await refusal('SUPPRESSED', vault.add({ card: cardOf(2), consents: [claimed()], source: 'old list' }))
  await vault.slots.add(passphrase('correct horse battery'), 'Leila')
  const next = { ...policy, notice: 'P10D' }
  await vault.changePolicy(next, { accept: await vault.planPolicy(next) })
  await clock.advance('P2D')
  await vault.lock()
  await dropExpired(store(), { clock })
  if (!(await vaultExists(store()))) throw new Error('the vault is gone')
  const again = await openVault({ ...options, policy: next, store: store(), unlock: testKey() })
  await again.guarantees()
  await again.lock()
}
