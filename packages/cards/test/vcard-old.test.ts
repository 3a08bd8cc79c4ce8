// vCard 2.1, and what programs that never read a specification write: every shape is read, and nothing good is lost.
import { describe, expect, test } from 'vitest'
import { readVCards, writeVCards } from '../src'
import { all, cards, codes } from './reading'

const old = (...lines: string[]) => ['BEGIN:VCARD', 'VERSION:2.1', ...lines, 'END:VCARD', ''].join('\r\n')
const latin = (text: string) => Uint8Array.from(text, char => char.charCodeAt(0))
const only = async (input: string | Uint8Array) => {
  const [card] = await cards(readVCards(input))
  const { '@type': _, version: __, ...rest } = card ?? {}
  return rest
}
const note = (text: string) => ({ notes: { n1: { note: text } } })
const phone = (entry: object) => ({ phones: { p1: entry } })

describe('vCard 2.1', () => {
  test.each<[string, string[], object]>([
    ['section 2.1.3: quoted-printable', ['NOTE;ENCODING=QUOTED-PRINTABLE:a=3Db=0D=0Ac'], note('a=b\nc')],
    ['quoted-printable without its name', ['NOTE;QUOTED-PRINTABLE:a=0Ab'], note('a\nb')],
    ['a soft break', ['NOTE;ENCODING=QUOTED-PRINTABLE:one =', 'two=20=', 'three'], note('one two three')],
    ['a soft break before a blank that is text', ['NOTE;QUOTED-PRINTABLE:one and=', ' two'], note('one and two')],
    ['soft breaks that are folds as well', ['NOTE;QUOTED-PRINTABLE:=64=65=', ' =66=', ' =67'], note('defg')],
    ['a soft break with blanks behind it', ['NOTE;QUOTED-PRINTABLE:one=  ', 'two'], note('onetwo')],
    ['quoted-printable that breaks without a soft break', ['NOTE;QUOTED-PRINTABLE:=64', '=65'], note('de')],
    [
      'a delimiter that quoted-printable hides is text',
      ['N;ENCODING=QUOTED-PRINTABLE:Karimi=3B K;Sara'],
      {
        name: {
          components: [
            { kind: 'surname', value: 'Karimi; K' },
            { kind: 'given', value: 'Sara' },
          ],
        },
      },
    ],
    [
      'delimiters that are all hidden are delimiters',
      ['N;ENCODING=QUOTED-PRINTABLE:=4Barimi=3B=53ara=3B=3B=3B'],
      {
        name: {
          components: [
            { kind: 'surname', value: 'Karimi' },
            { kind: 'given', value: 'Sara' },
          ],
        },
      },
    ],
    [
      'section 2.1.4: text in base64',
      ['NOTE;ENCODING=BASE64:', ' VGVhLA0K', ' bWlsaw==', '', 'REV:x'],
      { ...note('Tea,\nmilk'), vCardProps: [['rev', {}, 'unknown', 'x']] },
    ],
    ['what is called base64 and is none', ['NOTE;B:Bosses'], note('Bosses')],
    [
      'a letter as two surrogates, as old Java writes it',
      ['NOTE;QUOTED-PRINTABLE:=ED=A0=BD=ED=B8=80!'],
      note('\u{1f600}!'),
    ],
    [
      'dots in a group',
      ['item.1.TEL:1234', 'item.1.X-ABLabel:Desk', '.NOTE:x'],
      { ...phone({ number: '1234', label: 'Desk' }), ...note('x') },
    ],
    ['a comma is no list', ['N:Karimi, K.'], { name: { components: [{ kind: 'surname', value: 'Karimi, K.' }] } }],
    [
      'types without their name',
      ['TEL;CELL;PREF:1234'],
      phone({ number: '1234', features: { mobile: true }, pref: 1 }),
    ],
    ['a type behind another sign', ['TEL;TYPE#=CELL:1234'], phone({ number: '1234', features: { mobile: true } })],
    [
      'an empty parameter',
      ['TEL;CELL;;VOICE;:1234'],
      phone({ number: '1234', features: { mobile: true, voice: true } }),
    ],
    ['blanks around names', ['TEL ; HOME : 1234'], phone({ number: '1234', contexts: { private: true } })],
    ['lower case', ['tel;home:1234'], phone({ number: '1234', contexts: { private: true } })],
    ['a fold between words keeps the blank', ['NOTE:one', ' two'], note('one two')],
    [
      'an address over lines',
      ['LABEL:1 Quay Street', 'Riverside'],
      { addresses: { h1: { full: '1 Quay Street\nRiverside' } } },
    ],
    ['a note over lines and a gap', ['NOTE:one', '', 'two'], note('one\n\ntwo')],
    [
      'base64 until an empty line, folded',
      ['PHOTO;JPEG;BASE64:', ' /9j/', ' 4AAQ', '', 'TEL:1234'],
      { media: { m1: { kind: 'photo', uri: 'data:image/jpeg;base64,/9j/4AAQ' } }, ...phone({ number: '1234' }) },
    ],
    [
      'base64 without folds',
      ['PHOTO;ENCODING=BASE64;TYPE=GIF:R0lG', 'ODlh', 'AQ==', 'TEL:1234'],
      { media: { m1: { kind: 'photo', uri: 'data:image/gif;base64,R0lGODlhAQ==' } }, ...phone({ number: '1234' }) },
    ],
    [
      'a picture of a type that nobody lists',
      ['PHOTO;ENCODING=B;TYPE=HEIC:AAAA'],
      { media: { m1: { kind: 'photo', uri: 'data:image/heic;base64,AAAA' } } },
    ],
    [
      'a data: URI that says base64 twice',
      ['PHOTO;ENCODING=b;TYPE=PNG:data:image/png;base64\\,AAAA'],
      { media: { m1: { kind: 'photo', uri: 'data:image/png;base64,AAAA' } } },
    ],
    [
      'how a name sounds, on Japanese phones',
      ['N:安藤;ロイド', 'SOUND;X-IRMC-N:ｱﾝﾄﾞｳ;ﾛｲﾄﾞ;;;'],
      {
        name: {
          components: [
            { kind: 'surname', value: '安藤', phonetic: 'ｱﾝﾄﾞｳ' },
            { kind: 'given', value: 'ロイド', phonetic: 'ﾛｲﾄﾞ' },
          ],
          phoneticScript: 'Kana',
        },
      },
    ],
    [
      'AGENT: a card in the card is kept as text',
      ['AGENT:', 'BEGIN:VCARD', 'FN:Omid', 'END:VCARD', 'TEL:1234'],
      { ...phone({ number: '1234' }), vCardProps: [['agent', {}, 'text', 'BEGIN:VCARD\nFN:Omid\nEND:VCARD']] },
    ],
    [
      'AGENT: a URI is a relation',
      ['AGENT:urn:uuid:1'],
      { relatedTo: { 'urn:uuid:1': { relation: { agent: true } } } },
    ],
  ])('%s', async (_, lines, part) => {
    expect(await only(old(...lines))).toEqual(part)
  })

  test.each([
    ['windows-1252', 'Zo\xeb'],
    ['ISO-8859-1', 'Zo\xeb'],
    ['"Windows-1252"', 'Zo\xeb'],
    ['UTF-8', 'Zo\xc3\xab'],
    ['ISO-8859-1', 'Zo\xc3\xab'],
    ['UTF-8', 'Zo\xeb'],
    ['no-such-thing', 'Zo\xeb'],
  ])('CHARSET=%s: what the line says, unless it plainly is something else', async (charset, bytes) => {
    expect(await only(latin(old(`FN;CHARSET=${charset}:${bytes}`)))).toEqual({ name: { full: 'Zoë' } })
  })

  test.each([
    ['Shift_JIS', '=88=C0=93=A1=83=8D=83=43=83=68', '安藤ロイド'],
    ['windows-1256', '=D3=C7=D1=C7', 'سارا'],
    ['KOI8-R', '=E1=CE=CE=C1', 'Анна'],
    ['GB2312', '=C1=AA=CD=A8', '联通'],
    ['EUC-KR', '=B1=E8', '김'],
    ['ISO-2022-JP', '=1B$B0B=1B(B', '安'],
  ])('every character set of the platform, in quoted-printable: %s', async (charset, bytes, full) => {
    expect(await only(old(`FN;CHARSET=${charset};ENCODING=QUOTED-PRINTABLE:${bytes}`))).toEqual({ name: { full } })
  })

  test('a line that says nothing is in the character set of the others, or the likely one', async () => {
    const hebrew = '\xe0\xf4\xf8\xe9\xed'
    expect((await only(latin(old(`FN:${hebrew}`, `NOTE;CHARSET=windows-1255:${hebrew}`)))).name).toEqual({
      full: 'אפרים',
    })
    expect(await only(latin(old('FN:S\xf6ren')))).toEqual({ name: { full: 'Sören' } })
    expect(await only(latin(old('FN:\xd3\xc7\xd1\xc7 \xdf\xd1\xed\xe3\xed')))).toEqual({ name: { full: 'سارا كريمي' } })
    expect(await only(latin(old('FN:Ay\xfee Y\xfdld\xfdz')))).toEqual({ name: { full: 'Ayşe Yıldız' } })
    expect(await only(latin(old('FN:\xafaneta Wi\x9cniewska')))).toEqual({ name: { full: 'Żaneta Wiśniewska' } })
    expect(await only(latin(old('FN:\xde\xf3r\xf0ur')))).toEqual({ name: { full: 'Þórður' } })
    expect(await only(latin(old('FN:\xca\xeb\xe8\xf7\xea\xee')))).toEqual({ name: { full: 'Кличко' } })
  })

  test('what is read in a likely character set is doubted, until the file says one, and where letters are lost', async () => {
    const doubts = async (...lines: string[]) => {
      const [item] = await all(readVCards(latin(old('N:x', ...lines))))
      return item && 'card' in item ? item.doubts : undefined
    }
    const lost = (line: number) => ({ code: 'LETTERS_LOST', line })
    expect(await doubts('FN:S\xf6ren', 'NOTE:tea', 'ORG:M\xfcller, Co.')).toEqual([lost(4), lost(6)])
    expect(await doubts('FN;CHARSET=ISO-8859-1:S\xf6ren', 'ORG:M\xfcller')).toBeUndefined()
    expect(await doubts('FN:S\xc3\xb6ren')).toBeUndefined()
    expect(await doubts('FN:S\xef\xbf\xbdren')).toEqual([lost(4)])
  })

  test('goes on as 3.0 or 4.0 without a loss', async () => {
    const text = old('N:Karimi;Sara', 'TEL;CELL:1234', 'AGENT:', 'BEGIN:VCARD', 'FN:Omid', 'END:VCARD', 'X-CLASS:a\\;b')
    const people = await cards(readVCards(text))
    for (const version of ['3.0', '4.0'] as const) {
      const once = writeVCards(people, { version })
      expect(await cards(readVCards(once))).toEqual(people)
      expect(writeVCards(await cards(readVCards(once)), { version })).toBe(once)
    }
  })
})

describe('files of careless programs', () => {
  const sara = { '@type': 'Card', version: '2.0', name: { full: 'Sara' }, phones: { p1: { number: '1234' } } }
  const text = 'BEGIN:VCARD\nVERSION:3.0\nFN:Sara\nTEL:1234\nEND:VCARD\n'
  test.each([
    ['CR alone', text.replaceAll('\n', '\r')],
    ['doubled line ends', text.replaceAll('\n', '\r\r\n')],
    ['no line end at the end', text.trimEnd()],
    ['no END', text.replace('END:VCARD\n', '')],
    ['no VERSION', text.replace('VERSION:3.0\n', '')],
    ['VERSION at the end', text.replace('VERSION:3.0\n', '').replace('END', 'VERSION:3.0\nEND')],
    ['lower case', text.replace('BEGIN:VCARD', 'begin:vcard').replace('END:VCARD', 'end:vCard')],
    ['blanks in BEGIN', text.replace('BEGIN:VCARD', 'BEGIN : VCARD \t')],
    ['every line indented', text.replace(/^(?=.)/gm, '  ')],
    ['a byte order mark', `\ufeff${text}`],
    ['NULs', text.replace('1234', '12\x0034')],
    ['version 3', text.replace('3.0', '3')],
  ])('%s', async (_, input) => {
    expect(await cards(readVCards(input))).toEqual([sara])
  })

  test('a card without an end says so, and the next is read', async () => {
    const items = await all(readVCards(text.replace('END:VCARD\n', '') + text))
    expect(codes(items)).toEqual(['1:card', '5:card'])
    expect(items[0]).toMatchObject({ skipped: [{ line: 4, why: 'no-end' }] })
  })

  test('a line that is no property is named by line and column', async () => {
    const [item] = await all(readVCards(text.replace('TEL:1234', 'no colon here')))
    expect(item).toMatchObject({ skipped: [{ line: 4, column: 3, why: 'not-a-property' }] })
  })

  test('what other programs say of relatives, services and days', async () => {
    const [card] = await cards(
      readVCards(
        [
          'BEGIN:VCARD',
          'VERSION:3.0',
          'item1.X-ABRELATEDNAMES:Mina',
          'item1.X-ABLabel:_$!<Mother>!$_',
          'X-EVOLUTION-SPOUSE:Reza',
          'X-MS-MANAGER:Leila',
          'X-ANDROID-CUSTOM:vnd.android.cursor.item/nickname;Sasha;1;;;;;;;;;;;;;',
          'X-ANDROID-CUSTOM:vnd.android.cursor.item/contact_event;2009-08-08;1;;;;;;;;;;;;;',
          'X-KADDRESSBOOK-X-IMAddress:sara@example.org',
          'X-TELEGRAM:sara',
          'X-MS-ANNIVERSARY:20140601',
          'BDAY:19900203T102200',
          'END:VCARD',
        ].join('\n'),
      ),
    )
    expect(card).toEqual({
      '@type': 'Card',
      version: '2.0',
      relatedTo: {
        Mina: {
          relation: { parent: true },
          vCardName: 'x-abrelatednames',
          vCardParams: { 'x-ablabel': '_$!<Mother>!$_' },
        },
        Reza: { relation: { spouse: true }, vCardName: 'x-evolution-spouse' },
        Leila: { relation: {}, vCardName: 'x-ms-manager' },
      },
      nicknames: { k1: { name: 'Sasha' } },
      onlineServices: {
        s1: { user: 'sara@example.org', vCardName: 'x-kaddressbook-x-imaddress' },
        s2: { service: 'Telegram', user: 'sara', vCardName: 'x-telegram' },
      },
      anniversaries: {
        a1: { kind: 'wedding', date: { year: 2009, month: 8, day: 8 } },
        a2: { kind: 'wedding', date: { year: 2014, month: 6, day: 1 } },
        a3: { kind: 'birth', date: { year: 1990, month: 2, day: 3 }, vCardParams: { 'x-time': 'T102200' } },
      },
    })
    for (const version of ['3.0', '4.0'] as const) {
      expect(await cards(readVCards(writeVCards([card as never], { version })))).toEqual([card])
    }
  })
})
