/**
 * The 232 people of the story and the old address book that they are in: the same each time. Every one of them is invented: numbers
 * are +44 7700 900000 to 900999, which Ofcom keeps for drama, e-mail addresses are on example domains (RFC 2606).
 */
import { NAMINGS, NOTES } from './names'

export const PEOPLE = 232
const SEED = 232

/** What somebody said when they were asked at the door. Whoever said nothing is still where the address book put them. */
export type Said = 'yes-on-paper' | 'yes-and-group' | 'yes-remembered' | 'no' | 'nothing'

/** How many said what; the rest was never seen again. */
const SAID: readonly (readonly [Said, number])[] = [
  ['yes-on-paper', 72],
  ['yes-and-group', 14],
  ['yes-remembered', 9],
  ['no', 11],
]

export interface Invented {
  readonly name: string
  readonly phone: string
  readonly email?: string
  readonly note?: string
  readonly birthday?: string
  readonly said: Said
}

export function inventedPeople(): Invented[] {
  const chance = generator(SEED)
  const one = <T>(list: readonly T[]): T => list[Math.floor(chance() * list.length)] as T
  const numbers = shuffled(1000, chance)
  const said = SAID.flatMap(([what, many]) => Array.from({ length: many }, () => what))
  const order = shuffled(PEOPLE, chance)
  const taken = new Set<string>()
  return Array.from({ length: PEOPLE }, (_, index) => {
    const name = untaken(taken, () => {
      const naming = one(NAMINGS)
      return `${one(naming.given)} ${one(naming.family)}`
    })
    const number = String(numbers[index]).padStart(3, '0')
    return {
      name,
      phone: chance() < 0.6 ? `+44 7700 900${number}` : `07700 900${number}`,
      ...(chance() < 0.4 ? { email: `person-${number}@${one(['example.org', 'example.com', 'example.net'])}` } : {}),
      ...(chance() < 0.3 ? { note: one(NOTES) } : {}),
      ...(chance() < 0.15
        ? { birthday: `19${50 + Math.floor(chance() * 50)}-0${1 + Math.floor(chance() * 9)}-11` }
        : {}),
      said: said[order[index] as number] ?? 'nothing',
    }
  })
}

/** The address book of the office phone, as such phones write it: vCard 3.0. */
export function addressBook(people: readonly Invented[]): string {
  const cards = people.map(({ name, phone, email, note, birthday }) => [
    'BEGIN:VCARD',
    'VERSION:3.0',
    `FN:${name}`,
    `TEL;TYPE=CELL:${phone}`,
    ...(email ? [`EMAIL;TYPE=INTERNET:${email}`] : []),
    ...(note ? [`NOTE:${note.replace(/[,;]/g, '\\$&')}`] : []),
    ...(birthday ? [`BDAY:${birthday}`] : []),
    'END:VCARD',
  ])
  return `${cards.flat().join('\r\n')}\r\n`
}

/** Two people of the same name would have readers look for a mistake. */
function untaken(taken: Set<string>, make: () => string): string {
  for (;;) {
    const name = make()
    if (taken.has(name)) continue
    taken.add(name)
    return name
  }
}

/** 0 to `size` - 1 in an order of chance (Fisher and Yates). */
function shuffled(size: number, chance: () => number): number[] {
  const list = Array.from({ length: size }, (_, index) => index)
  for (let at = size - 1; at > 0; at--) {
    const other = Math.floor(chance() * (at + 1))
    const kept = list[at] as number
    list[at] = list[other] as number
    list[other] = kept
  }
  return list
}

/** The same numbers from 0 to 1 for the same seed (a 32-bit xorshift): for invented people, and for nothing that is secret. */
function generator(seed: number): () => number {
  let state = seed * 2_654_435_769
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
}
