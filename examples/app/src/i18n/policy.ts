/** What a policy says, in the reader's language: its texts, and which notice people are shown for a purpose. */
import type { Policy, PurposeSpec } from '@amanat/vault'

type Text = PurposeSpec['description']

export interface InLanguage {
  readonly text: string
  /** BCP 47, as the policy has it; `undefined` where the policy doesn't say. */
  readonly language: string | undefined
}

/** In this language where there is one, else the first there is. */
export function textIn(text: Text, language: string): InLanguage {
  if (typeof text === 'string') return { text, language: undefined }
  const found = Object.keys(text).find(tag => tag.split('-')[0] === language) ?? Object.keys(text)[0]
  return { text: found === undefined ? '' : (text[found] ?? ''), language: found }
}

export const describe = (policy: Policy, purpose: string, language: string): string => {
  const spec = policy.purposes[purpose]
  return spec ? textIn(spec.description, language).text : purpose
}

export interface Shown extends InLanguage {
  readonly id: string
  readonly version: string
}

/**
 * The notice that people are shown for a purpose. A policy doesn't link the two: one of the purpose's own name is taken, else the
 * only one that there is.
 */
export function noticeFor(policy: Policy, purpose: string, language: string): Shown | undefined {
  const notices = policy.notices ?? {}
  const [only, ...others] = Object.keys(notices)
  // One that is named after a purpose speaks of that one.
  const isOwn = only !== undefined && Object.hasOwn(policy.purposes, only)
  const id = Object.hasOwn(notices, purpose) ? purpose : others.length === 0 && !isOwn ? only : undefined
  const notice = id === undefined ? undefined : notices[id]
  if (id === undefined || !notice) return undefined
  return { id, version: notice.version, ...textIn(notice.text, language) }
}
