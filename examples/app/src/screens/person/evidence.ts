/** A document that proves a yes, from a file: pictures without what a camera adds to them, everything else as it is. */
import type { NewEvidence } from '@amanat/vault'
import { photoOf } from '../../evidence/photo'

/** With the name of its file. Which kind it is follows from how they said yes. */
export type Document = Omit<NewEvidence, 'kind'> & { readonly name: string }

/** The most that the vault keeps of one document. */
const MOST_BYTES = 8 * 1024 * 1024

export async function documentFrom(file: File): Promise<Document | 'tooLarge' | 'unreadable'> {
  const { name } = file
  if (file.type.startsWith('image/')) {
    try {
      const { jpeg, shown } = await photoOf(file)
      URL.revokeObjectURL(shown)
      return { content: jpeg, mediaType: 'image/jpeg', name }
    } catch {
      return 'unreadable'
    }
  }
  if (file.size > MOST_BYTES) return 'tooLarge'
  const content = new Uint8Array(await file.arrayBuffer())
  if (content.length === 0) return 'unreadable'
  return { content, ...(file.type ? { mediaType: file.type } : {}), name }
}
