// JSContact as an export format: one Card to a line (JSON Lines), so that both ends can take them one by one.
import type { Format } from '@amanat/vault'
import { repaired } from './check'

export function jscontact(): Format {
  return {
    name: 'jscontact',
    version: '2.0',
    mediaType: 'application/jsonl',
    extension: 'jsonl',
    async *write(people, context) {
      const encoder = new TextEncoder()
      for await (const { card } of people) {
        const whole = { '@type': 'Card', version: '2.0', ...repaired(card), 'x:destroyBy': context.destroyBy }
        yield encoder.encode(`${JSON.stringify(whole)}\n`)
      }
    },
  }
}
