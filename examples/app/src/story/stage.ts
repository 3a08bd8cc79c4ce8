/**
 * What the story plays on: a vault in the memory of this page, a clock that it moves, invented people. Nothing of it touches
 * the disk, and it is gone when the page is closed or the vault is locked.
 */
import { csv, jscontact, vcard } from '@amanat/cards'
import { type AnyVault, createVault } from '@amanat/vault'
import { type FakeClock, fakeClock, memoryStore, testKey } from '@amanat/vault/testing'
import { generateX25519Identity, identityToRecipient } from 'age-encryption'
import type { Language } from '../i18n/setup'
import { storyPolicy } from './policy'
import { addressBook, type Invented, inventedPeople } from './seed'

export const LEILA = 'volunteer:leila'
export const OMID = 'organiser:omid'
export const STARTS = '2026-03-01T09:00:00Z'

export interface Stage {
  readonly vault: AnyVault
  readonly clock: FakeClock
  readonly people: readonly Invented[]
  /** The office phone's contacts: a file as it would be brought in. */
  readonly book: string
  /** Who has which id in the vault, by the number that they were brought in with. */
  readonly ids: Map<string, string>
  /** What only the SMS provider has in real life: the story opens the file with it, to show what arrives. */
  readonly provider: string
}

export async function setStage(language: Language): Promise<Stage> {
  const people = inventedPeople()
  const [provider, chat] = await Promise.all([generateX25519Identity(), generateX25519Identity()])
  const [sms, group] = await Promise.all([identityToRecipient(provider), identityToRecipient(chat)])
  const clock = fakeClock(STARTS)
  const vault = await createVault({
    store: memoryStore(),
    unlock: testKey(),
    policy: storyPolicy(language, { sms, chat: group }),
    actor: LEILA,
    clock,
    formats: { csv: csv(), vcard: vcard(), jscontact: jscontact() },
  })
  return { vault, clock, people, book: addressBook(people), ids: new Map(), provider }
}
