// Which program wrote a sheet, told by headers that no other has, and what a word means there that means something else
// elsewhere: Outlook's `Title` is Mrs, HubSpot's is her job. Columns about consent and keys are known here only: a
// sheet of nobody's making says nothing of a consent unless the caller does.
import { type Column, type CsvPlace, columnOf, wordsOf } from './places'

/** A program whose exports are known. */
export type CsvProgram =
  | 'google'
  | 'google-old'
  | 'outlook'
  | 'apple'
  | 'thunderbird'
  | 'linkedin'
  | 'yahoo'
  | 'mailchimp'
  | 'brevo'
  | 'hubspot'
  | 'salesforce'
  | 'civicrm'
  | 'amanat'

type Meaning = CsvPlace | Omit<Column, 'number'> | Column

interface Program {
  readonly name: CsvProgram
  /** One of these lists must be there whole. */
  readonly has: readonly (readonly string[])[]
  /** By header as words; where a header comes twice, the places of each. */
  readonly means?: Readonly<Record<string, Meaning | readonly Meaning[]>>
  /** As `means`, by how the header begins. */
  readonly begins?: Readonly<Record<string, CsvPlace>>
}

const OUTLOOK: Program['means'] = {
  title: 'title',
  titre: ['title', 'jobTitle'],
  nom: 'surname',
  anniversaire: 'birthday',
  partner: 'spouse',
  عنوان: ['title', 'jobTitle'],
  ort: 'ignore',
  beruf: 'role',
  'telephone mobile': 'mobile',
  // Where the mailbox is in the office, not where the person lives.
  location: 'ignore',
  // How the address is carried, SMTP or EX: Google has columns of this name for labels.
  'e mail 2 type': 'ignore',
  'e mail 3 type': 'ignore',
  'e mail 2 typ': 'ignore',
  'e mail 3 typ': 'ignore',
  'type de messagerie 2': 'ignore',
  'type de messagerie 3': 'ignore',
}

const HOME = { number: 1001, says: 'Home' }
const WORK = { number: 1002, says: 'Work' }

// Its headers are in the language of the program: English, German and French here. Its own fields have the names here
// that it gives them in a vCard. In French the parts of the two addresses are called alike, home first.
const THUNDERBIRD: Program['means'] = {
  geburtstag: 'birthDay',
  mois: 'birthMonth',
  jour: 'birthDay',
  'primare e mail adresse': 'email',
  'sekundare e mail adresse': 'email',
  'adresse electronique principale': 'email',
  'premiere adresse electronique': 'email',
  'adresse electronique secondaire': 'email',
  'messenger name': 'im',
  'nom de l ecran': 'im',
  pseudo: 'im',
  'nom a afficher': 'name',
  'mobil tel nr': 'mobile',
  arbeitstitel: 'jobTitle',
  organisation: 'organization',
  ville: [
    { place: 'locality', ...HOME },
    { place: 'locality', ...WORK },
  ],
  'code postal': [
    { place: 'postcode', ...HOME },
    { place: 'postcode', ...WORK },
  ],
  'pays etat': [
    { place: 'region', ...HOME },
    { place: 'region', ...WORK },
  ],
  ...Object.fromEntries(
    ['custom', 'benutzerdef', 'divers'].flatMap(word =>
      ([1, 2, 3, 4] as const).map(n => [`${word} ${n}`, `vCardProps:x-custom${n}`] as const),
    ),
  ),
}

const PROGRAMS: readonly Program[] = [
  {
    name: 'mailchimp',
    has: [['leid', 'euid'], ['optin time', 'confirm time'], ['member rating']],
    means: {
      'optin time': 'consent-at',
      'optin ip': 'consent-ip',
      'confirm time': 'consent-at',
      'confirm ip': 'consent-ip',
      'unsub time': 'consent-no-at',
      euid: 'id',
      // Guessed by Mailchimp from the address of the computer.
      region: 'ignore',
      cc: 'ignore',
      timezone: 'ignore',
      latitude: 'ignore',
      longitude: 'ignore',
      gmtoff: 'ignore',
      dstoff: 'ignore',
    },
  },
  {
    name: 'civicrm',
    has: [
      ['contact type', 'sort name'],
      ['do not email', 'do not phone'],
      ['internal contact id'],
      ['contact id', 'contact subtype'],
    ],
    means: {
      'contact id': 'id',
      'internal contact id': 'id',
      'sort name': 'ignore',
      'do not email': 'consent-no',
      'do not phone': 'consent-no',
      'do not mail': 'consent-no',
      'do not sms': 'consent-no',
      'no bulk emails user opt out': 'consent-no',
      'is opt out': 'consent-no',
      'opt out': 'consent-no',
      'formal title': 'title',
      'legal name': 'ignore',
    },
  },
  {
    name: 'salesforce',
    has: [
      ['mailing street'],
      ['mailingstreet'],
      ['account name', 'mailing city'],
      ['hasoptedoutofemail'],
      ['email opt out', 'last name'],
    ],
    means: {
      id: 'id',
      'contact id': 'id',
      'lead id': 'id',
      title: 'jobTitle',
      'email opt out': 'consent-no',
      'has opted out of email': 'consent-no',
      hasoptedoutofemail: 'consent-no',
      'do not call': 'consent-no',
      donotcall: 'consent-no',
      'lead source': 'ignore',
    },
  },
  {
    name: 'hubspot',
    has: [
      ['record id', 'email'],
      ['record id', 'first name'],
      ['unsubscribed from all email'],
      ['marketing contact status'],
      ['lifecycle stage', 'email'],
    ],
    means: {
      'record id': 'id',
      title: 'jobTitle',
      'unsubscribed from all email': 'consent-no',
      // A ground that somebody chose in a list is no consent: it has no date and nobody's words.
      'legal basis for processing contact s data': 'ignore',
    },
    begins: { 'opted out of email': 'consent-no' },
  },
  {
    name: 'brevo',
    has: [
      ['contact id', 'email', 'sms'],
      ['email', 'added time'],
      ['email', 'modified time'],
      ['double opt in', 'email'],
      ['email', 'sms', 'firstname'],
      ['email', 'sms', 'prenom'],
    ],
    means: {
      'contact id': 'id',
      nom: 'surname',
      'email blocklisted': 'consent-no',
      'email blacklisted': 'consent-no',
      'sms blocklisted': 'consent-no',
      'sms blacklisted': 'consent-no',
      'email marketing': 'consent-status',
      'email subscription status': 'consent-status',
      // A number, and 1 for both: it doesn't say when, so it stays unknown.
      'double opt in': 'consent-status',
      'opt in': 'consent-status',
      'opt in date': 'consent-at',
      'opt in ip': 'consent-ip',
    },
  },
  {
    name: 'linkedin',
    has: [
      ['first name', 'connected on'],
      ['first name', 'email address', 'position', 'company'],
    ],
  },
  {
    name: 'yahoo',
    has: [
      ['first', 'last', 'messenger id'],
      ['distribution lists', 'messenger id'],
    ],
    means: {
      home: { place: 'phone', ...HOME },
      work: { place: 'phone', ...WORK },
      other: { place: 'phone', number: 1003, says: 'Other' },
      primary: { place: 'phone', number: 1004, says: 'Main' },
      'yahoo phone': { place: 'phone', number: 1005, says: 'Yahoo' },
      'alternate email 1': 'email',
      'alternate email 2': 'email',
      'messenger id': { place: 'im', says: 'Yahoo' },
      'messenger id1': { place: 'im', says: 'Yahoo' },
      title: 'jobTitle',
      ...Object.fromEntries(([1, 2, 3, 4] as const).map(n => [`custom ${n}`, `x:custom${n}` as const])),
    },
  },
  {
    name: 'google-old',
    has: [
      ['given name', 'family name', 'group membership'],
      ['given name', 'phone 1 type'],
      ['e mail 1 type'],
      ['yomi name', 'given name yomi'],
    ],
    means: { name: 'name' },
  },
  {
    name: 'google',
    has: [['first name', 'organization name'], ['phone 1 label'], ['e mail 1 label']],
    means: { 'organization title': 'jobTitle' },
  },
  {
    name: 'outlook',
    has: [
      ['first name', 'e mail address', 'business phone'],
      ['first name', 'business street'],
      ['e mail address', 'e mail 2 address'],
      ['vorname', 'strasse geschaftlich'],
      ['nachname', 'telefon geschaftlich'],
      ['e mail adresse', 'e mail 2 adresse'],
      ['prenom', 'rue bureau'],
      ['prenom', 'telephone bureau'],
      ['adresse de messagerie', 'adresse de messagerie 2'],
      ['adresse de messagerie', 'prenom'],
      ['adresse de courrier', 'prenom'],
      ['نام خانوادگی', 'تلفن محل کار'],
      ['نام خانوادگی', 'خیابان محل کار'],
      ['نام خانوادگی', 'خیابان کار'],
      ['نام خانوادگی', 'تلفن کار'],
      ['نام خانوادگی', 'خیابان کسب و کار'],
      ['نام خانوادگی', 'تلفن کسب و کار'],
    ],
    means: OUTLOOK,
  },
  {
    name: 'thunderbird',
    has: [
      ['primary email', 'screen name'],
      ['primary email', 'birth year'],
      ['primare e mail adresse', 'messenger name'],
      ['primare e mail adresse', 'geburtsjahr'],
      ['adresse electronique principale', 'annee de naissance'],
      ['premiere adresse electronique', 'annee de naissance'],
    ],
    means: THUNDERBIRD,
  },
  {
    name: 'apple',
    has: [
      ['phonetic first', 'phonetic last'],
      ['iphone'],
      ['home email', 'mobile'],
      ['work email', 'mobile'],
      ['home email', 'iphone'],
      ['mobile phone', 'home email'],
      ['first', 'last', 'mobile phone'],
    ],
  },
  {
    name: 'amanat',
    has: [
      ['name', 'other phones', 'destroy by'],
      ['given name', 'surname', 'other phones', 'other emails'],
    ],
  },
]

export function programOf(headers: readonly string[]): CsvProgram | undefined {
  const words = new Set(headers.map(wordsOf))
  return PROGRAMS.find(({ has }) => has.some(list => list.every(word => words.has(wordsOf(word)))))?.name
}

/** What each column means to that program, before anybody else is asked. */
export function columnsOf(headers: readonly string[], name: CsvProgram | undefined): (Column | undefined)[] {
  const program = PROGRAMS.find(each => each.name === name)
  const seen = new Map<string, number>()
  const means = new Map(Object.entries(program?.means ?? {}).map(([word, place]) => [wordsOf(word), place]))
  return headers.map(header => {
    const words = wordsOf(header)
    const before = seen.get(words) ?? 0
    seen.set(words, before + 1)
    const found = means.get(words)
    const meaning = isList(found) ? found[Math.min(before, found.length - 1)] : found
    if (meaning) return { number: 0, ...(typeof meaning === 'string' ? { place: meaning } : meaning) }
    const begun = Object.entries(program?.begins ?? {}).find(([start]) => words.startsWith(start))
    return begun ? { place: begun[1], number: 0 } : columnOf(header)
  })
}

const isList = (found: Meaning | readonly Meaning[] | undefined): found is readonly Meaning[] => Array.isArray(found)
