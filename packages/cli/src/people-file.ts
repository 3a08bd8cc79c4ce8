/**
 * People that come with their consents: a JSON array of what `vault.add` takes. Only its frame is checked here, so that one
 * bad entry can't stop the others; cards, consents and dates are the vault's to judge. Documents are base64.
 */
import type { NewContact, Policy } from '@amanat/vault'

/** How such a file begins, and no JSContact card does. */
export const PEOPLE_FILE = /^[\s\ufeff]*(?:\[\s*)?\{\s*"(?:card|consents|source|ref|mayAsk)"\s*:/

export type Entry = { readonly contact: NewContact<Policy> } | { readonly problem: string }

type Fields = Readonly<Record<string, unknown>>

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isText = (value: unknown): boolean => value === undefined || typeof value === 'string'

export function entriesOf(json: unknown, source: string | undefined): Entry[] {
  return (Array.isArray(json) ? json : [json]).map(entry => entryOf(entry, source))
}

function entryOf(entry: unknown, defaultSource: string | undefined): Entry {
  if (!isFields(entry) || !isFields(entry['card'])) return { problem: 'There is no card in it.' }
  const { card, consents = [], source = defaultSource, ref, mayAsk, sources } = entry
  if (!isText(source) || !isText(ref) || !isText(mayAsk)) return { problem: 'source, ref and mayAsk are texts.' }
  if (source === undefined) return { problem: 'It does not say where it came from: add `source`, or give --source.' }
  if (sources !== undefined && !(isFields(sources) && Object.values(sources).every(isText))) {
    return { problem: 'sources are texts by path.' }
  }
  if (!Array.isArray(consents)) return { problem: 'consents is a list.' }
  const read = consents.map(consentOf)
  if (read.includes(undefined)) return { problem: 'A consent is not written as it must be.' }
  const contact = { card, source, consents: read, ...(ref ? { ref } : {}), ...(mayAsk ? { mayAsk } : {}) }
  return { contact: { ...contact, ...(sources ? { sources } : {}) } as unknown as NewContact<Policy> }
}

function consentOf(consent: unknown): Fields | undefined {
  if (!isFields(consent) || typeof consent['purpose'] !== 'string' || !isFields(consent['given'])) return undefined
  const { recipients, fields, notice, language, until, given } = consent
  if (![notice, language, until].every(isText) || ![recipients, fields].every(isTexts)) return undefined
  const { evidence, ...rest } = given
  if (!Object.values(rest).every(isText)) return undefined
  if (evidence === undefined) return consent
  if (!isFields(evidence) || typeof evidence['kind'] !== 'string' || !Object.values(evidence).every(isText))
    return undefined
  const { content, ...about } = evidence
  if (content === undefined) return consent
  const bytes = bytesOf(content as string)
  return bytes && { ...consent, given: { ...rest, evidence: { ...about, content: bytes } } }
}

const isTexts = (value: unknown): boolean => value === undefined || (Array.isArray(value) && value.every(isText))

function bytesOf(base64: string): Uint8Array | undefined {
  const bytes = Buffer.from(base64, 'base64')
  // Buffer skips what is no base64: only what comes back as it was is.
  return bytes.length > 0 && bytes.toString('base64') === base64.replace(/\s/g, '') ? new Uint8Array(bytes) : undefined
}
