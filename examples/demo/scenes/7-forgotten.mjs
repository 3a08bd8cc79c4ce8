// @ts-check
// Ninety-one days pass. Then somebody who knows the passphrase looks for what was there: in the files, in the vault,
// and with copies that were taken while everybody was still in it.
import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { disk } from '@amanat/store-disk'
import { openAnyVault, passphrase } from '@amanat/vault'
import { fakeClock } from '@amanat/vault/testing'
import { filesUnder, searchFiles } from '../raw-files.mjs'
import { all, refusalOf } from '../stage.mjs'
import { counted, day } from '../tell.mjs'

/** Shorter ones could stand in random bytes by chance. */
const LEAST_BYTES = 6

/** @param {import('../stage.mjs').Stage} stage */
export async function letTimePass(stage) {
  const { tell, clock, vault, folder, vaultFolder, entries, agreed, counts, expect } = stage
  tell.scene(7, 'Ninety-one days', day(clock.now()))
  const ids = entries.flatMap(({ id }) => id ?? [])
  const texts = whatToLookFor(stage)

  const book = ['address-book.vcf', 'address-book.csv', 'sign-ups.json'].map(
    file => new URL(`../${file}`, import.meta.url),
  )
  const inBook = await searchFiles(book, texts)
  const inVault = await searchFiles(await filesUnder(vaultFolder), texts)
  tell.say(
    `First, while people are still in it: ${texts.length} names, numbers and e-mail addresses, searched for byte by byte ` +
      `in the ${inVault.files} files of the vault (${Math.round(inVault.bytes / 1024)} KiB), as UTF-8, UTF-16 and base64.`,
  )
  tell.table([
    [inBook.found, 'found in the address book and the sign-ups, where they came from'],
    [inVault.found, 'found in the vault'],
  ])
  expect(inBook.found > texts.length * 0.9, true, 'the search finds what is there to find')
  expect(inVault.found, 0, 'nothing of anybody lies in the clear')

  const peopleInCopy = (await vault.exists(ids)).length
  const copiedOn = new Date(clock.now()).toISOString()
  const stolen = join(folder, 'stolen')
  await cp(vaultFolder, stolen, { recursive: true })
  tell.say(
    `Somebody copies the whole folder today, with ${counted(peopleInCopy, 'entry', 'entries')} in it, and waits.`,
  )
  await tell.pause()

  const rows = [['', 'quarantine', 'prayer times', 'group chat']]
  const look = async () => {
    const now = {
      quarantine: await vault.quarantine.count(),
      'prayer-times': await vault.for('prayer-times').count(),
      'group-chat': await vault.for('group-chat').count(),
    }
    rows.push([day(clock.now()), ...Object.values(now).map(String)])
    return now
  }
  const start = clock.now()
  await look()
  await clock.advance('P24D')
  const after31 = await look()
  await clock.advance('P60D')
  const after91 = await look()
  tell.say('The clock moves on. Nobody does anything; at each midnight the vault forgets what is over.')
  tell.table(rows)
  const purges = await all(vault.ledger.entries({ type: 'purge', since: new Date(start).toISOString() }))
  tell.say(
    `${counted(purges.length, 'purge')} since, all automatic and all on the record. Who is left agreed to the group ` +
      'chat, for a year.',
  )
  expect(after31.quarantine, 0, 'quarantine is empty after its 30 days')
  expect([after91.quarantine, after91['prayer-times']], [0, 0], 'nobody can be reached for prayer times after 90 days')

  tell.say('Now with the passphrase in hand, five ways to get one of them back:')
  const thief = { unlock: passphrase(stage.passphrase), actor: 'thief' }
  const raw = await searchFiles(await filesUnder(vaultFolder), texts)
  tell.done(`The raw files of today: ${raw.found} of ${texts.length} texts found.`)

  const gone = [...agreed.keys()]
  const inside = await openAnyVault({ ...thief, store: disk(vaultFolder), clock })
  const door = inside.for('prayer-times')
  const revealed = (await Promise.all(gone.map(id => door.reveal(id)))).filter(Boolean).length
  const stillHere = (await inside.exists(ids)).length
  await inside.lock()
  tell.done(
    `The vault of today, opened with the passphrase: of ${gone.length} people who had agreed to prayer times it reveals ` +
      `${revealed}. Of ${ids.length} entries that ever came in, ${stillHere} are left.`,
  )

  // Rows of two days, each beside the cell of today: nothing else opens them.
  const rowsOf = async (/** @type {string} */ copy) => {
    const mixed = `${copy}-with-the-cell-of-today`
    await cp(copy, mixed, { recursive: true })
    await cp(join(vaultFolder, 'cell'), join(mixed, 'cell'), { recursive: true })
    return openAnyVault({ ...thief, store: disk(mixed), clock: fakeClock(copiedOn) })
  }
  const stale = await refusalOf(rowsOf(join(folder, 'copied-before-stop')))
  tell.done(
    `The rows from before STOP, beside the cell of today: ${stale?.code ?? 'opened'}. The secret they hang on was ` +
      'overwritten when the person left.',
  )
  const older = await rowsOf(stolen)
  const olderDoor = older.for('prayer-times')
  const revealedFromOlder = (await Promise.all(gone.map(id => olderDoor.reveal(id)))).filter(Boolean).length
  const inOlder = (await older.exists(ids)).length
  await older.lock()
  tell.done(
    `The rows of ${day(copiedOn)}, with ${peopleInCopy} entries, beside the cell of today, the clock turned back: opens, ` +
      `reveals ${revealedFromOlder} of ${gone.length}, and ${inOlder} entries are left. The keys of the others come from a ` +
      'ratchet in the cell, and it only turns forwards.',
  )

  const whole = await openAnyVault({ ...thief, store: disk(stolen), clock: fakeClock(copiedOn) })
  const inWholeCopy = (await whole.exists(ids)).length
  await whole.lock()
  tell.refused(
    `The whole copy, rows and the cell of ${day(copiedOn)}, and the clock turned back: opens, with ${inWholeCopy} entries. ` +
      'Nothing can overwrite bytes in somebody else’s hands. So keep the cell out of copies (its folder is ' +
      'marked for backup programs), and whoever has copy and passphrase has the people in it.',
  )

  const { fileSystem, forgetting } = await vault.guarantees()
  tell.say(`What guarantees() says here: ${fileSystem}, ${forgetting}. ${MEANS[forgetting]}`)
  counts.forgotten = {
    texts: texts.length,
    foundInBook: inBook.found,
    foundBefore: inVault.found,
    foundAfter: raw.found,
    after31,
    after91,
    revealed,
    stillHere,
    rowsBeforeStop: stale?.code ?? 'opened',
    olderRows: { revealed: revealedFromOlder, entries: inOlder },
    wholeCopy: { entries: inWholeCopy, of: peopleInCopy },
    fileSystem,
    forgetting,
  }
  expect(raw.found, 0, 'nothing of anybody is found after expiry')
  expect(revealed, 0, 'nobody who expired is revealed to whoever has the passphrase')
  expect(stillHere, after91['group-chat'], 'only those who agreed to the group chat are left')
  expect(stale?.code, 'CELL_STALE', 'rows from before a withdrawal do not open beside the cell of today')
  expect([revealedFromOlder, inOlder], [0, stillHere], 'older rows beside the cell of today reveal nobody who expired')
  expect(inWholeCopy, peopleInCopy, 'the limit is told as it is')
}

/** Only in place may anything be called gone for ever. @type {Record<import('@amanat/vault').Guarantees['forgetting'], string>} */
const MEANS = {
  'in-place':
    'The old secret was overwritten where it lay, so what expired is gone for ever from this folder, for us too. ' +
    'A drive that keeps old blocks of its own (most SSDs do, for a while) is beyond what software can see.',
  'copy-on-write':
    'This file system writes new bytes elsewhere and may keep the old ones for a while, in snapshots for longer. ' +
    'What expired can’t be read through any file; it is not called gone for ever here.',
  'best-effort':
    'What lies underneath may keep old bytes. What expired can’t be read through any file; it is not called gone ' +
    'for ever here.',
  unknown:
    'Nobody measured what becomes of old bytes there. What expired can’t be read through any file; it is not called ' +
    'gone for ever here.',
}

/** Names, numbers, addresses of everybody, word by word and as written. @param {import('../stage.mjs').Stage} stage */
function whatToLookFor({ entries, signUps }) {
  const texts = entries.flatMap(({ name, numbers, emails }) => [...name.split(' '), ...numbers, ...emails])
  const sheets = signUps.flatMap(({ evidence }) => evidence?.reference ?? [])
  return [...new Set([...texts, ...sheets])].filter(text => Buffer.byteLength(text) >= LEAST_BYTES)
}
