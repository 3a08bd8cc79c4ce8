// @ts-check
// The vault is made, with its policy, and the policy is said in plain words.
import { csv, vcard } from '@amanat/cards'
import { disk } from '@amanat/store-disk'
import { createVault, passphrase } from '@amanat/vault'
import { day } from '../tell.mjs'

/** @param {Omit<import('../stage.mjs').Stage, 'vault'>} stage */
export async function createTheVault({ tell, clock, vaultFolder, passphrase: text, policy, counts }) {
  tell.scene(1, 'A policy, before anybody is in it', day(clock.now()))
  tell.say(
    `${policy.controller.name} in London wants to text people prayer times. Before it holds a single number it ` +
      'writes down what for, for how long, and who else may have them:',
  )
  for (const [name, purpose] of Object.entries(policy.purposes)) {
    const description = typeof purpose.description === 'string' ? purpose.description : purpose.description.en
    const [[id, recipient]] = /** @type {[[string, import('@amanat/vault').RecipientSpec]]} */ (
      Object.entries(purpose.recipients)
    )
    tell.say(`${name}: “${description}”`)
    tell.table([
      ['needs', purpose.fields.join(', ')],
      ['keeps for', inWords(purpose.keepFor)],
      ['may go to', `${recipient.name} (${id}), as a file sealed to its own age key`],
      [
        'there',
        recipient.members === 'see-each-other'
          ? 'every member sees every other: only a consent confirmed from that very number'
          : 'nobody sees anybody else: a consent with evidence is enough',
      ],
    ])
  }
  const [hourly] = policy.bulk.perActor
  const [monthly] = policy.bulk.vault
  tell.say(
    `Nobody may look at more than ${hourly.people} people's numbers in ${inWords(hourly.within)}, and all ` +
      `together at no more than ${monthly.share * 100}% of the vault in ${inWords(monthly.within)}.`,
  )

  const before = performance.now()
  const vault = await createVault({
    store: disk(vaultFolder),
    unlock: passphrase(text),
    policy,
    actor: 'staff:leila',
    clock,
    formats: { csv: csv(), vcard: vcard() },
  })
  const seconds = (performance.now() - before) / 1000
  counts.vault = vault.id
  tell.done(
    `The vault is made, in a folder on this disk. It took ${seconds.toFixed(1)} s, most of it for turning the passphrase ` +
      'into a key (Argon2id): every guess costs a thief as much.',
  )
  return vault
}

const UNITS = /** @type {Record<string, string>} */ ({ H: 'hour', D: 'day', Y: 'year' })

/** `P90D` as `90 days`: as much of ISO 8601 as the policy uses. @param {string} duration */
export function inWords(duration) {
  const [, count = '', unit = ''] = /^PT?(\d+)([HDY])$/.exec(duration) ?? []
  return count === '1' ? `one ${UNITS[unit]}` : `${count} ${UNITS[unit]}s`
}
