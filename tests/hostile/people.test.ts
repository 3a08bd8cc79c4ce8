/**
 * People and consents as callers bring them, from forms and files they didn't write: `add`, `change`, `consent` and their
 * kin answer with a receipt or a VaultError, never with a TypeError of something undefined, and what they took in can be
 * read, handed over, changed and found again. No error repeats a name or a number (R37).
 */
import { memoryStore } from '@amanat/store-contract/memory'
import type { Policy, Vault } from '@amanat/vault'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { checkCard } from '../../packages/vault/src/contact/check-card'
import { CARD_FIELDS } from '../../packages/vault/src/contact/jscontact'
import { canonicalEmail, phoneReader, pointsOf } from '../../packages/vault/src/contact/points'
import { decodeRecord, encodeRecord } from '../../packages/vault/src/record/record'
import { mergePatch } from '../../packages/vault/src/verbs/change'
import { givenEvent } from '../../packages/vault/src/verbs/consents'
import { riverside } from '../../packages/vault/test/riverside'
import { centre, type Riverside } from '../../packages/vault/test/vault/centre'
import { type as typeError, vault as vaultError } from './allowed'
import { KEYS, MARK, nastyJson, nastyText, nastyValue, nested, warped, withKey } from './nasty'
import { fit, hostile } from './parser'

const NOW = Date.UTC(2026, 2, 10, 9, 30)
/** Every field of JSContact declared, so that none is stopped at the door for its name. */
const open: Policy = {
  ...riverside,
  purposes: {
    ...riverside.purposes,
    all: { description: 'Everything', fields: [...CARD_FIELDS, 'x:diet', 'x:age'], keepFor: 'P1Y' },
  },
}

const card = {
  '@type': 'Card',
  version: '2.0',
  uid: 'urn:uuid:1',
  name: { full: 'Sara Karimi', components: [{ kind: 'given', value: 'Sara' }] },
  nicknames: { k1: { name: 'Sari' } },
  phones: { p1: { number: '+44 7700 900123', contexts: { private: true } }, p2: { number: '07700 900124' } },
  emails: { e1: { address: 'sara@example.org' } },
  notes: { n1: { note: 'rings back' } },
  media: {
    m1: { kind: 'photo', uri: 'data:image/png;base64,AAAA' },
    m2: { kind: 'photo', uri: 'https://example.org/a.png' },
  },
  keywords: { choir: true },
  localizations: { fa: { 'name/full': 'سارا' } },
  'x:diet': 'vegan',
  'x:age': 40,
}
const given = {
  how: 'paper',
  words: 'signed',
  at: '2026-03-01',
  by: 'guardian',
  authority: 'mother',
  authorityUntil: '2030-01-01',
  evidence: { kind: 'scan', content: new Uint8Array([1, 2]), mediaType: 'image/png', reference: 'drawer 4' },
}
const consent = {
  purpose: 'prayer-times',
  recipients: ['sms-gateway'],
  fields: ['name', 'phones'],
  notice: 'signup',
  language: 'en',
  until: '2026-05-01',
  given,
}

const hostileCard = fc.oneof(
  { weight: 6, arbitrary: warped([card]) },
  { weight: 1, arbitrary: nastyValue },
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        fc.constantFrom('phones', 'emails', 'media', 'localizations', 'keywords', 'notes'),
        fc.constantFrom(...KEYS),
        nastyJson,
      )
      .map(([field, key, value]) => ({ ...card, [field]: withKey(key, value) })),
  },
)

describe('a card', () => {
  hostile('is kept as it was, or refused', {
    input: hostileCard,
    runs: 2_000,
    refuses: vaultError('CARD_INVALID', 'CARD_TOO_LARGE', 'FIELD_NOT_DECLARED'),
    read: async input => {
      const kept = checkCard(input, open)
      const written = encodeRecord(kept)
      expect(encodeRecord(decodeRecord(written))).toEqual(written)
      for (const { value } of pointsOf(kept, 'GB', await phoneReader())) fit(typeof value === 'string', 'no point')
    },
  })

  hostile('patched is a card, or refused', {
    input: fc.oneof(
      warped([card], nastyJson),
      nastyJson,
      fc.constantFrom(nested(100_000, 'a'), { name: nested(100_000, 'full') }, nested(100_000)),
    ),
    runs: 1_000,
    refuses: vaultError('CARD_INVALID', 'CARD_TOO_LARGE', 'FIELD_NOT_DECLARED'),
    read: patch => void checkCard(mergePatch(card, patch), open),
  })

  hostile('has an address that can be compared, whatever it is', {
    input: nastyText,
    runs: 500,
    refuses: () => false,
    read: async text => {
      fit(canonicalEmail(canonicalEmail(text)) !== undefined, 'no address')
      const reader = await phoneReader()
      fit(reader(text, 'GB') !== '' && reader(text, undefined) !== '', 'no number')
    },
  })
})

describe('a consent', () => {
  hostile('is an event that can be written, or refused', {
    input: fc.oneof({ weight: 6, arbitrary: warped([consent]) }, { weight: 1, arbitrary: nastyValue }),
    runs: 2_000,
    refuses: vaultError(
      'CONSENT_INVALID',
      'UNKNOWN_PURPOSE',
      'UNKNOWN_RECIPIENT',
      'UNKNOWN_NOTICE',
      'FIELD_NOT_DECLARED',
      'EXPIRES_TOO_SOON',
    ),
    read: input => {
      const event = givenEvent(input as never, riverside as never, NOW, 'staff:leila')
      fit(event.by === 'person' || event.by === 'guardian', 'given by nobody')
      fit(event.until > NOW && event.at <= NOW, 'at no time')
      fit(
        event.scope.fields.every(field => typeof field === 'string'),
        'fields that are no words',
      )
      fit(
        event.scope.recipients.every(({ id }) => typeof id === 'string'),
        'recipients that are no words',
      )
      fit(
        !event.notice || [event.notice.id, event.notice.language].every(text => typeof text === 'string'),
        'no notice',
      )
      const { evidence } = event
      fit(!evidence || typeof evidence.kind === 'string', 'evidence of no kind')
      encodeRecord({ ...event, evidence: null })
    },
  })
})

describe('a vault', () => {
  let vault: Vault<Riverside>
  let medium: Awaited<ReturnType<typeof centre>>['medium']
  let id: string
  beforeAll(async () => {
    const made = await centre(open as unknown as Riverside)
    vault = made.vault as never
    medium = made.medium
    id = (
      await vault.add({
        card,
        consents: [{ ...consent, purpose: 'counselling', recipients: [], fields: undefined }],
        source: 'form',
      } as never)
    ).id
  })
  const any = (value: unknown) => value as never
  const noPoint = typeError(
    'people are found by { phone }, { email } or { text }, with a text',
    'a contact point is asked for as { phone } or { email }, with a text',
  )

  hostile('brings in whom it is given, or refuses, and reads them again', {
    input: fc.oneof(
      warped([{ card, consents: [consent], source: 'form', sources: { 'phones/p2': 'friend' }, ref: 'r1' }]),
      warped([{ card: { name: card.name, phones: card.phones }, source: 'form', mayAsk: 'they-asked', ref: 'r2' }]),
      nastyValue,
      hostileCard.map(each => ({
        card: each,
        consents: [{ ...consent, purpose: 'all', fields: undefined, recipients: [], until: undefined }],
        source: 'form',
      })),
    ),
    runs: 250,
    refuses: vaultError(),
    read: async input => {
      const added = await vault.add(any(input))
      if (added.outcome !== 'added') return
      for (const { purpose } of await vault.consents(added.id)) {
        fit(typeof purpose === 'string' && Object.hasOwn(open.purposes, purpose), 'a consent to nothing')
        const door = vault.for(any(purpose))
        await door.get(added.id)
        await door.list({ limit: 3 })
      }
      await vault.change(added.id, any({ name: { full: 'Changed' } }))
      await vault.erase(added.id)
    },
  })

  hostile('does what it is asked, or refuses, whatever the words', {
    input: fc.tuple(fc.nat(15), fc.oneof(nastyValue, fc.constant(undefined)), nastyValue),
    runs: 400,
    // What no caller who reads the types would ask for is said in words of ours, never in the engine's.
    refuses: error =>
      vaultError()(error) || noPoint(error) || (error instanceof TypeError && /^[a-z]+ must be /.test(error.message)),
    read: async ([which, one, two]) => {
      const door = vault.for('prayer-times')
      const asks = [
        () => vault.consents(any(one)),
        () => vault.consent(any(one), any(two)),
        () => vault.consent(id as never, any(one)),
        () => vault.withdraw(any(one), any(two)),
        () => vault.change(any(one), any(two)),
        () => vault.change(id as never, any(one)),
        () => vault.erase(any(one)),
        () => door.get(any(one)),
        () => door.find(any({ phone: one })),
        () => door.find(any({ email: one })),
        () => door.list(any({ text: one, after: two })),
        () => vault.refuse(any(one), any(two)),
        () => door.find(any(one)),
        () => vault.identify(any(one)),
        () => vault.identify(any({ phone: one })),
        () => vault.suppress(any({ email: one })),
      ]
      await asks[which]?.()
    },
  })

  test('is whole after all of this', async () => {
    expect((await vault.examine()).damaged).toEqual([])
    const store = memoryStore({ medium })
    await store.open()
    expect(await store.root()).toBeDefined()
    expect(MARK).not.toBe('')
  })
})
