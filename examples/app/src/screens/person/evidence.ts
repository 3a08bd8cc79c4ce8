/** A document that proves a yes, from a file: pictures without what a camera adds to them, everything else as it is. */
import type { NewEvidence } from '@amanat/vault'
import { photoOf } from '../../evidence/photo'
import type { Way } from './words'

/** The most that the vault keeps of one document. */
const MOST_BYTES = 8 * 1024 * 1024
const KIND: Record<Way, string> = {
  paper: 'scan',
  verbal: 'recording',
  sms: 'message',
  email: 'message',
  'web-form': 'form',
}

export async function evidenceFrom(
  file: File,
  how: Way,
): Promise<(NewEvidence & { readonly name: string }) | 'tooLarge' | 'unreadable'> {
  const { name } = file
  const kind = KIND[how]
  if (file.type.startsWith('image/')) {
    try {
      const { jpeg, shown } = await photoOf(file)
      URL.revokeObjectURL(shown)
      return { kind, content: jpeg, mediaType: 'image/jpeg', name }
    } catch {
      return 'unreadable'
    }
  }
  if (file.size > MOST_BYTES) return 'tooLarge'
  const content = new Uint8Array(await file.arrayBuffer())
  if (content.length === 0) return 'unreadable'
  return { kind, content, ...(file.type ? { mediaType: file.type } : {}), name }
}
