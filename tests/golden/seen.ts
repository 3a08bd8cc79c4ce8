/** What today's library must see in a golden vault, whatever store it lies in. The vault it is given is a copy. */
import { passphrase, recoveryCode, secretKey } from '@amanat/crypto'
import { openVault, type Store, type Vault, VaultError } from '@amanat/vault'
import { fakeClock } from '@amanat/vault/testing'
import { expect, test } from 'vitest'
import { ENTRIES, EXPORTED, FORMER_POLICY, GONE, NEXT_MORNING, PEOPLE, POLICY } from './expected'
import { type Made, PASSPHRASE, PHOTO, SECRET_KEY } from './story'

/** Gives a new copy of the frozen vault to each use. */
export type Copies = <T>(use: (store: () => Store, made: Made) => Promise<T>) => Promise<T>

type Golden = Vault<typeof POLICY>

export function seen(copies: Copies, opened: () => void = () => {}): void {
  const opening = <T>(
    use: (vault: Golden, made: Made, store: () => Store) => Promise<T>,
    at = NEXT_MORNING,
  ): Promise<T> =>
    copies(async (store, made) => {
      const options = { store: store(), policy: POLICY, actor: 'staff:leila', clock: fakeClock(at) }
      const vault = await openVault({ ...options, unlock: secretKey(SECRET_KEY) })
      try {
        opened()
        return await use(vault, made, store)
      } finally {
        await vault.lock()
      }
    })
  const who = (made: Made, ref: string) => made.ids[ref] as string

  test('opens by passphrase, by secret key and by recovery code', () =>
    copies(async (store, made) => {
      for (const unlock of [passphrase(PASSPHRASE), secretKey(SECRET_KEY), recoveryCode(made.recoveryCode)]) {
        const options = { store: store(), policy: POLICY, actor: 'staff:leila', clock: fakeClock(NEXT_MORNING) }
        const vault = await openVault({ ...options, unlock })
        expect(vault.id).toBe(made.vault)
        const labels = (await vault.slots.list()).map(({ label }) => label)
        expect(labels.sort()).toEqual(['Leila', 'paper, in the safe', 'the server'])
        await vault.lock()
      }
    }))

  test('is ruled by its own policy, and opens with no other', () =>
    copies(async store => {
      const options = { store: store(), unlock: secretKey(SECRET_KEY), actor: 'staff:leila' }
      const opening = openVault({ ...options, policy: FORMER_POLICY as never, clock: fakeClock(NEXT_MORNING) })
      await expect(opening).rejects.toMatchObject({ code: 'POLICY_DIFFERS' })
      await expect(opening).rejects.toBeInstanceOf(VaultError)
    }))

  test.each([
    ['prayer-times', ['sara', 'yusuf', 'zoe']],
    ['newsletter', ['mahsa', 'sara']],
    ['meals', ['omid']],
  ] as const)('shows through the door for %s whoever agreed, with the fields of that purpose', (purpose, refs) =>
    opening(async (vault, made) => {
      const door = vault.for(purpose)
      const { people } = await door.list()
      expect(people.map(({ id }) => id as string).sort()).toEqual(refs.map(ref => who(made, ref)).sort())
      for (const ref of refs) {
        const card = (await door.reveal(who(made, ref)))?.card
        expect(card).toMatchObject(inDoor(ref, POLICY.purposes[purpose].fields))
        expect(
          Object.keys(card ?? {})
            .filter(key => key in (PEOPLE[ref]?.card ?? {}))
            .sort(),
        ).toEqual(
          Object.keys(inDoor(ref, POLICY.purposes[purpose].fields))
            .filter(key => key !== 'localizations')
            .sort(),
        )
      }
    }),
  )

  test('has every consent with its dates, whom it allows and what proves it', () =>
    opening(async (vault, made) => {
      for (const [ref, { consents }] of Object.entries(PEOPLE)) {
        const views = await vault.consents(who(made, ref))
        expect(views.map(({ purpose }) => purpose as string).sort()).toEqual(Object.keys(consents).sort())
        for (const { purpose, events, evidence, until, recipients } of views) {
          const expected = consents[purpose] ?? []
          expect(events).toMatchObject(expected.map(({ kind, at, actor }) => ({ kind, at: millis(at), actor })))
          const last = expected.at(-1)
          if (last?.recipients) expect(recipients).toEqual(last.recipients)
          if (last?.recipients) expect(evidence?.kept ?? false).toBe(last.kept ?? false)
          // Sara's newsletter ends sooner than she agreed to: the policy was narrowed.
          if (ref === 'sara' && purpose === 'newsletter') expect(until).toBe(millis('2026-12-26T00:00:00Z'))
          else if (ref === 'mahsa') expect(until).toBe(millis('2027-01-12T00:00:00Z'))
          else if (last?.until) expect(until).toBe(millis(last.until))
        }
      }
    }))

  test('keeps in quarantine who was waiting there', () =>
    opening(async (vault, made) => {
      expect((await vault.quarantine.list()).people).toEqual([
        { id: who(made, 'tariq'), name: 'Tariq Aziz', until: millis(PEOPLE.tariq?.quarantine?.until as string) },
      ])
      expect((await vault.quarantine.reveal(who(made, 'tariq')))?.card).toMatchObject(PEOPLE.tariq?.card ?? {})
    }))

  test('holds nothing of who was erased, or whose claim ran out, and lets nobody back in who left', () =>
    opening(async (vault, made) => {
      expect(await vault.exists(GONE.map(ref => who(made, ref)))).toEqual([])
      const listed = [{ phone: '+44 7700 900105' }, { phone: '+44 7700 900108' }].map(by => vault.identify(by))
      expect(await Promise.all(listed)).toEqual([[], []])
      const back = (card: object) =>
        vault.add({ card: card as never, source: 'an old list', mayAsk: 'they-asked' }).then(
          () => 'came in',
          error => error.code,
        )
      expect(await back({ name: { full: 'Nadia' }, phones: { p1: { number: '+44 7700 900105' } } })).toBe('SUPPRESSED')
      expect(await back({ name: { full: 'Tariq' }, phones: { p1: { number: '+44 7700 900106' } } })).toBe(
        'QUARANTINE_AGAIN',
      )
      expect(await back({ name: { full: 'Eve' }, emails: { e1: { address: 'eve@example.org' } } })).toBe('SUPPRESSED')
    }))

  test('finds people by phone, e-mail and the app’s own key, and knows who came in before', () =>
    opening(async (vault, made) => {
      const byPhone = await vault.for('prayer-times').find({ phone: '07700 900107' })
      expect(byPhone.map(({ id }) => id as string)).toEqual([who(made, 'zoe')])
      expect(await vault.identify({ email: 'Mahsa@Example.NET' })).toEqual([who(made, 'mahsa')])
      const again = await vault.add({
        card: { name: { full: 'Yusuf' } },
        source: 'the same list',
        ref: 'yusuf',
      })
      expect(again).toMatchObject({ outcome: 'known', id: who(made, 'yusuf') })
    }))

  test('has the whole record, whose entries are those of the story', () =>
    opening(async vault => {
      const lines = []
      for await (const line of vault.ledger.entries()) lines.push(line)
      expect(lines.slice(0, ENTRIES.length).map(({ type }) => type)).toEqual(ENTRIES)
      expect(lines.find(({ type }) => type === 'export-started')).toMatchObject({ people: EXPORTED.length, leftOut: 2 })
    }))

  test('has no row that doesn’t open', () =>
    opening(async vault => {
      const { rows, damaged } = await vault.examine()
      expect(damaged).toEqual([])
      expect(rows).toBeGreaterThan(25)
    }))

  test('goes on as any vault: what is withdrawn stays away, and what expires goes', () =>
    opening(async (vault, made, store) => {
      await vault.withdraw(who(made, 'mahsa'))
      expect(await vault.exists([who(made, 'mahsa')])).toEqual([])
      await vault.lock()
      const options = { policy: POLICY, actor: 'staff:omid', clock: fakeClock('2026-06-10T08:00:00Z') }
      const later = await openVault({ ...options, store: store(), unlock: recoveryCode(made.recoveryCode) })
      const ids = Object.values(made.ids)
      const left = ['omid', 'sara', 'zoe'].map(ref => who(made, ref)).sort()
      expect((await later.exists(ids)).map(String).sort()).toEqual(left)
      expect(await later.for('prayer-times').count()).toBe(1)
      await later.lock()
    }))
}

const millis = (instant: string): string => new Date(instant).toISOString()

function inDoor(ref: string, fields: readonly string[]): Record<string, unknown> {
  const { card = {}, translations, photo } = PEOPLE[ref] ?? {}
  const shown = Object.fromEntries(Object.entries(card).filter(([field]) => fields.includes(field)))
  const uri = `data:image/png;base64,${btoa(String.fromCharCode(...PHOTO))}`
  return {
    ...shown,
    ...(translations ? { localizations: translations } : {}),
    ...(photo ? { media: { m1: { kind: 'photo', mediaType: 'image/png', uri } } } : {}),
  }
}
