// @ts-check
// Two ways to take the whole list, and what each comes to: asking for it, and reading it number by number.
import { all, reasonsInWords, refusalOf } from '../stage.mjs'
import { counted, day, time } from '../tell.mjs'

/** @param {import('../stage.mjs').Stage} stage */
export async function askForEverybody({ tell, clock, vault, entries, counts, expect }) {
  tell.scene(4, '“Just add everybody to the group”', day(clock.now()))
  const omid = vault.as('staff:omid')
  const ids = entries.flatMap(({ id }) => id ?? [])
  const here = await vault.exists(ids)
  tell.say(
    'Omid runs the community chat, where every member sees the number of every other. He wants all ' +
      `${here.length} entries in it.`,
  )
  tell.asks('omid', "vault.for('group-chat').export({ recipient: 'community-chat', ids: everybody })")
  const request = /** @type {const} */ ({ recipient: 'community-chat', format: 'vcard' })
  const refused = await refusalOf(omid.for('group-chat').export({ ...request, ids: here }))
  const reasons = refused?.code === 'EXPORT_REFUSED' ? refused.data.reasons : {}
  tell.refused(`${refused?.code}: ${refused?.message}`)
  tell.table(reasonsInWords(reasons))
  expect(refused?.code, 'EXPORT_REFUSED', 'the whole list is refused')
  const short = Object.values(reasons).reduce((sum, people) => sum + people, 0)
  expect(short, here.length, 'nobody of the whole list may be shown to the group')

  tell.say('Then only those whose consent for the chat is on file?')
  tell.asks('omid', "vault.for('group-chat').export({ recipient: 'community-chat' })")
  const second = await refusalOf(omid.for('group-chat').export(request))
  const secondReasons = second?.code === 'EXPORT_REFUSED' ? second.data.reasons : {}
  tell.refused(`${second?.code}.`)
  tell.table(reasonsInWords(secondReasons))
  tell.say(
    'A form with a name on it does not prove that the number is theirs. Where others would see it, only an answer ' +
      'from that very number counts. “I texted them all and they said yes” is what it always was: a claim.',
  )
  expect(second?.code, 'EXPORT_REFUSED', 'the group does not get those whose consent is not confirmed')

  const [onRecord] = (await all(vault.ledger.entries({ type: 'export-refused', actor: 'staff:omid' }))).slice(-2)
  tell.say(
    `Both are on the record. Number ${onRecord?.index}: ${onRecord?.type}, ${onRecord?.actor}, ` +
      `${time(onRecord?.at ?? '')}, ${onRecord?.purpose} to ${onRecord?.recipient}, ${onRecord?.people} people.`,
  )
  counts.groupChatRefused = { people: short, reasons, consented: secondReasons }
}

/** @param {import('../stage.mjs').Stage} stage */
export async function readOneAfterAnother({ tell, clock, vault, counts, expect }) {
  tell.say('So somebody at the desk tries it the slow way: open one, write the number down, open the next.')
  const door = vault.as('staff:kian').for('prayer-times')
  tell.asks('kian', 'for (const person of everybody) await door.reveal(person.id)')
  const { people, total } = await door.list({ limit: 1_000 })
  let read = 0
  /** @type {import('@amanat/vault').AnyVaultError | undefined} */
  let stopped
  for (const { id } of people) {
    stopped = await refusalOf(door.reveal(id))
    if (stopped) break
    read++
  }
  const resets = stopped?.code === 'BULK_READ_REFUSED' ? (stopped.data.resets ?? '') : ''
  tell.refused(
    `${stopped?.code} after ${read} of ${total}. The next one can be opened from ${time(resets)} on (UTC). Coming ` +
      'back every hour does not help: the limit of the whole vault, over 30 days, comes next.',
  )
  tell.say(
    `Each of the ${counted(read, 'look')} is on the record with his name, and so is the refusal. Seeing names in a list ` +
      'stays free; it is the numbers that are metered.',
  )
  counts.insider = { read, of: total, resets, left: (await door.budget()).left }
  expect(stopped?.code, 'BULK_READ_REFUSED', 'reading one after another is stopped')
  expect(read, vault.policy.bulk.perActor[0].people, 'as many as the policy allows can be read')
  expect(Date.parse(resets) > clock.now(), true, 'it is said when the next may be read')
}
