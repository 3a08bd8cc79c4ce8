/** The third incident: a messenger that is said to collect sixteen categories of data on servers abroad. */
import { describe, expect, test } from 'vitest'
import { cardOf, centre, ledgerOf, refusal, signed } from './people'
import type { MakePlace } from './place'

export function platform(make: MakePlace): void {
  describe('the platform', () => {
    test('what no purpose needs is refused at the door in, and named (R1)', async () => {
      const place = await make()
      const { vault } = await centre(place)
      const greedy = {
        ...cardOf(1),
        addresses: { a1: { full: '1 Quay Street' } },
        anniversaries: { b1: { kind: 'birth', date: { year: 1990 } } },
        'x:religion': 'said so',
      }
      const error = await refusal(
        'FIELD_NOT_DECLARED',
        vault.add({ card: greedy as never, consents: [signed()], source: 'app' }),
      )
      expect(error.data.fields).toEqual(['addresses', 'anniversaries', 'x:religion'])
      expect(await vault.for('prayer-times').count()).toBe(0)
      await vault.lock()
      await place.remove()
    })

    test('a door shows one purpose’s fields, and joining two in bulk takes two exports on the record (R23, R32)', async () => {
      const place = await make()
      const { vault } = await centre(place)
      const card = { ...cardOf(1), emails: { e1: { address: 'sara@example.org' } } }
      const { id } = await vault.add({ card, consents: [signed(), signed('group-chat')], source: 'form' })
      const [prayers, chat] = [vault.for('prayer-times'), vault.for('group-chat')]
      expect((await prayers.reveal(id))?.card).not.toHaveProperty('emails')
      expect((await chat.reveal(id))?.card).toHaveProperty('emails')
      expect(await prayers.find({ email: 'sara@example.org' })).toEqual([])
      const out = await prayers.export({ recipient: 'sms-gateway', format: 'csv' })
      await out.file.cancel()
      await refusal('EXPORT_REFUSED', chat.export({ recipient: 'community-chat', format: 'csv' }))
      const asked = (await ledgerOf(vault)).filter(({ type }) => type === 'export-started' || type === 'export-refused')
      expect(asked.map(line => line.purpose)).toEqual(['prayer-times', 'group-chat'])
      await vault.lock()
      await place.remove()
    })

    test('the same person has another id in every vault, and it says nothing about them', async () => {
      const places = [await make(), await make()]
      const ids: string[] = []
      for (const place of places) {
        const { vault } = await centre(place)
        const card = { ...cardOf(1), uid: 'urn:uuid:03a0e51f-d1aa-4385-8a53-e29025acd8af' }
        ids.push((await vault.add({ card, consents: [signed()], source: 'form' })).id)
        await vault.lock()
        await place.remove()
      }
      expect(new Set(ids).size).toBe(2)
    })
  })
}
