import { describe, expect, it } from 'vitest'
import type { ConsentEvent, ConsentRecord, OtherEvent } from '../../src/consent/consent'
import { assuranceOf, lastGiven, stateAt, summaryOf } from '../../src/consent/state'
import { lowerAssurance } from '../../src/rules/lower'
import { formatInstant } from '../../src/time/calendar'
import { agreed, given, on, riverside, SIGNED, scan, withPurpose } from '../riverside'

const event = (kind: OtherEvent['kind'], at = SIGNED): OtherEvent => ({ kind, at, recorded: at, actor: 'staff:leila' })
const record = (...events: ConsentEvent[]): ConsentRecord => ({ purpose: 'prayer-times', events })
const state = (...events: ConsentEvent[]) => summaryOf(record(...events))?.state
const yes = given({ evidence: scan })

describe('R5: the state of a consent', () => {
  it.each<[what: string, events: ConsentEvent[], state: string | undefined]>([
    ['is unknown before anything happened', [], undefined],
    ['is requested once they were asked', [event('requested')], 'requested'],
    ['is given once they gave it', [event('requested'), yes], 'given'],
    ['is given when renewed', [yes, given({ kind: 'renewed' })], 'given'],
    ['stays given when they are asked again', [yes, event('requested')], 'given'],
    ['is refused once they refused', [event('requested'), event('refused')], 'refused'],
    ['is refused when they refuse what they had given', [yes, event('refused')], 'refused'],
    ['is withdrawn once they withdrew', [yes, event('withdrawn')], 'withdrawn'],
    ['stays withdrawn when they are asked again', [yes, event('withdrawn'), event('requested')], 'withdrawn'],
    ['is given when given after a withdrawal', [yes, event('withdrawn'), yes], 'given'],
  ])('%s', (_, events, expected) => {
    expect(state(...events)).toBe(expected)
  })

  it('permits something only when given: no other state carries a scope', () => {
    for (const events of [[event('requested')], [event('refused')], [yes, event('withdrawn')]]) {
      expect(summaryOf(record(...events))?.given).toBeUndefined()
    }
  })

  it('takes its scope and date from the last time it was given, also where that is less', () => {
    const less = given({
      kind: 'renewed',
      evidence: scan,
      scope: { ...yes.scope, fields: ['name'] },
      until: on('2026-05-01'),
    })
    expect(summaryOf(record(yes, less))?.given).toMatchObject({ until: on('2026-05-01'), scope: { fields: ['name'] } })
    expect(lastGiven(record(yes, less))).toBe(less)
  })

  it('has expired from the instant of expiry on, without anything being recorded', () => {
    const summary = agreed('prayer-times', { until: on('2026-06-08') })
    expect(stateAt(summary, riverside, on('2026-06-07T23:59:59.999Z'))).toBe('given')
    expect(stateAt(summary, riverside, on('2026-06-08'))).toBe('expired')
    expect(stateAt({ purpose: 'prayer-times', state: 'withdrawn' }, riverside, on('2030-01-01'))).toBe('withdrawn')
  })

  it('expires sooner where the policy now keeps people for less time', () => {
    const month = withPurpose('prayer-times', { keepFor: 'P30D' })
    expect(stateAt(agreed('prayer-times'), month, on('2026-04-08T23:59Z'))).toBe('given')
    expect(stateAt(agreed('prayer-times'), month, on('2026-04-09'))).toBe('expired')
  })
})

describe('R7: assurance is derived', () => {
  it.each([
    ['a word alone is a claim', given(), 'claimed'],
    ['a hash is a claim', given({ evidence: { kind: 'scan', sha256: new Uint8Array(32) } }), 'claimed'],
    ['a reference is a claim', given({ evidence: { kind: 'scan', reference: 'drawer 3' } }), 'claimed'],
    ['the document itself is evidence', given({ evidence: scan }), 'evidenced'],
    ['an answer to a challenge confirms', given({ confirmed: { at: SIGNED } }), 'confirmed'],
    ['an answer counts for more than a document', given({ evidence: scan, confirmed: { at: SIGNED } }), 'confirmed'],
  ])('%s', (_, event, assurance) => {
    expect(assuranceOf(event)).toBe(assurance)
    expect(summaryOf(record(event))?.given?.assurance).toBe(assurance)
  })

  it('a claim lasts 30 days at most, whatever was written down', () => {
    const summary = summaryOf(record(given({ until: on('2026-06-08') })))
    expect(formatInstant(summary?.given?.until ?? 0)).toBe('2026-04-09T00:00:00.000Z')
    expect(summaryOf(record(given({ evidence: scan, until: on('2026-06-08') })))?.given?.until).toBe(on('2026-06-08'))
  })
})

describe('R7: changing a contact point', () => {
  const later = on('2026-05-01T12:00Z')
  const answered = given({ confirmed: { at: SIGNED } })
  const lowered = (...events: ConsentEvent[]) => lowerAssurance(record(...events), later, 'staff:leila')

  it('makes what was confirmed at it a claim, with 30 days to ask again', () => {
    const summary = summaryOf(lowered(answered))
    expect(summary?.given).toMatchObject({ assurance: 'claimed', until: on('2026-05-31') })
  })

  it('never makes it last longer', () => {
    expect(summaryOf(lowered({ ...answered, until: on('2026-05-10') }))?.given?.until).toBe(on('2026-05-10'))
  })

  it('leaves what was signed: the document is there still', () => {
    const summary = summaryOf(lowered({ ...answered, evidence: scan }))
    expect(summary?.given).toMatchObject({ assurance: 'evidenced', until: answered.until })
  })

  it('strikes nothing out of the record, and is written down once', () => {
    const after = lowered(answered)
    expect(after.events[0]).toBe(answered)
    expect(after.events).toHaveLength(2)
    expect(lowerAssurance(after, later + 1, 'staff:leila')).toBe(after)
  })

  it('changes nothing where nothing was confirmed', () => {
    for (const events of [[given()], [yes], [event('requested')], [answered, event('withdrawn')]]) {
      const before = record(...events)
      expect(lowerAssurance(before, later, 'staff:leila')).toBe(before)
    }
  })

  it('is made good by an answer from the new one', () => {
    const again = given({ kind: 'renewed', at: later + 1, confirmed: { at: later + 1 } })
    const { events } = lowered(answered)
    expect(summaryOf(record(...events, again))?.given?.assurance).toBe('confirmed')
    // And is lowered by the next change, though an earlier one was too.
    expect(lowered(...events, again).events.map(({ kind }) => kind)).toEqual(['given', 'lowered', 'renewed', 'lowered'])
  })
})
