/** What the oracle looks for when days pass: with the vault open, locked or asleep, after renewals, in quarantine. */
import { expect } from 'vitest'
import { contactIdBytes } from '../../src/contact/id'
import { dropExpired } from '../../src/index'
import { all, but, everybody, id, PAST_TIMES, type Scenarios, timesOver } from './oracle-look'
import { consentTo, marksOf, type Purpose, person } from './world'

const waiting = (number: number) => ({
  card: { name: { full: marksOf(number).name }, phones: { p1: { number: marksOf(number).phone } } },
  mayAsk: 'they-asked',
  source: 'a list',
})

export const DAYS: Scenarios = {
  'R13: a consent expires while the vault is open': async world => {
    await world.clock.advance('P91D')
    return { forgotten: timesOver(), kept: but(timesOver()) }
  },

  'R14: consents expire while the vault is locked, and a cron job without a key forgets': async world => {
    await world.vault.lock()
    for (let weeks = 0; weeks < 5; weeks++) {
      await world.clock.advance('P20D')
      await dropExpired(world.store(), { clock: world.clock })
    }
    return { forgotten: timesOver(), kept: but(timesOver()) }
  },

  'R14: consents expire while the vault is locked, and opening it forgets': async world => {
    await world.vault.lock()
    await world.clock.advance('P91D')
    await world.open()
    return { forgotten: all(0), kept: all(3) }
  },

  'a consent is renewed to a later day, and then withdrawn': async world => {
    await world.clock.advance('P10D')
    await world.vault.consent(id(world, 0), consentTo('times', 'RenewedZq'))
    await world.vault.withdraw(id(world, 0), 'times')
    return { forgotten: [...all(0), 'RenewedZq'], kept: but(all(0)) }
  },

  'a consent is renewed to a later day, the first day passes, and then it is withdrawn': async world => {
    await world.clock.advance('P80D')
    await world.vault.consent(id(world, 0), consentTo('times', 'RenewedZq'))
    await world.clock.advance('P20D')
    await world.vault.withdraw(id(world, 0), 'times')
    return { forgotten: [...all(0), 'RenewedZq'], kept: all(3) }
  },

  'a consent is given anew, for a shorter time': async world => {
    await world.vault.consent(id(world, 3), consentTo('chat', 'ShorterZq', '2026-03-20'))
    await world.clock.advance('P20D')
    return { forgotten: [...all(3), 'ShorterZq'], kept: but(all(3)) }
  },

  'R13: consents expire while the machine sleeps, and the first to act adds somebody': async world => {
    world.clock.set(PAST_TIMES)
    await world.vault.add(person(20, ['times']) as never)
    return { forgotten: timesOver(), kept: [...but(timesOver()), ...all(20, ['times'])] }
  },

  'R13: consents expire while the machine sleeps, and the first to act erases': async world => {
    world.clock.set(PAST_TIMES)
    await world.vault.erase(id(world, 3))
    const forgotten = [...timesOver(), ...all(3)]
    return { forgotten, kept: but(forgotten) }
  },

  'R12: a number expires before the name: heads and pages hold the name alone': async world => {
    const { name, phone, email, ref } = marksOf(10)
    const chat = { ...consentTo('chat', 'LongerZq'), fields: ['name', 'emails'] }
    const card = { name: { full: name }, phones: { p1: { number: phone } }, emails: { e1: { address: email } } }
    const consents = [consentTo('times', 'ShorterZq'), chat]
    const added = await world.vault.add({ card, consents, source: 'x', ref } as never)
    await world.vault.change(added.id, { emails: { e1: { address: 'changedzq@people.example' } } } as never)
    world.clock.set(PAST_TIMES)
    await world.vault.purge()
    const forgotten = [...timesOver(), phone, email, 'ShorterZq']
    return { forgotten, kept: [...but(forgotten), name, 'changedzq@people.example', ref, 'LongerZq'] }
  },

  'R12: a number expires before the name while the vault is locked': async world => {
    const { name, phone } = marksOf(10)
    const chat = { ...consentTo('chat', 'LongerZq'), fields: ['name'] }
    const card = { name: { full: name }, phones: { p1: { number: phone } } }
    const times = consentTo('times', 'ShorterZq', '2026-03-20')
    await world.vault.add({ card, consents: [times, chat], source: 'x' } as never)
    await world.vault.lock()
    world.clock.set('2026-03-20T00:00:00Z')
    await dropExpired(world.store(), { clock: world.clock })
    return { forgotten: [phone, 'ShorterZq'], kept: [...everybody(), name, 'LongerZq'] }
  },

  'R4: everything has expired, the longest consents too, with a visit a year': async world => {
    await world.vault.lock()
    for (const day of ['2027-03-25', '2028-04-01']) {
      world.clock.set(`${day}T09:00:00Z`)
      await (await world.open()).lock()
    }
    return { forgotten: everybody(), kept: [] }
  },

  'R16: a jump of the clock is confirmed': async world => {
    world.clock.set('2029-01-01T00:00:00Z')
    await world.vault.confirmTime()
    return { forgotten: everybody(), kept: [] }
  },

  'a consent is renewed, its first day passes, and its documents are read under the new day only': async world => {
    world.clock.set('2026-05-20T09:00:00Z')
    await world.vault.consent(id(world, 0), consentTo('times', 'RenewedZq'))
    world.clock.set(PAST_TIMES)
    await world.vault.purge()
    const forgotten = [`times-${marksOf(1).evidence}`, `times-${marksOf(2).evidence}`]
    return { forgotten, kept: [...but(forgotten), 'RenewedZq'] }
  },

  'a consent is renewed, and the first day and the second pass': async world => {
    world.clock.set('2026-05-20T09:00:00Z')
    await world.vault.consent(id(world, 0), consentTo('times', 'RenewedZq', '2026-06-10'))
    world.clock.set(PAST_TIMES)
    await world.vault.purge()
    world.clock.set('2026-06-10T00:00:00Z')
    await world.vault.purge()
    const forgotten = [...timesOver(), 'RenewedZq']
    return { forgotten, kept: but(forgotten) }
  },

  'a consent with a photo is given anew for a shorter time, and the photo goes with it': async world => {
    await world.vault.consent(id(world, 2), consentTo('call', 'ShorterZq', '2026-03-20'))
    world.clock.set('2026-03-21T09:00:00Z')
    await world.vault.purge()
    const { photo, evidence } = marksOf(2)
    const forgotten = [photo, `call-${evidence}`, 'ShorterZq']
    return { forgotten, kept: but(forgotten) }
  },

  'a consent with a photo is given anew for a shorter time, and then withdrawn': async world => {
    await world.vault.consent(id(world, 2), consentTo('call', 'ShorterZq', '2026-03-20'))
    await world.vault.withdraw(id(world, 2), 'call')
    const { photo, evidence } = marksOf(2)
    const forgotten = [photo, `call-${evidence}`, 'ShorterZq']
    return { forgotten, kept: but(forgotten) }
  },

  'R29: who was in an export is known as long as the longest consent in it': async world => {
    const consents = [{ ...consentTo('times', 'ExportedZq'), recipients: ['gateway'] }]
    const exported = await world.vault.add({ ...person(20, ['times']), consents } as never)
    const delivered = await world.vault
      .for('times')
      .deliver({ recipient: 'gateway', ids: [exported.id], to: async () => undefined } as never)
    expect(delivered.delivered).toBe(1)
    const bytes = contactIdBytes(exported.id) as Uint8Array
    world.clock.set(PAST_TIMES)
    await world.vault.purge()
    return {
      forgotten: [...timesOver(), marksOf(20).name, 'ExportedZq'],
      kept: but(timesOver()),
      more: haul => haul.where(bytes).filter(where => where !== 'ledger' && where !== 'clear'),
    }
  },

  'many are added at once: some expire, some are erased, some take a consent back': async ({ vault, clock }) => {
    const numbers = Array.from({ length: 24 }, (_, i) => 20 + i)
    const purposes = (number: number): Purpose[] => (number % 3 === 0 ? ['times'] : ['times', 'chat'])
    const report = await vault.addMany(numbers.map(number => person(number, purposes(number))) as never)
    expect(report.added).toBe(24)
    const of = (number: number) => report.rows[number - 20]?.id as string
    await vault.erase(of(22))
    await vault.withdraw(of(23), 'chat')
    clock.set(PAST_TIMES)
    await vault.purge()
    const gone = numbers.filter(number => number % 3 === 0 || number === 22 || number === 23)
    const stay = numbers.filter(number => !gone.includes(number))
    const forgotten = [
      ...timesOver(),
      ...gone.flatMap(number => all(number, purposes(number))),
      ...stay.map(number => `times-${marksOf(number).evidence}`),
    ]
    return { forgotten, kept: [...but(forgotten), ...stay.flatMap(number => all(number, ['chat']))] }
  },

  'R22: somebody in quarantine is never asked': async world => {
    const { name, phone } = marksOf(7)
    await world.vault.add({
      card: { name: { full: name }, phones: { p1: { number: phone } } },
      source: 'a list',
    } as never)
    await world.clock.advance('P31D')
    return { forgotten: [name, phone], kept: everybody() }
  },

  'R22: somebody in quarantine is erased': async world => {
    const { id: waits } = await world.vault.add(waiting(7) as never)
    await world.vault.erase(waits)
    return { forgotten: [marksOf(7).name, marksOf(7).phone], kept: everybody() }
  },

  'R22: somebody in quarantine says stop': async world => {
    const { id: waits } = await world.vault.add(waiting(7) as never)
    await world.vault.withdraw(waits)
    return { forgotten: [marksOf(7).name, marksOf(7).phone], kept: everybody() }
  },

  'R22: somebody in quarantine is never asked, and the vault is locked all the while': async world => {
    await world.vault.add(waiting(7) as never)
    await world.vault.lock()
    for (const day of ['2026-03-20', '2026-04-02']) {
      world.clock.set(`${day}T03:00:00Z`)
      await dropExpired(world.store(), { clock: world.clock })
    }
    return { forgotten: [marksOf(7).name, marksOf(7).phone], kept: everybody() }
  },

  'R22: somebody in quarantine agrees, and takes it back': async world => {
    const { id: waits } = await world.vault.add(waiting(7) as never)
    await world.vault.consent(waits, consentTo('times', 'AgreedZq'))
    await world.vault.withdraw(waits, 'times')
    return { forgotten: [marksOf(7).name, marksOf(7).phone, 'AgreedZq'], kept: everybody() }
  },
}
