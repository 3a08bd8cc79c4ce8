/** A file's rows as contacts for the vault, and what stands between them that is none. */
import { claimFrom, consentSaid, type Doubt, refOf } from '@amanat/cards'
import type { MayAsk, NewContact, Policy } from '@amanat/vault'
import { cardsOf, type Given, type ReadingOf } from './source'

export interface Plan {
  /** Where these people were got from, in words. */
  readonly source: string
  /** On which ground they may be asked; without one they can only be deleted. */
  readonly mayAsk: MayAsk | undefined
  /** What happens with fields that no purpose declares. */
  readonly undeclared: 'leave-out' | 'refuse'
  /** The purpose that the sheet's columns about consents speak of; none: they are not listened to. */
  readonly claimsFor: string | undefined
}

/** A row that is nobody, or nobody who may come in. */
export interface BadRow {
  readonly line: number
  /** Of a sheet: which cell. */
  readonly column?: number
  readonly outcome: 'unreadable' | 'refused'
  readonly code: string
  readonly fields?: readonly string[]
}

export interface GoodRow {
  readonly line: number
  readonly contact: NewContact<Policy>
  readonly doubts: readonly Doubt[]
  /** The sheet says that they agreed, and when. */
  readonly isClaimed: boolean
}

export async function* peopleIn(given: Given, plan: Plan, reading: ReadingOf): AsyncGenerator<GoodRow | BadRow> {
  const { source, mayAsk, claimsFor } = plan
  for await (const item of cardsOf(given, reading)) {
    const { line } = item
    if ('error' in item) {
      const { code } = item.error
      yield { line, outcome: 'unreadable', code, ...(item.column === undefined ? {} : { column: item.column }) }
      continue
    }
    const said = item.consents ?? []
    // A no keeps them out, whatever it was about; a blank cell says nothing.
    if (said.some(({ status, purpose }) => status === 'refused' && (purpose === undefined || purpose === claimsFor))) {
      yield { line, outcome: 'refused', code: 'OPTED_OUT' }
      continue
    }
    const claim =
      claimsFor === undefined ? undefined : claimFrom<Policy>(consentSaid(said, claimsFor), { purpose: claimsFor })
    const contact: NewContact<Policy> = {
      card: item.card,
      source,
      // By it whoever is here already is known: the same file again doubles nobody.
      ref: await refOf(item),
      consents: claim ? [claim] : [],
      ...(mayAsk ? { mayAsk } : {}),
    }
    yield { line, contact, doubts: item.doubts ?? [], isClaimed: said.some(({ status }) => status === 'given') }
  }
}
