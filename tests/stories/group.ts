/** The first incident: a centre puts 232 people into a messaging group, some of them ten years after one brief contact. */
import { describe, expect, test } from 'vitest'
import { cardOf, centre, claimed, ledgerOf, nameOf, OMID, phoneOf, refusal, signed, signUps } from './people'
import type { MakePlace } from './place'

export function group(make: MakePlace): void {
  describe('the group', () => {
    test('what was given for ninety days is gone after ninety days, though nobody did anything (R12, R13, R14)', async () => {
      const place = await make()
      const { vault, clock } = await centre(place)
      const ids = await signUps(vault, 6)
      await clock.advance('P89D')
      expect(await vault.for('prayer-times').count()).toBe(6)
      await clock.advance('P1D')
      expect(await vault.for('prayer-times').list()).toMatchObject({ people: [], total: 0 })
      expect(await vault.exists(ids)).toEqual([])
      expect(await vault.identify({ phone: phoneOf(3) })).toEqual([])
      await vault.lock()
      await place.remove()
    })

    test('details taken for one purpose are not exported for another (R26, R28)', async () => {
      const place = await make()
      const { vault } = await centre(place)
      await signUps(vault, 232)
      const asked = { recipient: 'community-chat', format: 'vcard' } as const
      expect(await vault.for('group-chat').check(asked)).toEqual({ allowed: 0, refused: { 'no-consent': 232 } })
      const error = await refusal('EXPORT_REFUSED', vault.for('group-chat').export(asked))
      expect(error.data.reasons).toEqual({ 'no-consent': 232 })
      await refusal('EXPORT_REFUSED', vault.for('group-chat').export({ ...asked, whenRefused: 'leave-out' }))
      await vault.lock()
      await place.remove()
    })

    test('nobody is shown to the other members without a confirmed consent, whatever is claimed or signed (R7, R26)', async () => {
      const place = await make()
      const { vault } = await centre(place)
      await vault.add({ card: cardOf(1), consents: [claimed('group-chat')], source: 'Omid, from memory' })
      await vault.add({ card: cardOf(2), consents: [signed('group-chat')], source: 'form' })
      const door = vault.for('group-chat')
      const error = await refusal('EXPORT_REFUSED', door.export({ recipient: 'community-chat', format: 'vcard' }))
      expect(error.data.reasons).toEqual({ 'assurance-too-low': 2 })
      await vault.lock()
      await place.remove()
    })

    test('"I texted them and got permission" is a claim: it lets nobody be exported, and lasts a month (R7)', async () => {
      const place = await make()
      const { vault, clock } = await centre(place)
      const { assurance, receipts } = await vault.add({ card: cardOf(1), consents: [claimed()], source: 'Omid' })
      expect(assurance).toEqual({ 'prayer-times': 'claimed' })
      expect(receipts[0]?.until).toBe('2016-07-01T00:00:00.000Z')
      const asked = { recipient: 'sms-gateway', format: 'csv' } as const
      const error = await refusal('EXPORT_REFUSED', vault.for('prayer-times').export(asked))
      expect(error.data.reasons).toEqual({ 'assurance-too-low': 1 })
      await clock.advance('P31D')
      expect(await vault.for('prayer-times').count()).toBe(0)
      await vault.lock()
      await place.remove()
    })

    test('the refusal is on the ledger with who asked, when, for what, to whom and for how many (R32, R33)', async () => {
      const place = await make()
      const { vault } = await centre(place)
      await signUps(vault, 12)
      const door = vault.as(OMID).for('group-chat')
      await refusal('EXPORT_REFUSED', door.export({ recipient: 'community-chat', format: 'vcard' }))
      const lines = await ledgerOf(vault)
      expect(lines.at(-1)).toMatchObject({
        type: 'export-refused',
        actor: OMID,
        at: '2016-06-01T09:00:00.000Z',
        purpose: 'group-chat',
        recipient: 'community-chat',
        people: 12,
        reasons: { 'no-consent': 12 },
      })
      expect(JSON.stringify(lines)).not.toMatch(/Karimi|7700 ?900/)
      await vault.lock()
      await place.remove()
    })

    test('where a number came from is kept with it (R6)', async () => {
      const place = await make()
      const { vault } = await centre(place)
      const { id } = await vault.add({ card: cardOf(1), source: 'old phone of a volunteer', mayAsk: 'they-asked' })
      expect((await vault.quarantine.reveal(id))?.source).toEqual({ 'phones/p1': 'old phone of a volunteer' })
      await vault.lock()
      await place.remove()
    })

    test('who left is not brought back by another administrator, nor by the old list (R18, R20)', async () => {
      const place = await make()
      const { vault, open, clock } = await centre(place)
      const [sara] = await signUps(vault, 3)
      await vault.withdraw(sara as string, 'prayer-times', 'sms STOP')
      await vault.suppress({ phone: phoneOf(50) })
      await vault.lock()
      await clock.advance('P21D')
      const again = await open(OMID)
      const oldList = [0, 50].map(n => ({ card: cardOf(n), consents: [claimed()], source: 'old list' }))
      expect(await again.addMany(oldList)).toMatchObject({ added: 0, refused: 2, reasons: { SUPPRESSED: 2 } })
      const waiting = oldList.map(({ card, source }) => ({ card, source, mayAsk: 'they-asked' as const }))
      expect(await again.addMany(waiting)).toMatchObject({ quarantined: 0, refused: 2 })
      expect(await again.for('prayer-times').find({ phone: phoneOf(0) })).toEqual([])
      expect(await again.add({ card: cardOf(0), consents: [signed()], source: 'new form' })).toMatchObject({
        outcome: 'added',
      })
      await again.lock()
      await place.remove()
    })

    test('an old list without consents waits a month to be asked one by one, and is then forgotten (R22)', async () => {
      const place = await make()
      const { vault, clock } = await centre(place)
      const list = Array.from({ length: 20 }, (_, n) => ({
        card: cardOf(n),
        source: 'list of 2006',
        mayAsk: 'in-person-or-post' as const,
      }))
      const { rows, quarantined } = await vault.addMany(list)
      expect([quarantined, await vault.quarantine.count()]).toEqual([20, 20])
      for (const purpose of ['prayer-times', 'group-chat'] as const) {
        expect(await vault.for(purpose).count()).toBe(0)
        expect((await vault.for(purpose).list()).people).toEqual([])
      }
      const ids = rows.map(({ id }) => id as string)
      const asked = { recipient: 'sms-gateway', format: 'csv', ids } as const
      expect(await vault.for('prayer-times').check(asked)).toMatchObject({ refused: { quarantined: 20 } })
      await refusal('EXPORT_REFUSED', vault.for('prayer-times').export({ ...asked, whenRefused: 'leave-out' }))
      for (const id of ids.slice(0, 5)) expect((await vault.quarantine.reveal(id))?.card.phones).toBeDefined()
      await refusal('BULK_READ_REFUSED', vault.quarantine.reveal(ids[5] as string))
      await clock.advance('P30D')
      expect(await vault.quarantine.count()).toBe(0)
      expect(await vault.exists(ids)).toEqual([])
      await clock.advance('P5D')
      expect(await vault.addMany(list)).toMatchObject({ quarantined: 0, reasons: { QUARANTINE_AGAIN: 20 } })
      expect(nameOf(0)).toContain('Sara')
      await vault.lock()
      await place.remove()
    })
  })
}
