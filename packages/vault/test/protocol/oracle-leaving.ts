/** What the oracle looks for after people left, changed, or a way of unlocking went: all of it before its day. */
import { passphrase } from '@amanat/crypto'
import { testKey } from '../../src/testing'
import { all, but, everybody, id, key, type Scenarios } from './oracle-look'
import { consentTo, marksOf, person } from './world'

const big = (word: string) => ({
  m1: { kind: 'photo' as const, uri: `data:image/png;base64,${btoa(word.padEnd(150_000, '-') + word)}` },
})

export const LEAVING: Scenarios = {
  'R19: a person is erased': async world => {
    await world.vault.erase(id(world, 1))
    return { forgotten: all(1), kept: but(all(1)) }
  },

  'R18: a consent is withdrawn, and only its own fields go': async world => {
    await world.vault.withdraw(id(world, 1), 'chat')
    const { email, note, evidence } = marksOf(1)
    const forgotten = [email, note, `chat-${evidence}`]
    return { forgotten, kept: but(forgotten) }
  },

  'R18: the only consent is withdrawn': async world => {
    await world.vault.withdraw(id(world, 0), 'times')
    return { forgotten: all(0), kept: but(all(0)) }
  },

  'a consent is refused after it was given': async world => {
    await world.vault.refuse(id(world, 3), 'chat')
    return { forgotten: all(3), kept: but(all(3)) }
  },

  'R18: a consent is refused after it was given, and its own fields and documents go': async world => {
    await world.vault.refuse(id(world, 1), 'chat')
    const { email, note, evidence } = marksOf(1)
    const forgotten = [email, note, `chat-${evidence}`]
    return { forgotten, kept: but(forgotten) }
  },

  'a name and a number are changed': async world => {
    await world.vault.change(id(world, 2), {
      name: { full: 'Changed2Zq' },
      phones: { p1: { number: '07700 900777' } },
    })
    const { name, phone } = marksOf(2)
    return { forgotten: [name, phone], kept: [...but([name, phone]), 'Changed2Zq', '07700 900777'] }
  },

  'a note is taken out': async world => {
    await world.vault.change(id(world, 1), { notes: null } as never)
    return { forgotten: [marksOf(1).note], kept: but([marksOf(1).note]) }
  },

  'a photo is replaced': async world => {
    const uri = `data:image/png;base64,${btoa('AnotherPhotoZq'.repeat(20))}`
    await world.vault.change(id(world, 2), { media: { m1: { kind: 'photo', uri } } } as never)
    return { forgotten: [marksOf(2).photo], kept: [...but([marksOf(2).photo]), 'AnotherPhotoZq'] }
  },

  'R19: everybody is erased, one after the other': async world => {
    for (const contact of world.ids) await world.vault.erase(contact)
    return { forgotten: everybody(), kept: [] }
  },

  'R19: a person is erased whose page was written again and again': async world => {
    for (let number = 20; number < 32; number++) await world.vault.add(person(number, ['times']) as never)
    await world.vault.for('times').reveal(id(world, 1))
    await world.vault.consent(id(world, 0), consentTo('times', 'AgainZq'))
    await world.vault.erase(id(world, 0))
    return { forgotten: [...all(0), 'AgainZq'], kept: [...but(all(0)), ...all(31, ['times'])] }
  },

  'R19: a person is erased and comes back': async world => {
    await world.vault.erase(id(world, 1), { suppress: false })
    const { name, phone, email } = marksOf(1)
    const card = { name: { full: name }, phones: { p1: { number: phone } }, emails: { e1: { address: email } } }
    await world.vault.add({ card, consents: [consentTo('chat', 'BackZq')], source: 'themselves' } as never)
    const forgotten = all(1).filter(mark => ![name, phone, email].includes(mark))
    return { forgotten, kept: [...but(forgotten), 'BackZq'] }
  },

  'R19: a person is erased whose name was translated': async world => {
    const { ref, consents, source } = person(9, ['chat'])
    const card = { name: { full: 'Plain9Zq' }, localizations: { fa: { 'name/full': 'Translated9Zq' } } }
    const added = await world.vault.add({ card, consents, source, ref } as never)
    await world.vault.erase(added.id)
    return { forgotten: ['Plain9Zq', 'Translated9Zq', ref, `chat-${marksOf(9).evidence}`], kept: everybody() }
  },

  'R18: all consents of one are withdrawn, one of another, and a third is erased, together': async ({ vault, ids }) => {
    const [, one, two, three] = ids as [string, string, string, string]
    await Promise.all([vault.withdraw(two), vault.withdraw(one, 'chat'), vault.erase(three)])
    const { email, note, evidence } = marksOf(1)
    const forgotten = [...all(2), ...all(3), email, note, `chat-${evidence}`]
    return { forgotten, kept: but(forgotten) }
  },

  'a number is changed and changed back': async world => {
    const { phone } = marksOf(0)
    const phones = (number: string) => ({ phones: { p1: { number } } })
    await world.vault.change(id(world, 0), phones('07700 900777'))
    await world.vault.change(id(world, 0), phones(phone))
    return { forgotten: ['07700 900777'], kept: everybody() }
  },

  'a photo of several pieces is replaced by another': async world => {
    await world.vault.change(id(world, 2), { media: big('FirstPhotoZq') } as never)
    await world.vault.change(id(world, 2), { media: big('SecondPhotoZq') } as never)
    const forgotten = [marksOf(2).photo, 'FirstPhotoZq']
    return { forgotten, kept: [...but(forgotten), 'SecondPhotoZq'] }
  },

  'a passphrase is replaced: the old one opens nothing': async world => {
    const [slot] = await world.vault.slots.list()
    await world.vault.slots.replace((slot as { id: string }).id, testKey(5))
    return { forgotten: everybody(), kept: [], opensNothing: true }
  },

  'a passphrase is replaced: the new one opens everything': async world => {
    const [slot] = await world.vault.slots.list()
    await world.vault.slots.replace((slot as { id: string }).id, testKey(5))
    await world.vault.erase(id(world, 0))
    return { forgotten: all(0), kept: but(all(0)), openings: [key(5), key(1)] }
  },

  'a way of unlocking is removed: it opens nothing': async world => {
    const spare = await world.vault.slots.add(testKey(2), 'spare')
    await world.vault.slots.remove(spare.id)
    return { forgotten: everybody(), kept: [], openings: [key(2)], opensNothing: true }
  },

  'a way of unlocking is removed, and the vault goes on: it opens nothing of that either': async world => {
    const spare = await world.vault.slots.add(testKey(2), 'spare')
    await world.vault.add(person(20, ['times']) as never)
    await world.vault.slots.remove(spare.id)
    await world.vault.add(person(21, ['times']) as never)
    await world.vault.erase(id(world, 0))
    const forgotten = [...everybody(), ...all(20, ['times'])]
    return { forgotten, kept: [], never: all(21, ['times']), openings: [key(2)], opensNothing: true }
  },

  'a way of unlocking is removed: the one that stays opens everything': async world => {
    const spare = await world.vault.slots.add(testKey(2), 'spare')
    await world.vault.slots.remove(spare.id)
    return { forgotten: [], kept: everybody(), openings: [key(1), key(2)] }
  },

  'a way of unlocking is replaced twice: neither old one opens anything': async world => {
    for (const number of [5, 6]) {
      const [slot] = await world.vault.slots.list()
      await world.vault.slots.replace((slot as { id: string }).id, testKey(number))
    }
    return { forgotten: everybody(), kept: [], openings: [key(1), key(5)], opensNothing: true }
  },

  'a passphrase, in words, is replaced by another: the old words open nothing': async world => {
    const words = (text: string) => passphrase(text, { memory: 64 * 1024, passes: 1 })
    const spare = await world.vault.slots.add(words('four words on paper'), 'spare')
    await world.vault.slots.replace(spare.id, words('four other words on paper'))
    return { forgotten: everybody(), kept: [], openings: [{ passphrase: 'four words on paper' }], opensNothing: true }
  },
}
