/** The second incident: customer records leak from somebody who had been given them, and nobody can say whose copy it was. */
import { TABLES } from '@amanat/store-contract'
import type { Store } from '@amanat/vault'
import { describe, expect, test } from 'vitest'
import { cardOf, centre, LEILA, ledgerOf, nameOf, openedByProvider, phoneOf, refusal, signed, signUps } from './people'
import type { MakePlace } from './place'

const EVE = 'staff:eve'

/** Every byte that a thief of the storage has, as text of one character a byte. */
async function everyByte(store: Store): Promise<string> {
  await store.open()
  const parts: Uint8Array[] = []
  const root = await store.root()
  if (root) parts.push(root.bytes)
  for (const table of TABLES) for await (const row of store.scan(table)) parts.push(row.id, row.bytes)
  for (const half of [0, 1] as const) {
    const bytes = await store.exclusive(async () => store.cell.read(half))
    if (bytes) parts.push(bytes)
  }
  await store.close()
  return parts.map(bytes => Array.from(bytes, byte => String.fromCharCode(byte)).join('')).join('\n')
}

const asUtf8 = (text: string) => Array.from(new TextEncoder().encode(text), byte => String.fromCharCode(byte)).join('')
const asUtf16 = (text: string) => Array.from(text, letter => `${letter}\0`).join('')

export function bot(make: MakePlace): void {
  describe('the bot', () => {
    test('an insider who pages through the table is stopped at the limit, and is on the ledger (R25)', async () => {
      const place = await make()
      const { vault, clock } = await centre(place)
      const ids = await signUps(vault, 60)
      const door = vault.as(EVE).for('prayer-times')
      const copied: string[] = []
      const copyOn = async () => {
        for (const id of ids.slice(copied.length)) {
          if (!(await door.reveal(id).catch(() => undefined))) return
          copied.push(id)
        }
      }
      await copyOn()
      expect(copied).toHaveLength(5)
      const error = await refusal('BULK_READ_REFUSED', door.reveal(ids[59] as string))
      expect(error.data).toEqual({ left: 0, resets: '2016-06-01T10:00:00.000Z' })
      // A patient one gets no further than a tenth of the vault in a month, or ten people where that is more.
      for (let hour = 0; hour < 12; hour++) {
        await clock.advance('PT1H')
        await copyOn()
      }
      expect(copied).toHaveLength(10)
      const refused = (await ledgerOf(vault)).filter(({ type }) => type === 'bulk-read-refused')
      expect(new Set(refused.map(({ actor }) => actor))).toEqual(new Set([EVE]))
      await vault.lock()
      await place.remove()
    })

    test('there is no second way out: no dump, no table, no query language (R31)', async () => {
      const place = await make()
      const { vault } = await centre(place)
      await signUps(vault, 3)
      const objects = { vault, door: vault.for('prayer-times'), quarantine: vault.quarantine }
      // Nothing behind them can be reached, by a log either.
      expect(JSON.parse(JSON.stringify(objects))).toEqual({
        vault: { actor: LEILA, quarantine: { actor: LEILA }, ledger: {}, slots: {} },
        door: { purpose: 'prayer-times', actor: LEILA },
        quarantine: { actor: LEILA },
      })
      const { people } = await vault.for('prayer-times').list({ limit: 1_000 })
      expect(JSON.stringify(people)).not.toMatch(/7700 ?900/)
      await vault.lock()
      await place.remove()
    })

    test('a copy of the storage says nothing about who is in it (R31)', async () => {
      const place = await make()
      const { vault } = await centre(place)
      await signUps(vault, 40)
      await vault.add({ card: cardOf(90), source: 'a list of names', mayAsk: 'they-asked' })
      await vault.lock()
      const bytes = await everyByte(place.store())
      const secrets = [
        nameOf(7),
        'Karimi',
        '900007',
        '7700',
        'Zoë',
        'prayer-times',
        'Riverside',
        'sign-up',
        'a list of',
      ]
      for (const secret of secrets) {
        expect(bytes.includes(asUtf8(secret)), secret).toBe(false)
        expect(bytes.includes(asUtf16(secret)), secret).toBe(false)
      }
      // The search would find what stands there in the clear.
      expect(bytes.length).toBeGreaterThan(20_000)
      expect(`${bytes}${asUtf8(nameOf(7))}`.includes(asUtf8('Karimi'))).toBe(true)
      await place.remove()
    })

    test('every export has an id, a recipient and a manifest that names its exact bytes (R29, R30)', async () => {
      const place = await make()
      const { vault } = await centre(place)
      await signUps(vault, 4)
      const asked = { recipient: 'sms-gateway', format: 'csv' } as const
      const [one, two] = [await vault.for('prayer-times').export(asked), await vault.for('prayer-times').export(asked)]
      expect(one.id).not.toBe(two.id)
      const text = await openedByProvider(one.file)
      expect(text).toContain(nameOf(0))
      const manifest = await one.manifest
      expect(manifest).toMatchObject({
        export: one.id,
        people: 4,
        recipient: { id: 'sms-gateway', name: 'Pigeon SMS' },
      })
      expect(manifest.sha256).toMatch(/^[0-9a-f]{64}$/)
      expect(manifest.destroyBy).toBe('2016-07-01T09:00:00.000Z')
      await openedByProvider(two.file)
      const hashes = (await ledgerOf(vault)).filter(({ type }) => type === 'export-ended').map(line => line.sha256)
      expect(hashes).toEqual([manifest.sha256, (await two.manifest).sha256])
      expect(new Set(hashes).size).toBe(2)
      await vault.lock()
      await place.remove()
    })

    test('a handover has its stated ground on record, and takes nobody along without their consent (R26, R29)', async () => {
      const place = await make()
      const { vault } = await centre(place)
      await signUps(vault, 3)
      await vault.add({ card: cardOf(30), consents: [{ ...signed(), recipients: [] }], source: 'form' })
      const asked = { recipient: 'sms-gateway', format: 'csv', ground: 'court-order' } as const
      await refusal('EXPORT_REFUSED', vault.for('prayer-times').export(asked))
      const out = await vault.for('prayer-times').export({ ...asked, whenRefused: 'leave-out' })
      expect(await openedByProvider(out.file)).not.toContain(phoneOf(30).slice(-6))
      expect(await out.manifest).toMatchObject({ ground: 'court-order', people: 3, leftOut: 1 })
      expect((await ledgerOf(vault)).find(({ type }) => type === 'export-started')).toMatchObject({
        ground: 'court-order',
      })
      await vault.lock()
      await place.remove()
    })
  })
}
