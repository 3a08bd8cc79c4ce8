// A mapping to begin with, for a sheet that nobody's program wrote: by what the headers say, else by what the cells look
// like. It is a suggestion: somebody looks at it before anything is read by it. Columns about consents are never
// suggested: which purpose a tick was for, a cell can't say.
import { type CardInput, inputBytes } from '../input'
import { LIMITS } from '../limits'
import { isPossiblePhone } from '../phone'
import { consentPlace } from './consents'
import { cellDate, type DateOrder } from './dates'
import { sheetText } from './decode'
import { type CsvPlace, columnOf, fold, together, wordsOf } from './places'
import { columnsOf, programOf } from './programs'
import { csvRows } from './rows'

export interface Suggestion {
  readonly header: string
  /** From 1. */
  readonly column: number
  /** `undefined`: nothing suggests itself. */
  readonly place: CsvPlace | undefined
  /** What it rests on: the header as it is, words in it, or what the cells look like. */
  readonly from?: 'header' | 'words' | 'samples'
}

// So much of a column has to look alike.
const MOST = 0.8

/**
 * `samples`: some rows of the sheet, as cells. Nothing suggests itself where a header is a number or an address: the first
 * row is a person then, and whoever repeats it as headers says who.
 */
export function suggestMapping(headers: readonly string[], samples: readonly (readonly string[])[] = []): Suggestion[] {
  if (headers.some(header => looksLike([header.trim()]) !== undefined))
    return headers.map((header, index) => ({ header, column: index + 1, place: undefined }))
  const known = together(columnsOf(headers, programOf(headers)))
  return headers.map((header, index): Suggestion => {
    const column = known[index]
    const base = { header, column: index + 1 }
    if (column) return { ...base, place: column.place, from: 'header' }
    const cells = samples.map(row => (row[index] ?? '').trim()).filter(cell => cell !== '')
    const seen = looksLike(cells)
    const said = ELSEWHERE.get(wordsOf(header)) ?? withinHeader(header)
    // Cells that are addresses or numbers are believed before a word such as `contact`; a bare number may be any key.
    const otherwise = seen !== undefined && kindOf(said ?? seen) !== seen
    if (said && !(otherwise && (seen !== 'phone' || UNLIKE_NUMBERS.has(kindOf(said)))))
      return { ...base, place: said, from: 'words' }
    return seen === undefined ? { ...base, place: undefined } : { ...base, place: seen, from: 'samples' }
  })
}

/** The columns of suggestions, as `columns` wants them. Where two headers are the same, the first is taken. */
export function columnsFrom(suggestions: readonly Suggestion[]): { [header: string]: CsvPlace } {
  const columns = new Map<string, CsvPlace>()
  for (const { header, place } of suggestions) if (place && !columns.has(header)) columns.set(header, place)
  return Object.fromEntries(columns)
}

// What other languages call the columns that matter most. Only ever suggested: sheets in these languages were not tried.
const ELSEWHERE = new Map<string, CsvPlace>(
  Object.entries({
    name: 'nombre completo|nombre y apellidos|nome completo|nome e cognome|volledige naam|полное имя|фио|ad soyad|adı soyadı|الاسم الكامل|الاسم|שם מלא|שם|imie i nazwisko|姓名|氏名|名前|이름',
    given: 'nombre|nome|voornaam|имя|ad|adı|isim|الاسم الأول|שם פרטי|imie|fornavn|fornamn|etunimi|名|名字',
    given2: 'segundo nombre|secondo nome|tweede naam|отчество|ikinci adı|الاسم الأوسط',
    surname:
      'apellidos|apellido|cognome|sobrenome|apelido|achternaam|фамилия|soyad|soyadı|اسم العائلة|الاسم الأخير|שם משפחה|nazwisko|etternavn|efternavn|efternamn|sukunimi|姓|姓氏|성',
    organization:
      'empresa|compania|azienda|societa|bedrijf|компания|организация|sirket|الشركة|חברה|firma|przedsiebiorstwo|公司|会社|会社名|회사',
    jobTitle: 'puesto|cargo|posizione|functie|должность|unvan|المسمى الوظيفي|stanowisko|职务|役職',
    phone:
      'telefono|telefone|telefoon|телефон|رقم الهاتف|الهاتف|הטלפון|טלפון|電話|电话|電話番号|전화|telefono particular|telefono del trabajo|is telefonu|ev telefonu|هاتف العمل|هاتف المنزل|telefon',
    mobile:
      'movil|telefono movil|celular|telemovel|cellulare|mobiele telefoon|gsm|мобильный|мобильный телефон|сотовый|cep telefonu|cep|الجوال|الهاتف المحمول|الهاتف الجوال|نייד|טלפון נייד|komorka|telefon komorkowy|手机|手機|携帯|携帯電話|휴대폰|휴대전화',
    email:
      'correo|correo electronico|direccion de correo electronico|posta elettronica|indirizzo e mail|indirizzo posta elettronica|e mailadres|адрес эл почты|электронная почта|почта|e posta|e posta adresi|eposta|البريد الإلكتروني|عنوان البريد الإلكتروني|דואר אלקטרוני|כתובת דואר אלקטרוני|adres e mail|电子邮件|电子邮件地址|邮箱|電子メール|メールアドレス|이메일|전자 메일 주소',
    address: 'direccion|indirizzo|endereco|adres|адрес|العنوان|כתובת|地址|住所|주소',
    locality: 'ciudad|citta|cidade|plaats|woonplaats|город|sehir|المدينة|עיר|miasto|miejscowosc|城市',
    postcode: 'codigo postal|cap|codice postale|индекс|posta kodu|الرمز البريدي|kod pocztowy|邮编|郵便番号',
    country: 'pais|paese|страна|ulke|البلد|الدولة|kraj|国家|国',
    birthday:
      'cumpleanos|fecha de nacimiento|compleanno|data di nascita|verjaardag|geboortedatum|дата рождения|день рождения|doğum günü|dogum tarihi|تاريخ الميلاد|תאריך לידה|data urodzenia|生日|誕生日|생일',
    note: 'notas|note|opmerkingen|notities|заметки|примечание|notlar|ملاحظات|הערות|uwagi|备注|メモ',
  } satisfies Partial<Record<CsvPlace, string>>).flatMap(([place, words]) =>
    words.split('|').map(word => [wordsOf(word), place as CsvPlace] as const),
  ),
)

const kindOf = (place: CsvPlace): CsvPlace => (place === 'mobile' ? 'phone' : place)
/** What is no phone number, whatever else its cells are. */
const UNLIKE_NUMBERS = new Set<CsvPlace>(['name', 'given', 'surname', 'email', 'url', 'birthday', 'organization'])
const ABOUT_CONSENT = /consent|opt ?in|opt ?out|einwilligung|consentement|gdpr|dsgvo|rgpd|subscri|رضایت/

/** `Member e-mail (new)`: the longest run of words that is known. */
function withinHeader(header: string): CsvPlace | undefined {
  if (ABOUT_CONSENT.test(fold(header))) return undefined
  const words = wordsOf(header).split(' ').slice(0, 12)
  for (let length = Math.min(words.length - 1, 4); length > 0; length--) {
    for (let from = 0; from + length <= words.length; from++) {
      const run = words.slice(from, from + length).join(' ')
      const place = /^\d+$/.test(run) ? undefined : columnOf(run)?.place
      if (place && place !== 'ignore' && !consentPlace(place) && (length > 1 || run.length > 2)) return place
    }
  }
  return undefined
}

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/
const PHONE = /^(?:tel:)?[+(]?[\p{Nd}][\p{Nd}\s().\-/]{5,24}(?:(?:ext|x|#).{1,8})?$/iu
const URL_ = /^(?:https?:\/\/|www\.)\S+$/i

function looksLike(cells: readonly string[], order: DateOrder = 'dmy'): CsvPlace | undefined {
  if (cells.length === 0) return undefined
  const all = (test: (cell: string) => boolean) => cells.filter(test).length >= cells.length * MOST
  if (all(cell => EMAIL.test(cell))) return 'email'
  if (all(cell => URL_.test(cell))) return 'url'
  if (all(cell => cellDate(cell, order)?.year !== undefined)) return undefined
  if (all(cell => PHONE.test(cell) && isPossiblePhone(cell) && (cell.match(/\p{Nd}/gu)?.length ?? 0) > 6))
    return 'phone'
  return undefined
}

/** The header and the first rows of a sheet, for {@link suggestMapping} and for the person who maps. */
export async function csvSample(
  input: CardInput,
  { rows = 20, charset }: { readonly rows?: number; readonly charset?: string } = {},
): Promise<{ headers: string[]; samples: string[][]; charset: string }> {
  const found: string[][] = []
  let told = charset ?? 'utf-8'
  const text = sheetText(inputBytes(input, charset), guessed => {
    told = charset ?? guessed
  })
  for await (const row of csvRows(text, LIMITS)) {
    if ('error' in row || row.cells.every(cell => cell.trim() === '')) continue
    found.push([...row.cells])
    if (found.length > rows + 10) break
  }
  // LinkedIn puts notes before its header.
  const at = found.findIndex(cells => cells.filter(cell => columnOf(cell)).length > 1)
  const [headers = [], ...samples] = found.slice(at < 0 || at > 9 ? 0 : at)
  return { headers, samples: samples.slice(0, rows), charset: told }
}
