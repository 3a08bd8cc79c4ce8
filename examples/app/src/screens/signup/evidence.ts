/** What a person leaves as proof of a yes: the form as they sent it with their typed name, a signature, or a photo of the paper. */
import type { NewEvidence, Policy } from '@amanat/vault'
import type { Photo } from '../../evidence/photo'
import { describe } from '../../i18n/policy'

export type Proof =
  | { readonly how: 'typed'; readonly name: string }
  | { readonly how: 'drawn'; readonly png: Uint8Array }
  | ({ readonly how: 'photo' } & Photo)

/** By purpose: which notice was shown, in which language. */
export type Notices = Readonly<Record<string, { readonly notice: string; readonly language: string } | undefined>>

interface Form {
  readonly policy: Policy
  readonly yes: readonly string[]
  readonly no: readonly string[]
  readonly notices: Notices
}

export function evidenceOf(proof: Proof, form: Form): NewEvidence {
  if (proof.how === 'drawn') return { kind: 'signature', content: proof.png, mediaType: 'image/png' }
  if (proof.how === 'photo') return { kind: 'photo', content: proof.jpeg, mediaType: 'image/jpeg' }
  return { kind: 'form', content: new TextEncoder().encode(asSent(form, proof.name)), mediaType: 'text/plain' }
}

function asSent({ policy, yes, no, notices }: Form, name: string): string {
  const line = (answer: string) => (purpose: string) => {
    const shown = notices[purpose]
    const notice = shown ? `notice ${shown.notice} ${policy.notices?.[shown.notice]?.version}, ${shown.language}` : ''
    return [answer, purpose, describe(policy, purpose, shown?.language ?? 'en'), notice].filter(Boolean).join(' | ')
  }
  return [policy.controller.name, ...yes.map(line('yes')), ...no.map(line('no')), `signed | ${name}`].join('\n')
}
