// Where a column of a spreadsheet goes in a card, told by its header: Google's own (2024 and later), what people
// write in English and Persian, and what the caller says. What a header means is never guessed from its cells.

/** Where the cells of a column go. `ignore`: left out on purpose. `x:…`: a custom field, as text. */
export type CsvPlace =
  | 'name'
  | 'given'
  | 'given2'
  | 'surname'
  | 'title'
  | 'credential'
  | 'phoneticGiven'
  | 'phoneticGiven2'
  | 'phoneticSurname'
  | 'nickname'
  | 'organization'
  | 'unit'
  | 'jobTitle'
  | 'phone'
  | 'mobile'
  | 'email'
  | 'address'
  | 'street'
  | 'extended'
  | 'postOfficeBox'
  | 'locality'
  | 'region'
  | 'postcode'
  | 'country'
  | 'url'
  | 'relation'
  | 'birthday'
  | 'event'
  | 'note'
  | 'keywords'
  | 'photo'
  | 'uid'
  | 'language'
  | 'ignore'
  | `x:${string}`

/** A column: where it goes, which of several it belongs to (`Phone 2 - …`), and whether it holds their label. */
export interface Column {
  readonly place: CsvPlace
  readonly number: number
  readonly label?: boolean
}

const HEADERS: Partial<Record<CsvPlace, string>> = {
  name: 'name|full name|display name|contact|contact name|نام کامل|نام و نام خانوادگی|نام و فامیل|اسم',
  given: 'first name|given name|forename|given|first|نام|نام کوچک',
  given2: 'middle name|additional name|نام میانی',
  surname: 'last name|family name|surname|family|last|نام خانوادگی|فامیل|فامیلی',
  title: 'name prefix|prefix|salutation|پیشوند',
  credential: 'name suffix|suffix|پسوند',
  phoneticGiven: 'phonetic first name|given name yomi',
  phoneticGiven2: 'phonetic middle name',
  phoneticSurname: 'phonetic last name|family name yomi',
  nickname: 'nickname|nicknames|لقب',
  organization: 'organization name|organization|organisation|company|employer|سازمان|شرکت|محل کار',
  unit: 'organization department|department|بخش',
  jobTitle: 'organization title|title|job title|role|سمت|شغل',
  phone:
    'phone|phone number|telephone|tel|number|phones|other phones|landline|home phone|تلفن|شماره|شماره تلفن|شماره تماس',
  mobile: 'mobile|mobile phone|mobile number|cell|cell phone|موبایل|شماره موبایل|همراه|تلفن همراه|شماره همراه',
  email: 'email|e-mail|email address|e-mail address|mail|emails|other emails|ایمیل|رایانامه|پست الکترونیک|آدرس ایمیل',
  address: 'address|postal address|home address|نشانی|آدرس',
  street: 'street|street address|خیابان',
  locality: 'city|town|شهر',
  region: 'region|county|state|province|استان',
  postcode: 'postcode|post code|postal code|zip|zip code|کد پستی|کدپستی',
  country: 'country|کشور',
  url: 'website|web site|url|web page|وب سایت|وبسایت',
  birthday: 'birthday|date of birth|birth date|dob|تاریخ تولد|تولد',
  note: 'notes|note|comment|comments|remarks|یادداشت|توضیحات|ملاحظات',
  keywords: 'labels|label|tags|groups|categories|group membership|برچسب|گروه',
  photo: 'photo',
  uid: 'uid',
  language: 'language|preferred language|زبان',
  ignore: 'file as|destroy by',
}

const BY_HEADER = new Map<string, CsvPlace>()
for (const [place, names] of Object.entries(HEADERS)) {
  for (const name of (names ?? '').split('|')) BY_HEADER.set(fold(name), place as CsvPlace)
}

// Google's columns that come several times: `Phone 1 - Label`, `Address 2 - Street`.
const NUMBERED = /^(e-?mail|phone|address|website|relation|event|im|custom field) (\d{1,2}) - (.+)$/
const PARTS = new Map<string, CsvPlace>([
  ['e-mail value', 'email'],
  ['email value', 'email'],
  ['phone value', 'phone'],
  ['website value', 'url'],
  ['relation value', 'relation'],
  ['event value', 'event'],
  ['address formatted', 'address'],
  ['address street', 'street'],
  ['address extended address', 'extended'],
  ['address po box', 'postOfficeBox'],
  ['address city', 'locality'],
  ['address region', 'region'],
  ['address postal code', 'postcode'],
  ['address country', 'country'],
])
const VALUE = new Map<string, CsvPlace>([
  ['e-mail', 'email'],
  ['email', 'email'],
  ['phone', 'phone'],
  ['address', 'address'],
  ['website', 'url'],
  ['relation', 'relation'],
  ['event', 'event'],
])

/** `undefined`: nobody knows what it means. */
export function columnOf(header: string): Column | undefined {
  const name = fold(header)
  const place = BY_HEADER.get(name)
  if (place) return { place, number: 0 }
  const match = NUMBERED.exec(name)
  if (!match) {
    // `Phone 2`, `موبایل ۲`.
    const numbered = /^(.+?) ?(\d{1,2})$/.exec(name)
    const base = numbered && BY_HEADER.get(numbered[1] as string)
    return base ? { place: base, number: Number(numbered?.[2]) } : undefined
  }
  const [, what = '', number, part = ''] = match
  if (part === 'label' || part === 'type') {
    const labelled = VALUE.get(what)
    return labelled && { place: labelled, number: Number(number), label: true }
  }
  const found = PARTS.get(`${what} ${part}`)
  return found && { place: found, number: Number(number) }
}

/** Headers are compared without case, script variants, and what doesn't show. */
export function fold(header: string): string {
  return header
    .normalize('NFKC')
    .replace(/[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g, ' ')
    .replace(/[يى]/g, 'ی')
    .replace(/ك/g, 'ک')
    .replace(/[۰-۹]/g, digit => String(digit.charCodeAt(0) - 0x6f0))
    .replace(/[٠-٩]/g, digit => String(digit.charCodeAt(0) - 0x660))
    .replace(/[_\s]+/g, ' ')
    .trim()
    .toLowerCase()
}
