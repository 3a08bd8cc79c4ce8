/** The policies to begin with are sound in themselves, and a policy that goes through the form comes out as it was. */
import { isVaultError, type Policy, parsePolicy } from '@amanat/vault'
import { describe, expect, test } from 'vitest'
import { saysItAll } from '../src/screens/signup/told'
import { durationWords } from '../src/vaults/duration'
import { draftOf, newKey, policyOf, startingDraft } from '../src/vaults/policy-draft'
import { TEMPLATES, type Template } from '../src/vaults/templates'

const controller = {
  name: 'Riverside Centre',
  contact: 'privacy@riverside.example',
  address: '1 Quay Street, Riverside',
  jurisdiction: 'GB',
  withdraw: 'Reply STOP, or tell any of us',
}

function filled(template: Template, language: 'en' | 'fa' = 'en') {
  const draft = startingDraft(template, 'GB', language)
  return { ...draft, base: { ...draft.base, controller } }
}

const issuesOf = (policy: Policy) => {
  try {
    parsePolicy(policy)
    return []
  } catch (error) {
    if (!isVaultError(error, 'POLICY_INVALID')) throw error
    return error.data.issues.map(({ path }) => path)
  }
}

describe('a template', () => {
  const ready = TEMPLATES.filter(template => template !== 'own')

  test.each(ready)('%s is a policy once the group has said who it is', template => {
    for (const language of ['en', 'fa'] as const) {
      const policy = policyOf(filled(template, language))
      expect(issuesOf(policy)).toEqual([])
      for (const [name, { description }] of Object.entries(policy.purposes)) {
        expect(description).toMatchObject({ en: expect.any(String), fa: expect.any(String) })
        const text: Readonly<Record<string, string>> = policy.notices?.[name]?.text ?? {}
        for (const words of [text['en'], text['fa']]) {
          expect(words).toContain(controller.name)
          expect(words).toContain(controller.withdraw)
        }
      }
    }
  })

  test.each(ready)('%s says what is missing while the group has not', template => {
    expect(issuesOf(policyOf(startingDraft(template, 'GB')))).toEqual(
      expect.arrayContaining(['controller.name', 'controller.contact', 'controller.address', 'controller.withdraw']),
    )
  })

  test('of one’s own begins with a purpose that nothing is said of, and is named by what is said', () => {
    const draft = filled('own')
    expect(issuesOf(policyOf(draft))).toHaveLength(1)
    const [first] = draft.purposes
    if (!first) throw new Error('There is no purpose to begin with.')
    const spec = { ...first.spec, description: { en: 'Bring you a meal when you are ill', fa: '' } }
    const two = [first, { ...first, key: newKey() }].map(each => ({ ...each, spec }))
    const policy = policyOf({ ...draft, purposes: two })
    expect(issuesOf(policy)).toEqual([])
    expect(Object.keys(policy.purposes)).toEqual(['bring-you-a-meal', 'bring-you-a-meal-2'])
    expect(policy.purposes['bring-you-a-meal']?.description).toEqual({ en: spec.description.en })
  })
})

describe('a policy in the form', () => {
  test('comes out as it went in, notices and what the form does not know included', () => {
    const policy: Policy = {
      ...policyOf(filled('community')),
      custom: { 'x:diet': 'text' },
      maxJump: 'P60D',
    }
    expect(policyOf(draftOf(policy))).toEqual(policy)
  })

  test('gets a new version of a notice when what people are told changes, and only then', () => {
    const before = policyOf(filled('community'))
    const draft = draftOf(before)
    const purposes = draft.purposes.map(each =>
      each.id === 'events' ? { ...each, spec: { ...each.spec, keepFor: 'P30D' } } : each,
    )
    const after = policyOf({ ...draft, purposes })
    expect(after.notices?.['events']?.version).toBe('2')
    expect(after.notices?.['events']?.text['en']).toContain('30 days')
    expect(after.notices?.['newsletter']).toEqual(before.notices?.['newsletter'])
  })
})

describe('at the door', () => {
  const policy = policyOf(filled('community'))
  const notice = policy.notices?.['newsletter']?.text['fa'] ?? ''

  test('a notice that was made of the policy says all of it, and isn’t told twice', () => {
    expect(saysItAll(policy, 'newsletter', notice)).toBe(true)
  })

  test('one that somebody wrote, or that the policy has left behind, may leave something out', () => {
    expect(saysItAll(policy, 'newsletter', `${notice} …`)).toBe(false)
    const changed = { ...policy, controller: { ...controller, name: 'Somebody else' } }
    expect(saysItAll(changed, 'newsletter', notice)).toBe(false)
  })
})

test('durations are said in both languages', () => {
  expect(durationWords('en', 'P90D')).toBe('90 days')
  expect(durationWords('en', 'P1Y')).toBe('1 year')
  expect(durationWords('en', 'PT1H')).toBe('1 hour')
  expect(durationWords('fa', 'P6M')).toContain('۶')
})
