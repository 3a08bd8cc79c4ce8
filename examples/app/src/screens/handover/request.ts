/**
 * What somebody wants to hand over, and what the policy says of it before anybody's consent is looked at: who may receive, in
 * which way a file may leave, how well a yes must be proved. The vault decides by itself (R26, R30); this is so that the screen
 * can say it beforehand.
 */
import type { Assurance, ExportWho, Policy, RecipientSpec } from '@amanat/vault'

export const FORMATS = ['csv', 'vcard', 'jscontact'] as const
export type FormatName = (typeof FORMATS)[number]
const EXTENSION: Record<FormatName, string> = { csv: 'csv', vcard: 'vcf', jscontact: 'jsonl' }

export interface Wish {
  readonly purpose: string
  readonly recipient: string
  readonly format: FormatName
  /** The fields that are wanted; all of the purpose's: of each person what they agreed to. */
  readonly fields: readonly string[]
  readonly way: 'sealed-file' | 'plaintext-file'
}

export interface Receiver {
  readonly id: string
  readonly name: string
  readonly role: RecipientSpec['role'] | 'self'
  readonly country: string
  /** Members see each other's details. */
  readonly together: boolean
  readonly ways: readonly Wish['way'][]
  /** Why no file can leave to them at all. */
  readonly cant: 'keys' | 'delivery' | 'open' | undefined
  readonly destroyAfter: string
  /** How well a yes must be proved (R26). */
  readonly proof: Assurance
}

/** Who may receive people for a purpose, with the policy's defaults filled in. */
export function receiversOf(policy: Policy, purpose: string): Receiver[] {
  const spec = policy.purposes[purpose]
  if (!spec) return []
  const { name, jurisdiction: country } = policy.controller
  const self = spec.self && { ...spec.self, name, role: 'self' as const, country, members: 'kept-apart' as const }
  const all: [string, Omit<RecipientSpec, 'role'> & { role: Receiver['role'] }][] = Object.entries(
    spec.recipients ?? {},
  )
  if (self) all.push(['self', self])
  const special = spec.special === true || policy.special === true
  return all.map(([id, { via = ['sealed-file'], ageKeys = [], destroyAfter = 'P30D', ...recipient }]) => {
    const together = recipient.members === 'see-each-other'
    const open = via.includes('plaintext-file') && !special && !together && recipient.role !== 'self'
    const sealed = via.includes('sealed-file') && ageKeys.length > 0
    const ways: Wish['way'][] = [
      ...(sealed ? ['sealed-file' as const] : []),
      ...(open ? ['plaintext-file' as const] : []),
    ]
    const lacking = via.includes('sealed-file') ? 'keys' : via.includes('delivery') ? 'delivery' : 'open'
    return {
      id,
      name: recipient.name,
      role: recipient.role,
      country: recipient.country,
      together,
      ways,
      cant: ways.length > 0 ? undefined : lacking,
      destroyAfter,
      proof: special || together ? 'confirmed' : (spec.assurance?.export ?? 'evidenced'),
    }
  })
}

export function receiverOf(policy: Policy, purpose: string, recipient: string): Receiver | undefined {
  return receiversOf(policy, purpose).find(({ id }) => id === recipient)
}

/** What is asked of the door. All fields are no restriction: then of each person whatever they agreed to. */
export function whoOf(policy: Policy, { purpose, recipient, fields }: Wish): ExportWho<Policy, string> {
  const isWhole = fields.length === policy.purposes[purpose]?.fields.length
  return { recipient, ...(isWhole ? {} : { fields }) }
}

export function fileNameOf({ recipient, format, way }: Wish, now: number): string {
  const day = new Date(now).toISOString().slice(0, 10)
  const sealed = way === 'sealed-file' ? '.age' : ''
  return `${recipient}-${day}.${EXTENSION[format]}${sealed}`
}

/** When what leaves now must be destroyed: the policy's calendar duration, counted in UTC as the vault counts. */
export function after(duration: string, now: number): string {
  const parts = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?)?/.exec(duration) ?? []
  const [years, months, weeks, days, hours] = parts.slice(1).map(part => Number(part ?? 0))
  const date = new Date(now)
  date.setUTCMonth(date.getUTCMonth() + (years ?? 0) * 12 + (months ?? 0))
  date.setUTCDate(date.getUTCDate() + (weeks ?? 0) * 7 + (days ?? 0))
  date.setUTCHours(date.getUTCHours() + (hours ?? 0))
  return date.toISOString()
}
