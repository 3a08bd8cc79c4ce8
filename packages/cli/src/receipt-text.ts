/** A receipt in one line. The whole of it is in the JSON. */
import type { Receipt } from '@amanat/vault'
import { date } from './output'
import { plain } from './terminal'

export function receiptText({ event, purpose, at, until, assurance, recipients }: Receipt): string {
  const parts = [
    `${plain(purpose)}: ${event} ${date(at)}`,
    ...(assurance === undefined ? [] : [assurance]),
    ...(until === undefined ? [] : [`until ${date(until)}`]),
    ...(recipients?.length ? [`may be handed to ${recipients.map(plain).join(', ')}`] : []),
  ]
  return parts.join(', ')
}
