// Phone numbers as programs that send messages want them. The rules of numbers are the vault's, and loaded when asked for.
import type { Card } from '@amanat/vault'
import { plainNumber } from './vcard/from-card'

export interface NumberOptions {
  /** `as-written` (the default), or `e164`. */
  readonly phones?: 'as-written' | 'e164'
  /** Of numbers without a country code: ISO 3166. */
  readonly region?: string
}

/** Writes the numbers of cards as asked; those that can't be read stay as they are. */
export async function numberWriter({
  phones = 'as-written',
  region,
}: NumberOptions): Promise<(card: Card) => Promise<Card>> {
  if (phones === 'as-written') return async card => card
  const { e164 } = await import('@amanat/vault')
  return async card => {
    if (!card.phones) return card
    const written = Object.entries(card.phones).map(async ([id, phone]) => {
      const number = await e164(plainNumber(phone.number), region)
      return [id, number === undefined ? phone : { ...phone, number }] as const
    })
    return { ...card, phones: Object.fromEntries(await Promise.all(written)) }
  }
}
