// Address books of any size, of people who don't exist, in each format: written in pieces, the same at every run.

import { once } from 'node:events'
import { createWriteStream } from 'node:fs'

const GIVEN = ['Sara', 'Omid', 'Noor', 'Kim', 'Ada', 'Élise', 'Jürgen', 'Ida', 'Robin', 'سارا']
const SURNAMES = ['Ahmadi', 'Haddad', 'Lee', 'Stone', 'Moreau', 'Müller', 'Taylor', 'احمدی']

// Hardly anybody of an address book shares a number: those kept for fiction are a hundred in each area of North America.
const phoneOf = n => `+1 ${201 + (Math.floor(n / 100) % 789)} 555 01${two(n % 100)}`

function personOf(n) {
  const given = GIVEN[n % GIVEN.length]
  const surname = `${SURNAMES[n % SURNAMES.length]} ${n.toString(36)}`
  const phone = phoneOf(n)
  const birth = [1940 + (n % 70), 1 + (n % 12), 1 + (n % 28)]
  return { n, given, surname, phone, birth, email: `p${n}@example.org`, street: `${1 + (n % 200)} Garden Street` }
}

const two = number => String(number).padStart(2, '0')
const dateOf = ([year, month, day]) => `${year}-${two(month)}-${two(day)}`
const quoted = text =>
  [...new TextEncoder().encode(text)].map(byte => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('')
const lines = (...all) => `${all.join('\r\n')}\r\n`

const CARD = {
  'vCard 2.1': ({ n, given, surname, phone, birth, email, street }) =>
    lines(
      'BEGIN:VCARD',
      'VERSION:2.1',
      `N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:${quoted(surname)};${quoted(given)};;;`,
      `FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:${quoted(`${given} ${surname}`)}`,
      `TEL;CELL;PREF:${phone}`,
      `EMAIL;HOME:${email}`,
      `ADR;HOME:;;${street};Leeds;;LS1 1AA;United Kingdom`,
      `ORG:Example Ltd;Team ${n % 50}`,
      `BDAY:${dateOf(birth)}`,
      'NOTE;ENCODING=QUOTED-PRINTABLE:Likes tea=0D=0A=',
      'and not coffee',
      'END:VCARD',
    ),
  'vCard 3.0': ({ n, given, surname, phone, birth, email, street }) =>
    lines(
      'BEGIN:VCARD',
      'VERSION:3.0',
      `N:${surname};${given};;;`,
      `FN:${given} ${surname}`,
      `item1.TEL;TYPE=CELL;TYPE=pref:${phone}`,
      'item1.X-ABLabel:_$!<Mobile>!$_',
      `EMAIL;TYPE=INTERNET;TYPE=HOME:${email}`,
      `ADR;TYPE=HOME:;;${street};Leeds;;LS1 1AA;United Kingdom`,
      `ORG:Example Ltd;Team ${n % 50}`,
      `BDAY:${dateOf(birth)}`,
      'NOTE:Likes tea\\, and not coffee\\nnor milk',
      `UID:p-${n}`,
      'END:VCARD',
    ),
  'vCard 4.0': ({ n, given, surname, phone, birth, email, street }) =>
    lines(
      'BEGIN:VCARD',
      'VERSION:4.0',
      `N:${surname};${given};;;`,
      `FN:${given} ${surname}`,
      `TEL;VALUE=uri;TYPE=cell;PREF=1:tel:${phone.replaceAll(' ', '-')}`,
      `EMAIL;TYPE=home:${email}`,
      `ADR;TYPE=home:;;${street};Leeds;;LS1 1AA;United Kingdom`,
      `ORG:Example Ltd;Team ${n % 50}`,
      `BDAY:${dateOf(birth).replaceAll('-', '')}`,
      'NOTE:Likes tea\\, and not coffee\\nnor milk',
      `UID:urn:example:p-${n}`,
      'END:VCARD',
    ),
  'CSV (Google)': ({ n, given, surname, phone, birth, email, street }) =>
    `${given},${surname},Example Ltd,Team ${n % 50},${dateOf(birth)},"Likes tea, and not coffee\nnor milk",* myContacts,* Home,${email},Mobile,${phone},Home,${street},Leeds,LS1 1AA,United Kingdom\n`,
  JSContact: ({ n, given, surname, phone, birth, email, street }) =>
    JSON.stringify({
      '@type': 'Card',
      version: '1.0',
      uid: `p-${n}`,
      name: {
        components: [
          { kind: 'given', value: given },
          { kind: 'surname', value: surname },
        ],
        isOrdered: true,
      },
      phones: { p1: { number: phone, features: { mobile: true } } },
      emails: { e1: { address: email, contexts: { private: true } } },
      addresses: { a1: { full: `${street}, Leeds LS1 1AA`, contexts: { private: true } } },
      organizations: { o1: { name: 'Example Ltd', units: [{ name: `Team ${n % 50}` }] } },
      anniversaries: { b1: { kind: 'birth', date: { year: birth[0], month: birth[1], day: birth[2] } } },
      notes: { n1: { note: 'Likes tea, and not coffee\nnor milk' } },
    }),
}
const AROUND = {
  'CSV (Google)': {
    before:
      'First Name,Last Name,Organization Name,Organization Department,Birthday,Notes,Labels,E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Label,Phone 1 - Value,Address 1 - Label,Address 1 - Street,Address 1 - City,Address 1 - Postal Code,Address 1 - Country\n',
  },
  JSContact: { before: '[', between: ',\n', after: ']\n' },
}

export const FORMATS = Object.keys(CARD)

/** The same people as cards, one at a time. */
export async function* people(cards) {
  for (let n = 0; n < cards; n++) yield { card: JSON.parse(CARD.JSContact(personOf(n))) }
}

export async function writeBook(path, format, cards) {
  const { before = '', between = '', after = '' } = AROUND[format] ?? {}
  const out = createWriteStream(path)
  out.write(before)
  for (let n = 0; n < cards; n++) {
    if (!out.write((n === 0 ? '' : between) + CARD[format](personOf(n)))) await once(out, 'drain')
  }
  out.end(after)
  await once(out, 'finish')
}
