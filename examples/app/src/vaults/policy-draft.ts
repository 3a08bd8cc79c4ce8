/**
 * A policy while somebody works on it in the form: purposes and recipients in an order, with a key of their own, so that one can be
 * named later or taken out. What the form doesn't know of a policy stays as it was.
 */
import type { Policy, PurposeSpec, RecipientSpec } from '@amanat/vault'
import type { Language } from '../i18n/setup'
import { noticeOf, textIn } from './notice'
import { EMPTY_PURPOSE, frameOf, type Template } from './templates'

export interface RecipientDraft {
  readonly key: string
  /** Its name in the policy; one that is new has none yet. */
  readonly id?: string
  readonly spec: RecipientSpec
}

export interface PurposeDraft {
  readonly key: string
  readonly id?: string
  readonly spec: Omit<PurposeSpec, 'recipients'>
  readonly recipients: readonly RecipientDraft[]
}

export interface PolicyDraft {
  readonly base: Omit<Policy, 'purposes'>
  readonly purposes: readonly PurposeDraft[]
}

let keys = 0
export const newKey = (): string => `k${keys++}`

export function draftOf({ purposes, ...base }: Policy): PolicyDraft {
  return {
    base,
    purposes: Object.entries(purposes).map(([id, { recipients = {}, ...spec }]) => ({
      key: newKey(),
      id,
      spec,
      recipients: Object.entries(recipients).map(([id, spec]) => ({ key: newKey(), id, spec })),
    })),
  }
}

/** A template in the form; an own policy begins with one purpose that nothing is said of. */
export function startingDraft(template: Template, country: string, language: Language = 'en'): PolicyDraft {
  const draft = draftOf(frameOf(template, country, language))
  return template === 'own' ? { ...draft, purposes: [{ key: newKey(), spec: EMPTY_PURPOSE, recipients: [] }] } : draft
}

/** For what was written in one language only: nothing stands for the other. */
function withoutEmpty(description: PurposeSpec['description']): PurposeSpec['description'] {
  if (typeof description === 'string') return description
  return Object.fromEntries(Object.entries(description).filter(([, text]) => text.trim() !== ''))
}

/** The policy that was meant, with a notice for each purpose under the purpose's own name. Not checked: that is `parsePolicy`'s. */
export function policyOf({ base, purposes }: PolicyDraft): Policy {
  const specs = named(purposes, ({ spec }) => textIn(spec.description, 'en'), 'purpose').map(
    ([id, { spec, recipients }]) => {
      const names = recipientNames(recipients)
      const receiving = recipients.map(({ spec }, at) => [names[at], spec] as const)
      const written = { ...spec, description: withoutEmpty(spec.description) }
      return [
        id,
        { ...written, ...(receiving.length > 0 ? { recipients: Object.fromEntries(receiving) } : {}) },
      ] as const
    },
  )
  const notices = specs.map(([id, spec]) => {
    const text = noticeOf(base.controller, spec)
    const before = base.notices?.[id]
    const isSame = before?.text['en'] === text.en && before.text['fa'] === text.fa
    return [id, isSame ? before : { version: String(Number(before?.version ?? 0) + 1), text }] as const
  })
  return {
    ...base,
    notices: { ...base.notices, ...Object.fromEntries(notices) },
    purposes: Object.fromEntries(specs),
  }
}

/** The names that recipients have, or will have, in the policy. */
export const recipientNames = (recipients: readonly RecipientDraft[]): readonly string[] =>
  named(recipients, ({ spec }) => spec.name, 'recipient').map(([id]) => id)

/** Names for those that have none: their own words where they can be used, in small letters and hyphens. */
function named<T extends { readonly id?: string }>(
  drafts: readonly T[],
  wordsOf: (draft: T) => string,
  otherwise: string,
): (readonly [string, T])[] {
  const taken = new Set(drafts.flatMap(({ id }) => id ?? []))
  return drafts.map(draft => {
    if (draft.id !== undefined) return [draft.id, draft]
    const slug = slugOf(wordsOf(draft)) ?? otherwise
    let id = slug === 'self' ? otherwise : slug
    for (let n = 2; taken.has(id); n++) id = `${slug}-${n}`
    taken.add(id)
    return [id, draft]
  })
}

function slugOf(words: string): string | undefined {
  const parts = words
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(part => part !== '')
    .slice(0, 4)
  const slug = parts.join('-').slice(0, 40).replace(/-+$/, '')
  return /^[a-z]/.test(slug) ? slug : undefined
}
