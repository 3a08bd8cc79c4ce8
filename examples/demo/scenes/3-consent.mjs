// @ts-check
// What people said is written down: on paper, on the web form, in the corridor; yes, no, and never again.

import { entriesOf, refusalOf } from '../stage.mjs'
import { counted, day, time } from '../tell.mjs'

const RECIPIENT = /** @type {const} */ ({ 'prayer-times': 'sms-gateway', 'group-chat': 'community-chat' })

/** @param {import('../stage.mjs').Stage} stage */
export async function writeDownWhatPeopleSaid({ tell, clock, vault, entries, signUps, agreed, counts, expect }) {
  tell.scene(3, 'Some say yes, some say no', day(clock.now()))
  const given = { evidenced: 0, claimed: 0 }
  let tooOld = 0
  let refusals = 0
  let neverAgain = 0
  /** @type {import('@amanat/vault').Receipt | undefined} */
  let receipt

  for (const signUp of signUps) {
    const { purpose, answer, how, on } = signUp
    const ids = entriesOf(entries, signUp.who).flatMap(({ id }) => id ?? [])
    const [id] = ids
    if (id === undefined) {
      expect(signUp.who, 'in the address book', 'whoever signed up is in the address book')
    } else if (answer === 'never-again') {
      // Erasing also keeps a short fingerprint of the number, so that no import brings them back.
      for (const one of ids) await vault.erase(one)
      neverAgain++
    } else if (purpose === undefined) {
      throw new TypeError('a sign-up names a purpose')
    } else if (answer === 'refused') {
      await vault.refuse(id, purpose, { how, at: on })
      refusals++
    } else {
      const call = vault.consent(id, consentOf(signUp, purpose))
      const refused = await refusalOf(call)
      if (refused) {
        expect(refused.code, 'EXPIRES_TOO_SOON', 'the only consents refused are those that are over already')
        tooOld++
        continue
      }
      const recorded = await call
      if (recorded.assurance === 'evidenced') given.evidenced++
      else given.claimed++
      if (purpose === 'prayer-times' && recorded.assurance === 'evidenced') {
        agreed.set(id, signUp)
        receipt = recorded
      }
    }
  }

  tell.say('The sign-up sheets, the web form, and what somebody remembers, brought in one by one:')
  tell.table([
    [given.evidenced, 'agreed, and there is the sheet or the form itself: evidenced'],
    [given.claimed, '“said yes in the corridor”, and nothing to show for it: claimed, for 30 days at most'],
    [tooOld, 'are said to have agreed years ago: over before it could be recorded, refused'],
    [refusals, 'said no: written down like a yes'],
    [neverAgain, 'never want to hear from the centre again: erased, and kept from coming back'],
  ])
  if (receipt) {
    tell.say('Everybody who says yes or no can be given a receipt. This one is pseudonymous, as all are:')
    tell.table([
      ['for', `contact ${receipt.contact}`],
      ['purpose', `${receipt.purpose}, ${receipt.event} on ${day(receipt.at)} by ${receipt.how}, ${receipt.assurance}`],
      ['covers', `${receipt.fields?.join(', ')}, to ${receipt.recipients?.join(', ')}`],
      ['until', time(receipt.until ?? '')],
      [
        'was shown',
        `${receipt.notice?.id} v${receipt.notice?.version} (${receipt.notice?.language}), SHA-256 ${receipt.notice?.sha256.slice(0, 16)}…`,
      ],
      ['to stop', receipt.withdraw],
    ])
  }
  const prayerTimes = await vault.for('prayer-times').count()
  const groupChat = await vault.for('group-chat').count()
  const waiting = await vault.quarantine.count()
  tell.say(
    `${counted(prayerTimes, 'person', 'people')} can be reached for prayer times, ${groupChat} for the group chat. ` +
      `${waiting} entries still wait in quarantine.`,
  )
  counts.consents = { ...given, tooOld, refusals, neverAgain }
  counts.reachable = { 'prayer-times': prayerTimes, 'group-chat': groupChat, quarantine: waiting }
}

/** @param {import('../stage.mjs').SignUp} signUp @param {'prayer-times' | 'group-chat'} purpose */
function consentOf({ how, on, language, evidence, method }, purpose) {
  const given = {
    how,
    at: on,
    ...(method === undefined ? {} : { words: method }),
    ...(evidence
      ? { evidence: { kind: evidence.kind, reference: evidence.reference, content: scanOf(evidence) } }
      : {}),
  }
  // Somebody in the corridor was shown nothing.
  const shown = evidence
    ? { notice: /** @type {const} */ ('sign-up'), ...(language === undefined ? {} : { language }) }
    : {}
  return purpose === 'prayer-times'
    ? { purpose, recipients: [RECIPIENT[purpose]], ...shown, given }
    : { purpose, recipients: [RECIPIENT[purpose]], ...shown, given }
}

/** Stands for the picture of a sheet of paper. The words are searched for later. @param {{ reference: string }} evidence */
export const scanOf = ({ reference }) => new TextEncoder().encode(`An invented scan of ${reference}: yes, text me. ✓`)
