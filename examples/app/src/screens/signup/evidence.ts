/** What a person leaves as proof of a yes: the form as they sent it with their typed name, a signature, or a photo of the paper. */
import type { NewEvidence, Policy } from '@amanat/vault'
import { describe } from '../../i18n/policy'

export type Proof =
  | { readonly how: 'typed'; readonly name: string }
  | { readonly how: 'drawn'; readonly png: Uint8Array }
  | { readonly how: 'photo'; readonly jpeg: Uint8Array; readonly shown: string }

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

const LONGEST_SIDE = 1800

/**
 * Made smaller and written anew, so that what a camera adds (where, when, with which phone) stays out.
 * @throws if it is no picture
 */
export async function photoOf(file: Blob): Promise<Extract<Proof, { how: 'photo' }>> {
  const picture = await createImageBitmap(file)
  const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.max(1, Math.round(picture.width * scale))
  canvas.height = Math.max(1, Math.round(picture.height * scale))
  canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height)
  picture.close()
  const blob = await blobOf(canvas, 'image/jpeg', 0.8)
  return { how: 'photo', jpeg: new Uint8Array(await blob.arrayBuffer()), shown: URL.createObjectURL(blob) }
}

export const blobOf = (canvas: HTMLCanvasElement, type: string, quality?: number): Promise<Blob> =>
  new Promise((resolve, reject) =>
    canvas.toBlob(blob => (blob ? resolve(blob) : reject(new Error('no picture'))), type, quality),
  )
