// @ts-check
// Writes the address book of an invented cultural centre in London, as one might have grown over ten years on a phone
// and in a mail program, and the sign-ups that exist on paper, on its web site and in somebody's memory.
//
//   node make-address-book.mjs      writes address-book.vcf, address-book.csv and sign-ups.json beside itself
//
// The same seed gives the same bytes; the files are committed. Nobody in them is real: names are put together from
// lists, mobile numbers are +44 7700 900000 to 900999 and landlines 020 7946 0000 to 0999, which Ofcom keeps for
// drama, and e-mail addresses are on example.org and example.com (RFC 2606).
import { writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'

const SEED = 232
/** In both files together; 20 are in both. */
const PEOPLE = 232
const IN_VCF = 188
const IN_BOTH = 20
const DEMO_START = '2026-03-01'

// Latin spelling, then as it is written at home.
const PERSIAN_GIVEN = /** @type {[string, string][]} */ ([
  ['Sara', 'سارا'],
  ['Omid', 'امید'],
  ['Leila', 'لیلا'],
  ['Reza', 'رضا'],
  ['Mina', 'مینا'],
  ['Kaveh', 'کاوه'],
  ['Shirin', 'شیرین'],
  ['Babak', 'بابک'],
  ['Nasrin', 'نسرین'],
  ['Arash', 'آرش'],
  ['Parisa', 'پریسا'],
  ['Hamid', 'حمید'],
  ['Roya', 'رؤیا'],
  ['Siavash', 'سیاوش'],
  ['Mahsa', 'مهسا'],
  ['Ali-Reza', 'علی‌رضا'],
  ['Ziba', 'زیبا'],
  ['Farhad', 'فرهاد'],
  ['Golnar', 'گلنار'],
  ['Behrouz', 'بهروز'],
  ['Yasaman', 'یاسمن'],
  ['Kian', 'کیان'],
  ['Azadeh', 'آزاده'],
  ['Mehdi', 'مهدی'],
])
const PERSIAN_FAMILY = /** @type {[string, string][]} */ ([
  ['Karimi', 'کریمی'],
  ['Ahmadi', 'احمدی'],
  ['Rahimi', 'رحیمی'],
  ['Nikpour', 'نیک‌پور'],
  ['Tehrani', 'تهرانی'],
  ['Sadeghi', 'صادقی'],
  ['Kazemi', 'کاظمی'],
  ['Shirazi', 'شیرازی'],
  ['Golestani', 'گلستانی'],
  ['Bahrami', 'بهرامی'],
  ['Zand', 'زند'],
  ['Farahani', 'فراهانی'],
  ['Jafari', 'جعفری'],
  ['Yazdani', 'یزدانی'],
  ['Pour-Hassan', 'پورحسن'],
  ['Nik-Khah', 'نیک‌خواه'],
])
const ARABIC_GIVEN = /** @type {[string, string][]} */ ([
  ['Layla', 'ليلى'],
  ['Yousef', 'يوسف'],
  ['Amal', 'أمل'],
  ['Karim', 'كريم'],
  ['Huda', 'هدى'],
  ['Tariq', 'طارق'],
  ['Noor', 'نور'],
  ['Samir', 'سمير'],
  ['Rania', 'رانية'],
  ['Khalid', 'خالد'],
  ['Maryam', 'مريم'],
  ['Bilal', 'بلال'],
])
const ARABIC_FAMILY = /** @type {[string, string][]} */ ([
  ['Al-Khatib', 'الخطيب'],
  ['Haddad', 'حدّاد'],
  ['Mansour', 'منصور'],
  ['Saleh', 'صالح'],
  ['Nasser', 'ناصر'],
  ['Al-Masri', 'المصري'],
  ['Khoury', 'خوري'],
  ['Zaki', 'زكي'],
])
const ENGLISH_GIVEN = [
  'Emily',
  'James',
  'Grace',
  'Oliver',
  'Zoë',
  'Thomas',
  'Hannah',
  'Daniel',
  'Chloe',
  'Peter',
  'Ruth',
  'Siân',
  'Marcus',
  'Alice',
  "D'Arcy",
  'Joan',
]
const ENGLISH_FAMILY = [
  'Clarke',
  'Walker',
  'Bennett',
  "O'Connor",
  'Wright',
  'Hughes',
  'Turner',
  'Mitchell',
  'Okafor',
  'Campbell',
  'Fox-Pitt',
  'Nowak',
]
const NOTES = [
  'Nowruz concert, door list',
  'Asked about Ramadan prayer times',
  'Kitchen volunteer on Fridays',
  'Persian class, two children',
  'Calligraphy workshop; wants to come again',
  'Spoke once at the book fair, no need to call',
  'پرسید کلاس فارسی کی شروع می‌شود',
  'شماره را خانم رحیمی داد',
  'Translator, Arabic and English',
  'Borrowed two chairs, brought them back',
  'Met at the summer fair\nhas a van',
  'Do not ring before noon; works nights at the hospital and sleeps in the mornings, a text message is better',
  'Poetry evening',
  'Prefers letters',
  'Gift Aid form signed',
]
const ORGANIZATIONS = [
  'Riverside Bakery',
  'Canal Street School',
  'Fiction Row Surgery',
  'Lantern Theatre',
  'Harbour Lane Library',
]
const TITLES = ['Teacher', 'Baker', 'Nurse', 'Librarian', 'Musician']
const LABELS = ['family', 'shop', "daughter's", 'خانه مادر', 'reception']
// One red and one blue pixel.
const PIXELS = [
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==',
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
]

/** Mulberry32, by Tommy Ettinger: small, seeded, the same everywhere. @param {number} seed */
function random(seed) {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

/**
 * @typedef {object} Person
 * @property {string} given
 * @property {string} family
 * @property {[string, string]} home given and family name as written at home
 * @property {number} mobile 0 to 999: the end of +44 7700 900000
 * @property {number | undefined} landline 0 to 999: the end of 020 7946 0000
 * @property {string | undefined} email
 * @property {string | undefined} note
 * @property {number} year in which the entry was last changed
 */

/** @returns {{ vcf: string, csv: string, signUps: object }} */
export function addressBook() {
  const chance = random(SEED)
  /** @template T @param {readonly T[]} list @returns {T} */
  const pick = list => /** @type {T} */ (list[Math.floor(chance() * list.length)])
  /** @template T @param {readonly T[]} list @returns {T[]} */
  const shuffled = list => {
    const copy = [...list]
    for (let at = copy.length - 1; at > 0; at--) {
      const other = Math.floor(chance() * (at + 1))
      ;[copy[at], copy[other]] = /** @type {[T, T]} */ ([copy[other], copy[at]])
    }
    return copy
  }

  // 999 is for the entries that are broken on purpose.
  const mobiles = shuffled(Array.from({ length: 999 }, (_, n) => n))
  const landlines = shuffled(Array.from({ length: 1000 }, (_, n) => n))
  /** @type {Person[]} */
  const people = []
  const names = new Set()
  while (people.length < PEOPLE) {
    const roll = chance()
    const english = (/** @type {string} */ name) => /** @type {[string, string]} */ ([name, name])
    const [given, family] =
      roll < 0.45
        ? [pick(PERSIAN_GIVEN), pick(PERSIAN_FAMILY)]
        : roll < 0.65
          ? [pick(ARABIC_GIVEN), pick(ARABIC_FAMILY)]
          : roll < 0.88
            ? [english(pick(ENGLISH_GIVEN)), english(pick(ENGLISH_FAMILY))]
            : [pick(PERSIAN_GIVEN), english(pick(ENGLISH_FAMILY))]
    const name = `${given[0]} ${family[0]}`
    if (names.has(name)) continue
    names.add(name)
    const address = name
      .toLowerCase()
      .normalize('NFKD')
      .replace(/[^a-z ]/g, '')
      .replaceAll(' ', '.')
    people.push({
      given: given[0],
      family: family[0],
      home: [given[1], family[1]],
      mobile: /** @type {number} */ (mobiles[people.length]),
      landline: chance() < 0.22 ? landlines[people.length] : undefined,
      email: chance() < 0.5 ? `${address}@example.${chance() < 0.7 ? 'org' : 'com'}` : undefined,
      note: chance() < 0.4 ? pick(NOTES) : undefined,
      year: chance() < 0.42 ? 2015 + Math.floor(chance() * 3) : 2018 + Math.floor(chance() * 8),
    })
  }

  const phone = people.slice(0, IN_VCF)
  const mail = people.slice(IN_VCF - IN_BOTH)
  return { vcf: vcf(phone, chance, pick), csv: csv(mail, chance, pick), signUps: signUps(people, chance, shuffled) }
}

const persian = (/** @type {string} */ text) => text.replace(/\d/g, digit => String.fromCharCode(0x6f0 + Number(digit)))
const arabic = (/** @type {string} */ text) => text.replace(/\d/g, digit => String.fromCharCode(0x660 + Number(digit)))

/** The ways in which people write one number. @param {number} mobile @param {number} way 0 to 1 */
function written(mobile, way) {
  const end = String(mobile).padStart(3, '0')
  const ways = [
    `07700 900${end}`,
    `07700 900${end}`,
    `+44 7700 900${end}`,
    `+44 7700 900${end}`,
    `+447700900${end}`,
    `00447700900${end}`,
    `0044 7700 900 ${end}`,
    `(07700) 900 ${end}`,
    `07700-900-${end}`,
    `07700900${end}`,
    `+44 (0)7700 900${end}`,
    persian(`07700 900${end}`),
    persian(`+44 7700 900${end}`),
    arabic(`07700 900${end}`),
  ]
  return /** @type {string} */ (ways[Math.floor(way * ways.length)])
}

/** @param {number} landline @param {number} way */
function landlineWritten(landline, way) {
  const end = String(landline).padStart(4, '0')
  return /** @type {string} */ ([`020 7946 ${end}`, `+44 20 7946 ${end}`, `(020) 7946-${end}`][Math.floor(way * 3)])
}

const two = (/** @type {number} */ number) => String(number).padStart(2, '0')

/** As a phone exports them: vCard 3.0 with groups, labels and folds. @param {Person[]} people @param {() => number} chance @param {<T>(list: readonly T[]) => T} pick */
function vcf(people, chance, pick) {
  const escaped = (/** @type {string} */ text) => text.replace(/[\\,;]/g, '\\$&').replaceAll('\n', '\\n')
  /** @type {string[]} */
  const lines = []
  people.forEach((person, index) => {
    const [given, family] = chance() < 0.45 ? person.home : [person.given, person.family]
    lines.push('BEGIN:VCARD', 'VERSION:3.0', 'PRODID:-//Example Inc.//Contacts 14.5//EN')
    lines.push(`N:${escaped(family)};${escaped(given)};;;`, `FN:${escaped(`${given} ${family}`)}`)
    if (chance() < 0.12) lines.push(`ORG:${escaped(pick(ORGANIZATIONS))};`, `TITLE:${pick(TITLES)}`)
    let item = 0
    if (person.email) {
      if (chance() < 0.6) lines.push(`EMAIL;type=INTERNET;type=HOME;type=pref:${person.email}`)
      else {
        item++
        lines.push(`item${item}.EMAIL;type=INTERNET:${person.email}`, `item${item}.X-ABLabel:_$!<Other>!$_`)
      }
    }
    const mobile = written(person.mobile, chance())
    if (chance() < 0.75) lines.push(`TEL;type=CELL;type=VOICE;type=pref:${mobile}`)
    else {
      item++
      lines.push(`item${item}.TEL;type=pref:${mobile}`, `item${item}.X-ABLabel:_$!<Mobile>!$_`)
    }
    if (person.landline !== undefined) {
      item++
      const label = chance() < 0.5 ? pick(LABELS) : '_$!<Home>!$_'
      lines.push(
        `item${item}.TEL:${landlineWritten(person.landline, chance())}`,
        `item${item}.X-ABLabel:${escaped(label)}`,
      )
    }
    if (chance() < 0.08) {
      lines.push(
        `ADR;type=HOME;type=pref:;;${1 + Math.floor(chance() * 90)} Fiction Row;London;;E1 ${1 + Math.floor(chance() * 8)}AA;United Kingdom`,
      )
    }
    if (chance() < 0.06)
      lines.push(
        `BDAY;X-APPLE-OMIT-YEAR=1604:1604-${two(1 + Math.floor(chance() * 12))}-${two(1 + Math.floor(chance() * 28))}`,
      )
    if (person.note) lines.push(`NOTE:${escaped(`${person.note}${chance() < 0.3 ? ` (${person.year})` : ''}`)}`)
    if (index === 17 || index === 103) lines.push(`PHOTO;ENCODING=b;TYPE=PNG:${PIXELS[index === 17 ? 0 : 1]}`)
    lines.push(
      `REV:${person.year}-${two(1 + Math.floor(chance() * 12))}-${two(1 + Math.floor(chance() * 28))}T${two(8 + Math.floor(chance() * 12))}:00:00Z`,
    )
    lines.push('END:VCARD')
    // From some phone that nobody remembers: what its cards mean, nobody can say.
    if (index === 60) lines.push('BEGIN:VCARD', 'VERSION:1.0', 'N:Broken;Entry;;;', 'FN:Entry Broken', 'END:VCARD')
  })
  return lines.map(line => `${fold(line)}\r\n`).join('')
}

/** At 75 octets, between characters. @param {string} line */
function fold(line) {
  let out = ''
  let octets = 0
  for (const char of line) {
    const width = Buffer.byteLength(char)
    if (octets + width > 75) {
      out += '\r\n '
      octets = 1
    }
    out += char
    octets += width
  }
  return out
}

const COLUMNS = [
  'First Name',
  'Middle Name',
  'Last Name',
  'Phonetic First Name',
  'Phonetic Middle Name',
  'Phonetic Last Name',
  'Name Prefix',
  'Name Suffix',
  'Nickname',
  'File As',
  'Organization Name',
  'Organization Title',
  'Organization Department',
  'Birthday',
  'Notes',
  'Photo',
  'Labels',
  'E-mail 1 - Label',
  'E-mail 1 - Value',
  'Phone 1 - Label',
  'Phone 1 - Value',
  'Phone 2 - Label',
  'Phone 2 - Value',
]

/** As a mail program exports them. @param {Person[]} people @param {() => number} chance @param {<T>(list: readonly T[]) => T} pick */
function csv(people, chance, pick) {
  const quote = (/** @type {string} */ cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)
  const row = (/** @type {Record<string, string | undefined>} */ cells) =>
    COLUMNS.map(name => quote(cells[name] ?? '')).join(',')
  const rows = [COLUMNS.join(',')]
  people.forEach((person, index) => {
    // Those who are on the phone too are written in the other script here.
    const [given, family] = chance() < 0.4 ? person.home : [person.given, person.family]
    rows.push(
      row({
        'First Name': given,
        'Last Name': family,
        'Organization Name': chance() < 0.1 ? pick(ORGANIZATIONS) : '',
        Notes: person.note,
        Labels: `${chance() < 0.5 ? `Door list ${person.year}` : 'Newsletter'} ::: * myContacts`,
        ...(person.email
          ? { 'E-mail 1 - Label': pick(['* ', '* Home', '* Work']).trimEnd(), 'E-mail 1 - Value': person.email }
          : {}),
        'Phone 1 - Label': pick(['Mobile', 'Mobile', '* Mobile', '']),
        'Phone 1 - Value': written(person.mobile, chance()),
        ...(person.landline === undefined
          ? {}
          : { 'Phone 2 - Label': 'Home', 'Phone 2 - Value': landlineWritten(person.landline, chance()) }),
      }),
    )
    // Two rows that nobody finished.
    if (index === 30) rows.push(row({ Notes: 'Entry without a name or number', Labels: '* myContacts' }))
    if (index === 45) rows.push(row({ Notes: 'came on Tuesday, brought flowers', Labels: '* myContacts' }))
  })
  return rows.map(line => `${line}\r\n`).join('')
}

/**
 * Who said what: on paper sheets that were scanned, on the web form, or, somebody says, in the corridor. Days are
 * before the start of the demo. @param {Person[]} people @param {() => number} chance @param {<T>(list: readonly T[]) => T[]} shuffled
 */
function signUps(people, chance, shuffled) {
  const day = (/** @type {number} */ before) =>
    new Date(Date.parse(DEMO_START) - before * 86_400_000).toISOString().slice(0, 10)
  const number = (/** @type {Person} */ person) => ({ phone: written(person.mobile, chance()) })
  const order = shuffled(people)
  const withEmail = order.filter(person => person.email !== undefined)
  const web = withEmail.slice(0, 25)
  const rest = order.filter(person => !web.includes(person))
  const take = (/** @type {number} */ count) => rest.splice(0, count)
  const language = () => (chance() < 0.5 ? 'fa' : 'en')

  const paper = take(60).map((person, index) => ({
    who: number(person),
    purpose: 'prayer-times',
    answer: 'given',
    how: 'paper',
    // Twelve lines to a sheet, a sheet each Friday; the oldest run out soon after the demo starts.
    on: day(81 - Math.floor(index / 12) * 18),
    language: language(),
    evidence: { kind: 'scan', reference: `sign-up sheet ${1 + Math.floor(index / 12)}, line ${1 + (index % 12)}` },
  }))
  const form = web.map((person, index) => ({
    who: { email: person.email },
    purpose: index % 5 === 4 ? 'group-chat' : 'prayer-times',
    answer: 'given',
    how: 'web-form',
    on: day(1 + Math.floor(chance() * 40)),
    language: language(),
    evidence: { kind: 'form', reference: `web form, submission ${1001 + index}` },
  }))
  const claims = take(12).map((person, index) => ({
    who: number(person),
    purpose: index < 8 ? 'prayer-times' : 'group-chat',
    answer: 'given',
    how: 'verbal',
    // Four of them are said to have agreed ten years ago.
    on: index % 3 === 2 ? day(3500 + index * 20) : day(2 + index),
    language: language(),
    method: index % 3 === 2 ? 'met once at the book fair' : 'said yes in the corridor, no note was made',
  }))
  const refusals = take(6).map((person, index) => ({
    who: number(person),
    purpose: index < 3 ? 'group-chat' : 'prayer-times',
    answer: 'refused',
    how: index % 2 === 0 ? 'verbal' : 'sms',
    on: day(3 + index * 5),
  }))
  const never = take(2).map((person, index) => ({
    who: number(person),
    answer: 'never-again',
    how: index === 0 ? 'sms' : 'verbal',
    on: day(200 + index * 90),
  }))
  return { demoStart: DEMO_START, signUps: [...paper, ...form, ...claims, ...refusals, ...never] }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { vcf, csv, signUps } = addressBook()
  const beside = (/** @type {string} */ name) => new URL(name, import.meta.url)
  writeFileSync(beside('address-book.vcf'), vcf)
  writeFileSync(beside('address-book.csv'), csv)
  writeFileSync(beside('sign-ups.json'), `${JSON.stringify(signUps, undefined, 2)}\n`)
}
