// The same people for every candidate: seeded, about 500 bytes each as JSON, days of expiry spread over a year. Nobody in it
// exists: numbers begin as those that Ofcom keeps for fiction and are longer than any in use, so that there are enough for everybody to
// have their own; addresses are from reserved domains.

const GIVEN = [
  'Sara',
  'Omid',
  'Leila',
  'Noor',
  'Jonas',
  'Amara',
  'Ines',
  'Dara',
  'Mina',
  'Tomas',
  'Yusuf',
  'Ewa',
  'Kofi',
  'Hana',
  'Arman',
  'Lucia',
]
const FAMILY = [
  'Karimi',
  'Okoro',
  'Lindqvist',
  'Rahimi',
  'Novak',
  'Adeyemi',
  'Fischer',
  'Moradi',
  'Silva',
  'Dastan',
  'Kaya',
  'Brandt',
  'Sohrabi',
  'Mensah',
]
const STREETS = [
  'Quay Street',
  'Mill Lane',
  'Orchard Road',
  'Station Row',
  'Canal Side',
  'Harbour View',
  'Chapel Walk',
  'Market Place',
]
const NOTES = [
  'met at the spring fair',
  'helps in the kitchen on Fridays',
  'asked for the large print',
  'comes with two children',
  'would like to be called in the evening',
]

/** Numbers from 0 up to 1 by a 32-bit generator (mulberry32): the same on every machine. */
export function chance(seed) {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

/**
 * @param index from 0; the same index is the same person
 * @returns a plain record; `age` is how many days ago they agreed, 0 to 364, so that 365 minus it are left
 */
export function person(index, seed = 1) {
  const next = chance(seed * 1_000_003 + index)
  const pick = list => list[Math.floor(next() * list.length)]
  const [given, family] = [pick(GIVEN), pick(FAMILY)]
  const number = i => `+4477009${String(index).padStart(6, '0')}${i}`
  const id = index.toString(16).padStart(32, '0')
  return {
    id,
    given,
    family,
    name: `${given} ${family} ${index}`,
    phones: next() < 0.4 ? [number(1), number(2)] : [number(1)],
    emails: next() < 0.3 ? [`p${index}@example.org`, `p${index}@example.net`] : [`p${index}@example.org`],
    address: `${1 + Math.floor(next() * 200)} ${pick(STREETS)}, Riverside RV${1 + Math.floor(next() * 9)} ${Math.floor(next() * 9)}AB`,
    note: Array.from({ length: 2 + Math.floor(next() * 4) }, () => pick(NOTES)).join('; '),
    age: Math.floor(next() * 365),
  }
}

export function* people(count, seed = 1, from = 0) {
  for (let i = from; i < from + count; i++) yield person(i, seed)
}

/** Different numbers below `count`, scattered. */
export function scattered(howMany, count, seed) {
  const next = chance(seed)
  const chosen = new Set()
  while (chosen.size < Math.min(howMany, count)) chosen.add(Math.floor(next() * count))
  return [...chosen]
}
