// The story's acts without a page: what they answer is what the invented people said, counted from the seed alone.
import { describe, expect, test } from 'vitest'
import {
  bringIn,
  bringInAgain,
  claimForTheChat,
  handToTheProvider,
  leaveTheGroup,
  letTimePass,
  readTheRecord,
  signUp,
  wantThemInTheChat,
} from '../src/story/acts'
import { addressBook, inventedPeople, PEOPLE, type Said } from '../src/story/seed'
import { setStage } from '../src/story/stage'

const people = inventedPeople()
const said = (...what: Said[]) => people.filter(one => what.includes(one.said)).length
const nothing = () => undefined

describe('the invented people', () => {
  test('are 232, the same each time, each with a name and a number of their own', () => {
    expect(people).toHaveLength(PEOPLE)
    expect(inventedPeople()).toEqual(people)
    expect(new Set(people.map(({ name }) => name)).size).toBe(232)
    expect(new Set(people.map(({ phone }) => phone.slice(-3))).size).toBe(232)
  })

  test('are nobody: numbers and addresses are of ranges kept for fiction', () => {
    for (const { phone, email } of people) {
      expect(phone).toMatch(/^(?:\+44 7700|07700) 900\d{3}$/)
      if (email) expect(email).toMatch(/@example\.(?:org|com|net)$/)
    }
    expect(addressBook(people).match(/BEGIN:VCARD/g)).toHaveLength(232)
  })
})

describe('the story', () => {
  test.each(['en', 'fa'] as const)('plays to its end (%s)', async language => {
    const stage = await setStage(language)
    const steps: number[] = []
    const come = await bringIn(stage, done => steps.push(done))
    expect(come.waiting).toBe(232)
    expect(come.leftOut).toMatchObject({ notes: people.filter(({ note }) => note).length })
    expect(come.until).toMatch(/^2026-03-31/)

    const yes = said('yes-on-paper', 'yes-and-group', 'yes-remembered')
    const signed = await signUp(stage, nothing)
    expect(signed).toMatchObject({ reachable: yes, onPaper: said('yes-on-paper', 'yes-and-group'), no: said('no') })
    expect(signed.waiting).toBe(232 - yes)

    const claimed = await claimForTheChat(stage, nothing)
    expect(claimed).toEqual({ claims: 232 - said('yes-and-group'), onPaper: said('yes-and-group') })
    const refused = await wantThemInTheChat(stage)
    expect(refused).toEqual({ people: 232, reasons: { 'assurance-too-low': 232 } })

    const out = await handToTheProvider(stage)
    expect(out).toMatchObject({
      people: signed.onPaper,
      arrived: signed.onPaper,
      leftOut: signed.remembered,
      reasons: { 'assurance-too-low': signed.remembered },
    })

    const left = await leaveTheGroup(stage)
    expect([left.before - left.after, left.isHere]).toEqual([1, false])

    const again = await bringInAgain(stage, nothing)
    expect(again).toMatchObject({ cameIn: 0, stopped: 232, back: 0 })
    expect(again.mayHaveLeft).toBeGreaterThanOrEqual(1)

    const { days, reachable, left: stay } = await letTimePass(stage, nothing)
    expect(days).toHaveLength(91)
    expect([reachable, stay]).toEqual([0, said('yes-and-group')])

    const record = await readTheRecord(stage)
    expect(record).toMatchObject({ refused: 1, handedOver: 1 })
    await stage.vault.lock()
  })
})
