// @ts-check
// Somebody takes their consent back; and the old list is imported once more, as somebody always does.
import { createReadStream } from 'node:fs'
import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { readCards } from '@amanat/cards'
import { all, entriesOf } from '../stage.mjs'
import { counted, day, time } from '../tell.mjs'

/** @param {import('../stage.mjs').Stage} stage */
export async function leaveAndStayGone(stage) {
  const { tell, clock, vault, entries, signUps, agreed, counts, expect } = stage
  tell.scene(6, 'STOP', day(clock.now()))
  // Somebody who is in both files, and so in the vault twice: once agreed, once still in quarantine.
  const found = [...agreed].find(([, { who }]) => entriesOf(entries, who).length > 1) ?? [...agreed][0]
  if (!found) throw new Error('nobody agreed to anything')
  const [id, signUp] = found
  const theirs = entriesOf(entries, signUp.who)
  const phone = theirs[0]?.numbers[0] ?? ''
  // For the end of the story: what lay on the disk while this person was in it.
  await cp(stage.vaultFolder, join(stage.folder, 'copied-before-stop'), { recursive: true })
  tell.say('A text message arrives at the centre: STOP. Only the number is known.')
  tell.asks('leila', 'vault.identify({ phone })')
  const ids = await vault.identify({ phone })
  tell.done(
    `${counted(ids.length, 'entry has', 'entries have')} that number: ids, no names. The look-up is metered and on the record.`,
  )
  tell.asks('leila', 'vault.withdraw(id)')
  const before = await vault.for('prayer-times').count()
  const withdrawn = await Promise.all(ids.map(one => vault.withdraw(one, undefined, { how: 'sms' })))
  const receipts = withdrawn.flat()
  // Who waited in quarantine had no consent to take back, and goes all the same: there is no receipt for that.
  const waited = withdrawn.filter(each => each.length === 0)
  const after = await vault.for('prayer-times').count()
  const gone = (await vault.exists(ids)).length === 0 && (await vault.for('prayer-times').reveal(id)) === undefined
  tell.done(
    `Gone, at once: ${receipts.map(({ event, purpose }) => `${purpose} ${event}`).join(', ')}` +
      `${waited.length > 0 ? `, and what waited in quarantine from the other file erased (${waited.length})` : ''}. ` +
      `${before} people were reachable, ${after} are. The secret that all keys hang on was replaced, and the old one overwritten.`,
  )
  const lines = await all(vault.ledger.entries({ contact: id }))
  tell.say('What the ledger keeps of them is an id that leads nowhere, and what was done:')
  tell.table(
    lines.map(({ index, at, actor, type, event, via, purpose }) => [
      index,
      time(at),
      actor,
      `${type} ${event ?? via ?? ''}`,
      String(purpose ?? ''),
    ]),
  )
  tell.say(
    'What already left with the export can’t be called back by any software. The record says with which export, to ' +
      'whom, and by when it must be destroyed.',
  )

  await clock.advance('P7D')
  tell.say(`A week later (${day(clock.now())}), a second administrator finds the old files and imports them again.`)
  tell.asks('omid', "vault.addMany('address-book.vcf'), vault.addMany('address-book.csv')")
  /** @type {Record<string, number>} */
  const reasons = {}
  let refused = 0
  let cameIn = 0
  for (const file of ['address-book.vcf', 'address-book.csv']) {
    const report = await vault.as('staff:omid').addMany(again(file), { whenUndeclared: 'leave-out' })
    refused += report.refused
    cameIn += report.added + report.quarantined
    for (const [code, rows] of Object.entries(report.reasons)) reasons[code] = (reasons[code] ?? 0) + rows
  }
  const neverAgain = signUps
    .filter(({ answer }) => answer === 'never-again')
    .flatMap(({ who }) => entriesOf(entries, who))
  const mustStop = theirs.length + neverAgain.length
  tell.refused(`${cameIn} of ${cameIn + refused} came in.`)
  tell.table([
    [
      reasons.QUARANTINE_AGAIN ?? 0,
      'QUARANTINE_AGAIN',
      'were brought in before: importing a list twice renews nothing',
    ],
    [reasons.SUPPRESSED ?? 0, 'SUPPRESSED', 'may have left: a total, no names'],
  ])
  tell.say(
    'Nobody can read from this who left. The fingerprints behind it are short on purpose: many numbers share each, so ' +
      'now and then one stops somebody who never left.',
  )
  const back = (await vault.identify({ phone })).length
  counts.withdrawn = { entries: ids.length, receipts: receipts.length, before, after, back }
  counts.importedAgain = { cameIn, refused, reasons, mustStop }
  expect(ids.length, theirs.length, 'every entry of the person is found')
  expect(gone, true, 'a withdrawn person is gone at once')
  expect(after, before - 1, 'one person less can be reached')
  expect(cameIn, 0, 'importing the old list again brings nobody back')
  expect(back, 0, 'whoever left is not back')
  expect((reasons.SUPPRESSED ?? 0) >= mustStop, true, 'those who left are stopped as such')
  agreed.delete(id)
}

/** @param {string} file */
async function* again(file) {
  for await (const item of readCards(createReadStream(new URL(`../${file}`, import.meta.url)))) {
    if ('card' in item)
      yield { card: item.card, source: `import: ${file}, again`, mayAsk: /** @type {const} */ ('they-asked') }
  }
}
