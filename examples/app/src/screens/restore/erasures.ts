/** Who left since, from what somebody typed: a phone number or an e-mail address on each line. */
import type { Erasure } from '@amanat/vault'

export const erasuresIn = (text: string): Erasure[] =>
  text
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '')
    .map(line => (line.includes('@') ? { email: line } : { phone: line }))
