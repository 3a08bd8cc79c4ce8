// @ts-check
// The export that people did agree to: asked about, refused as a whole, then without those who fall short; and what
// arrives at the other end.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { nameOf, phoneOf, readCards } from '@amanat/cards'
import { Decrypter } from 'age-encryption'
import { digitsOf, entriesOf, reasonsInWords, refusalOf } from '../stage.mjs'
import { counted, day, isolated } from '../tell.mjs'

/** @param {import('../stage.mjs').Stage} stage */
export async function exportToTheProvider({ tell, clock, vault, folder, identity, entries, agreed, counts, expect }) {
  tell.scene(5, 'The export that people agreed to', day(clock.now()))
  const door = vault.for('prayer-times')
  const recipient = 'sms-gateway'
  const { name } = vault.policy.purposes['prayer-times'].recipients[recipient]
  tell.say(`Prayer times go out through ${name}. Leila asks first what would happen:`)
  tell.asks('leila', "vault.for('prayer-times').check({ recipient: 'sms-gateway' })")
  const decision = await door.check({ recipient })
  tell.table([[decision.allowed, 'may go', ''], ...reasonsInWords(decision.refused)])

  tell.asks('leila', "….export({ recipient: 'sms-gateway', format: 'csv' })")
  const refused = await refusalOf(door.export({ recipient, format: 'csv' }))
  tell.refused(`${refused?.code}: by default one person who falls short stops the whole export.`)

  tell.asks('leila', "….export({ recipient: 'sms-gateway', format: 'csv', whenRefused: 'leave-out' })")
  const out = await door.export({ recipient, format: 'csv', whenRefused: 'leave-out' })
  const file = new Uint8Array(await new Response(out.file).arrayBuffer())
  const manifest = await out.manifest
  const path = join(folder, `for-${recipient}.${out.extension}`)
  await writeFile(path, file)
  tell.done(`for-${recipient}.${out.extension}: ${file.length} bytes, and its manifest:`)
  tell.table([
    [
      'asked by',
      `${manifest.actor}, for ${manifest.purpose}, to ${manifest.recipient.name} (${manifest.recipient.country})`,
    ],
    ['people', `${manifest.people}, ${manifest.leftOut} left out`],
    ['SHA-256', `${manifest.sha256.slice(0, 32)}…`],
    ['destroy by', day(manifest.destroyBy)],
  ])

  const decrypter = new Decrypter()
  decrypter.addIdentity(identity)
  const plain = await decrypter.decrypt(file)
  /** @type {{ name: string, number: string }[]} */
  const arrived = []
  for await (const item of readCards(plain, { type: 'csv' })) {
    if ('card' in item) arrived.push({ name: nameOf(item.card) ?? '', number: phoneOf(item.card) ?? '' })
  }
  tell.say(
    `Only ${name} can open it. With the provider's own key, any age tool finds ${counted(arrived.length, 'person', 'people')} ` +
      'in it (numbers of Ofcom’s range for drama, names that are made up):',
  )
  tell.table(arrived.slice(0, 3).map(person => [isolated(person.number), isolated(person.name)]))

  // Against what the sign-up sheets say, not against what the vault says.
  const wanted = [...agreed.values()].map(({ who }) => {
    const [entry] = entriesOf(entries, who)
    return digitsOf(entry?.numbers[0] ?? '')
  })
  const numbers = arrived.map(({ number }) => digitsOf(number))
  const strangers = numbers.filter(number => !wanted.includes(number)).length
  const missing = wanted.filter(number => !numbers.includes(number)).length
  tell.done(
    `Compared with the sheets and forms: ${wanted.length} agreed with evidence; ${missing} of them are missing from ` +
      `the file, and ${strangers} are in it who did not agree.`,
  )
  counts.export = {
    allowed: decision.allowed,
    refused: decision.refused,
    people: manifest.people,
    leftOut: manifest.leftOut,
    opened: arrived.length,
    strangers,
    missing,
  }
  expect(refused?.code, 'EXPORT_REFUSED', 'an export with people short of it is refused as a whole')
  expect([strangers, missing], [0, 0], 'exactly those who agreed are in the export')
  expect(arrived.length, manifest.people, 'as many arrive as the manifest says')
  expect(new TextDecoder('latin1').decode(file).startsWith('age-encryption.org/v1'), true, 'the export is an age file')
}
