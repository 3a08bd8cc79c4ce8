/**
 * What happens in the story, each act with the few calls of the library that an app would make, and what came of it, as the
 * vault says it. Nothing is told that the vault didn't answer.
 */
import { nameOf, phoneOf, readCards } from '@amanat/cards'
import { isVaultError, type Reason } from '@amanat/vault'
import { Decrypter } from 'age-encryption'
import type { Said } from './seed'
import { OMID, type Stage } from './stage'

/** How far an act is; the screen is let draw in between. */
export type Tell = (done: number, of: number) => void

const breathe = () => new Promise<void>(resolve => setTimeout(resolve))
export type Reasons = { readonly [reason in Reason]?: number }

/** Everybody of the old address book: without a consent, so they wait, and only with what some purpose needs. */
export async function bringIn({ vault, clock, book, people, ids }: Stage, tell: Tell) {
  const report = await vault.addMany(contactsOf(book, 'the office phone, 2015 to 2026'), {
    whenUndeclared: 'leave-out',
    onEach: ({ index, id }) => {
      const person = people[index]
      if (person && id) ids.set(person.phone, id)
    },
    onProgress: done => tell(done, people.length),
  })
  await clock.advance('PT20M')
  const [first] = (await vault.quarantine.list({ limit: 1 })).people
  return { waiting: await vault.quarantine.count(), leftOut: report.leftOut, until: first?.until ?? '' }
}

async function* contactsOf(book: string, source: string) {
  for await (const item of readCards(book)) {
    if ('card' in item) yield { card: item.card, source, mayAsk: 'in-person-or-post' as const }
  }
}

/** What a scan of the sheet would be. The words are a stand-in; that they are kept, sealed, is not. */
const sheet = (phone: string) => new TextEncoder().encode(`An invented scan of a signed sheet, ${phone}`)

/** Over a week, those who came by say yes or no: on paper, or in the corridor. Each no is written down like a yes. */
export async function signUp({ vault, clock, people, ids }: Stage, tell: Tell) {
  const came = people.filter(({ said }) => said !== 'nothing')
  const aDay = Math.ceil(came.length / 6)
  for (let at = 0; at < came.length; at += aDay) {
    const today = came.slice(at, at + aDay)
    await Promise.all(
      today.map(async ({ phone, said }) => {
        const id = ids.get(phone) ?? ''
        if (said === 'no') return vault.refuse(id, 'prayer-times', 'paper')
        const isProved = said !== 'yes-remembered'
        const given = isProved
          ? { how: 'paper', evidence: { kind: 'scan', content: sheet(phone) } }
          : { how: 'verbal', words: 'in the corridor' }
        const shown = (notice: string) => (isProved ? { notice, language: 'en' } : {})
        const prayerTimes = { purpose: 'prayer-times', recipients: ['sms-provider'], ...shown('sign-up'), given }
        await vault.consent(id, prayerTimes)
        if (said !== 'yes-and-group') return undefined
        return vault.consent(id, { purpose: 'group-chat', recipients: ['community-chat'], ...shown('chat'), given })
      }),
    )
    tell(at + today.length, came.length)
    await breathe()
    await clock.advance('P1D')
  }
  const said = (...what: Said[]) => came.filter(one => what.includes(one.said)).length
  return {
    reachable: await vault.for('prayer-times').count(),
    onPaper: said('yes-on-paper', 'yes-and-group'),
    remembered: said('yes-remembered'),
    no: said('no'),
    waiting: await vault.quarantine.count(),
  }
}

/** The organiser says that they all agreed. So it is written down: as somebody's word, good for 30 days and for little. */
export async function claimForTheChat({ vault, clock, people, ids }: Stage, tell: Tell) {
  const omid = vault.as(OMID)
  const given = { how: 'sms', words: 'I texted them all, and they said yes' }
  const lacking = people.filter(({ said }) => said !== 'yes-and-group')
  for (let at = 0; at < lacking.length; at += LOT) {
    const lot = lacking.slice(at, at + LOT).flatMap(({ phone }) => ids.get(phone) ?? [])
    await Promise.all(lot.map(id => omid.consent(id, { purpose: 'group-chat', recipients: ['community-chat'], given })))
    tell(at + lot.length, lacking.length)
    await breathe()
  }
  await clock.advance('PT15M')
  return { claims: lacking.length, onPaper: people.length - lacking.length }
}

const LOT = 30

/** Everybody into the chat group. The door answers for each of them. */
export async function wantThemInTheChat({ vault }: Stage): Promise<{ people: number; reasons: Reasons }> {
  try {
    await vault.as(OMID).for('group-chat').export({ recipient: 'community-chat', format: 'vcard' })
  } catch (error) {
    if (!isVaultError(error, 'EXPORT_REFUSED')) throw error
    const { reasons } = error.data
    return { people: Object.values(reasons).reduce((sum, count) => sum + count, 0), reasons }
  }
  throw new Error('The group chat was given people: the story is wrong.')
}

/** Whether somebody tried by themselves, in the screen: the record knows. */
export async function wasRefused({ vault }: Stage): Promise<{ people: number; reasons: Reasons } | undefined> {
  for await (const { purpose } of vault.ledger.entries({ type: 'export-refused' })) {
    if (purpose !== 'group-chat') continue
    const { refused: reasons } = await vault.for('group-chat').check({ recipient: 'community-chat' })
    return { people: Object.values(reasons).reduce((sum, count) => sum + count, 0), reasons }
  }
  return undefined
}

/** The hand-over that people did agree to. Whoever falls short is left out, and counted. */
export async function handToTheProvider({ vault, clock, provider }: Stage) {
  const door = vault.for('prayer-times')
  const { refused } = await door.check({ recipient: 'sms-provider' })
  const out = await door.export({ recipient: 'sms-provider', format: 'csv', whenRefused: 'leave-out' })
  const file = new Uint8Array(await new Response(out.file).arrayBuffer())
  const { people, leftOut, sha256, destroyBy } = await out.manifest
  await clock.advance('PT30M')
  return { people, leftOut, reasons: refused, sha256, destroyBy, bytes: file.length, ...(await opened(file, provider)) }
}

/** At the provider's: any age tool and its own key. */
async function opened(file: Uint8Array, provider: string) {
  const decrypter = new Decrypter()
  decrypter.addIdentity(provider)
  let arrived = 0
  let first: { readonly name: string; readonly phone: string } | undefined
  for await (const item of readCards(await decrypter.decrypt(file), { type: 'csv' })) {
    if (!('card' in item)) continue
    arrived++
    first ??= { name: nameOf(item.card) ?? '', phone: phoneOf(item.card) ?? '' }
  }
  return { arrived, first }
}

/** STOP, from somebody who had agreed: only the number is known. */
export async function leaveTheGroup({ vault, clock, people }: Stage) {
  const leaver = people.find(({ said }) => said === 'yes-on-paper')
  if (!leaver) throw new Error('Nobody agreed: the story is wrong.')
  const door = vault.for('prayer-times')
  const before = await door.count()
  const ids = await vault.identify({ phone: leaver.phone })
  for (const id of ids) await vault.withdraw(id, undefined, 'sms')
  const isHere = (await vault.exists(ids)).length > 0
  await clock.advance('P7D')
  return { name: leaver.name, before, after: await door.count(), isHere }
}

/** A second administrator finds the same file, a week later. */
export async function bringInAgain({ vault, clock, book, people }: Stage, tell: Tell) {
  const report = await vault.as(OMID).addMany(contactsOf(book, 'the office phone, again'), {
    whenUndeclared: 'leave-out',
    onProgress: done => tell(done, people.length),
  })
  const leaver = people.find(({ said }) => said === 'yes-on-paper')
  const back = leaver ? (await vault.identify({ phone: leaver.phone })).length : 0
  await clock.advance('PT10M')
  return {
    cameIn: report.added + report.quarantined,
    stopped: report.refused,
    again: report.reasons.QUARANTINE_AGAIN ?? 0,
    mayHaveLeft: report.reasons.SUPPRESSED ?? 0,
    back,
  }
}

export interface Day {
  readonly at: number
  readonly prayerTimes: number
  readonly groupChat: number
}

const DAYS = 90

/** Nobody does anything. At each midnight the vault forgets what is over. */
export async function letTimePass({ vault, clock }: Stage, tell: Tell) {
  const look = async (): Promise<Day> => ({
    at: clock.now(),
    prayerTimes: await vault.for('prayer-times').count(),
    groupChat: await vault.for('group-chat').count(),
  })
  const days = [await look()]
  for (let day = 1; day <= DAYS; day++) {
    await clock.advance('P1D')
    days.push(await look())
    tell(day, DAYS)
    await breathe()
  }
  return { days, left: days.at(-1)?.groupChat ?? 0, reachable: days.at(-1)?.prayerTimes ?? 0 }
}

/** Who did what, and who was refused: ids and counts, no names. */
export async function readTheRecord({ vault }: Stage) {
  let entries = 0
  let refused = 0
  let handedOver = 0
  let forgotten = 0
  for await (const { type } of vault.ledger.entries()) {
    entries++
    if (type === 'export-refused') refused++
    if (type === 'export-ended') handedOver++
    if (type === 'purge') forgotten++
  }
  return { entries, refused, handedOver, forgotten }
}
