/** The fourth incident: data holders must feed what they hold to a monitoring system, continuously and online. */
import { dropExpired } from '@amanat/vault'
import { testKey } from '@amanat/vault/testing'
import { describe, expect, test } from 'vitest'
import { cardOf, centre, ledgerOf, OMID, openedByProvider, phoneOf, policy, refusal, signed, signUps } from './people'
import type { MakePlace } from './place'

/** What the decree asks for: e-mail addresses as well, for three years, and the ministry as a recipient. */
const decreed = {
  ...policy,
  purposes: {
    ...policy.purposes,
    'prayer-times': {
      ...policy.purposes['prayer-times'],
      fields: ['name', 'phones', 'emails'],
      keepFor: 'P3Y',
      recipients: {
        ...policy.purposes['prayer-times'].recipients,
        ministry: {
          ...policy.purposes['prayer-times'].recipients['sms-gateway'],
          name: 'Ministry of Listening',
          role: 'controller',
        },
      },
    },
  },
} as const

export function decree(make: MakePlace): void {
  describe('the decree', () => {
    test('nothing goes out by itself: each delivery is an act of somebody, decided anew and recorded (R29, R33)', async () => {
      const place = await make()
      const { vault } = await centre(place)
      const ids = await signUps(vault, 4)
      const fed: string[] = []
      const deliver = (resume?: string) =>
        vault
          .as(OMID)
          .for('prayer-times')
          .deliver({
            recipient: 'sms-gateway',
            to: async people => void fed.push(...people.map(({ id }) => id)),
            ...(resume === undefined ? {} : { resume }),
          })
      const first = await deliver()
      expect(first.delivered).toBe(4)
      await vault.withdraw(ids[0] as string)
      await vault.add({ card: cardOf(9), consents: [signed()], source: 'form' })
      await refusal('UNKNOWN_DELIVERY', deliver(first.id))
      expect(fed).toHaveLength(4)
      expect((await deliver()).delivered).toBe(4)
      const starts = (await ledgerOf(vault)).filter(({ type }) => type === 'export-started')
      expect(starts).toHaveLength(2)
      expect(starts.every(({ actor }) => actor === OMID)).toBe(true)
      await vault.lock()
      await place.remove()
    })

    test('a purpose that is widened does not widen the consents already given (R3)', async () => {
      const place = await make()
      const { vault, clock } = await centre(place)
      const card = { ...cardOf(1), emails: { e1: { address: 'sara@example.org' } } }
      const { id } = await vault.add({ card, consents: [signed(), signed('group-chat')], source: 'form' })
      const plan = await vault.planPolicy(decreed)
      expect(plan).toMatchObject({ forgotten: 0, shortened: 0, widened: ['prayer-times'] })
      const after = await vault.changePolicy(decreed, { accept: plan })
      await clock.advance('P8D')
      const door = after.for('prayer-times')
      expect((await door.reveal(id))?.card).not.toHaveProperty('emails')
      expect(await door.check({ recipient: 'ministry', ids: [id] })).toMatchObject({
        refused: { 'recipient-not-agreed': 1 },
      })
      const error = await refusal('EXPORT_REFUSED', door.export({ recipient: 'ministry', format: 'csv' }))
      expect(error.data.reasons).toEqual({ 'recipient-not-agreed': 1 })
      await clock.advance('P83D')
      expect(await door.get(id)).toBeUndefined()
      await vault.lock()
      await place.remove()
    })

    test('seized and locked, nothing can be read: not by the object, not with another key', async () => {
      const place = await make()
      const { vault, open } = await centre(place)
      const [id] = await signUps(vault, 2)
      const door = vault.for('prayer-times')
      await vault.lock()
      await refusal('VAULT_LOCKED', door.reveal(id as string))
      await refusal('VAULT_LOCKED', door.list())
      await refusal('VAULT_LOCKED', vault.identify({ phone: phoneOf(0) }))
      await refusal('CANNOT_UNLOCK', open('police', testKey(2)))
      await place.remove()
    })

    test('what expired while the device lay locked is readable by nobody, though they have the key (R13, R14)', async () => {
      const place = await make()
      const { vault, open, clock } = await centre(place)
      const ids = await signUps(vault, 3)
      await vault.lock()
      for (let month = 0; month < 4; month++) {
        await clock.advance('P25D')
        await dropExpired(place.store(), { clock })
      }
      clock.set('2016-06-02T09:00:00Z')
      const opened = await open()
      expect(await opened.exists(ids)).toEqual([])
      expect(await opened.for('prayer-times').count()).toBe(0)
      await opened.lock()
      await place.remove()
    })

    test('a clock set back brings nobody back (R16)', async () => {
      const place = await make()
      const { vault, open, clock } = await centre(place)
      const ids = await signUps(vault, 3)
      await clock.advance('P91D')
      clock.set('2016-06-02T09:00:00Z')
      expect(await vault.exists(ids)).toEqual([])
      await vault.lock()
      const again = await open()
      expect(await again.for('prayer-times').count()).toBe(0)
      await again.lock()
      await place.remove()
    })

    test('who withdrew is in no later file, also not in one that was asked for before (R18, R29)', async () => {
      const place = await make()
      const { vault } = await centre(place)
      const [sara] = await signUps(vault, 3)
      const out = await vault.for('prayer-times').export({ recipient: 'sms-gateway', format: 'csv' })
      await vault.withdraw(sara as string)
      const text = await openedByProvider(out.file)
      expect(text).not.toContain('900000')
      expect(text).toContain('900001')
      expect(await out.manifest).toMatchObject({ people: 2, leftOut: 1 })
      await vault.lock()
      await place.remove()
    })
  })
}
