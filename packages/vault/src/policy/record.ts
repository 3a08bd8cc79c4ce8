/** The texts of a policy's notices as the vault keeps them, once each: what people were shown can be shown again. */
import { hash, sha256 } from '@amanat/crypto'
import { sameBytes, utf8 } from '../bytes'
import type { NoticeShown } from '../consent/consent'
import { VaultError } from '../errors'
import { encodeRecord } from '../record/record'
import { canonicalPolicy } from './canonical'
import type { Notice, Policy } from './policy'

export type { PolicyRecord } from './effective'

export interface NoticeText {
  readonly id: string
  readonly version: string
  readonly text: { readonly [language: string]: string }
}

/** One row a notice; of those in `before`, none again. */
export function newNotices(policy: Policy, before?: Policy): Uint8Array[] {
  return Object.entries(policy.notices ?? {})
    .filter(([id, notice]) => !sameNotice(before?.notices?.[id], notice))
    .map(([id, notice]) => encodeRecord({ id, version: notice.version, text: notice.text } satisfies NoticeText))
}

/** A text that changed is another notice, even where somebody forgot to give it another version. */
const sameNotice = (one: Notice | undefined, other: Notice): boolean =>
  one !== undefined && sameBytes(encodeRecord(one), encodeRecord(other))

/**
 * What a person was shown: the notice by its id, version and language, and the SHA-256 of the exact text.
 * @throws VaultError `UNKNOWN_NOTICE`
 */
export function noticeShown(policy: Policy, id: string, language: string | undefined): NoticeShown {
  // What is no text, whatever its type says, is not found.
  if (typeof id !== 'string' || (language !== undefined && typeof language !== 'string'))
    return lookUp(policy, id, language)
  const spoken = JSON.stringify([id, language])
  const known = shownBefore.get(policy)?.get(spoken)
  if (known) return known
  // Only what is found is remembered: no more than the policy has.
  const shown = Object.freeze(lookUp(policy, id, language))
  const ofPolicy = shownBefore.get(policy) ?? new Map<string, NoticeShown>()
  shownBefore.set(policy, ofPolicy.set(spoken, shown))
  return shown
}

// An import names the same notice for everybody, and policies don't change in place. Nor does an answer: it is many people's.
const shownBefore = new WeakMap<Policy, Map<string, NoticeShown>>()

function lookUp(policy: Policy, id: string, language: string | undefined): NoticeShown {
  const known = Object.entries(policy.notices ?? {}).flatMap(([name, { text }]) =>
    Object.keys(text).map(tag => `${name} (${tag})`),
  )
  const notice = typeof id === 'string' && Object.hasOwn(policy.notices ?? {}, id) ? policy.notices?.[id] : undefined
  const [only, ...others] = Object.keys(notice?.text ?? {})
  const shown = language ?? (others.length === 0 ? only : undefined)
  const text = typeof shown === 'string' && notice && Object.hasOwn(notice.text, shown) ? notice.text[shown] : undefined
  if (!notice || shown === undefined || text === undefined) throw new VaultError('UNKNOWN_NOTICE', { data: { known } })
  return { id, version: notice.version, language: shown, sha256: sha256(utf8(text)) }
}

/** How the ledger names a policy. */
export const policyHash = (policy: Policy): Uint8Array => hash('amanat/policy/1', canonicalPolicy(policy))
