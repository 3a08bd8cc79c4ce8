/** What the vault is told of a yes that somebody writes down. */
import { expect, test } from 'vitest'
import { consentOf } from '../src/screens/person/given-fields'
import { policyOf, startingDraft } from '../src/vaults/policy-draft'

const NOON = Date.parse('2026-03-01T12:00:00Z')

test('a document is of the kind that goes with how they said yes, whichever was chosen first', () => {
  const policy = policyOf(startingDraft('community', 'GB', 'en'))
  const content = Uint8Array.of(1)
  const draft = { on: '2026-03-01', evidence: { content, name: 'call.ogg' }, recipients: [], isNoticeShown: false }
  const kindOf = (how: 'paper' | 'verbal') =>
    (consentOf('newsletter', { ...draft, how }, policy, 'en', NOON).given as { evidence: object }).evidence
  expect(kindOf('verbal')).toEqual({ kind: 'recording', content })
  expect(kindOf('paper')).toEqual({ kind: 'scan', content })
})
