// Lines as programs write them, and what of them the RFCs don't know.
import { describe, expect, test } from 'vitest'
import { readCards, readVCards, writeVCards } from '../src'
import { parseProperty } from '../src/vcard/property'
import { all, cards, vcf } from './reading'

const parsed = (line: string) => {
  const found = parseProperty(line, 1)
  return found && { ...found, params: Object.fromEntries(found.params) }
}

describe('a line', () => {
  test.each([
    ['NOTE:a;b:c', { name: 'note', params: {}, raw: 'a;b:c' }],
    ['item1.TEL;TYPE=cell,voice:1', { name: 'tel', group: 'item1', params: { type: ['cell', 'voice'] }, raw: '1' }],
    [
      'RFC 6350 5.6: a quoted list',
      { name: 'tel', params: { type: ['voice', 'home'] }, raw: '1' },
      'TEL;TYPE="voice,home":1',
    ],
    [
      'two of a parameter',
      { name: 'tel', params: { type: ['home', 'work'], 'x-a': ['1,2'] }, raw: '1' },
      'TEL;TYPE=home;X-A=1;TYPE=work;X-A=2:1',
    ],
    ['RFC 6868', { name: 'adr', params: { label: ['a\n"b"^'] }, raw: ';;x' }, `ADR;LABEL="a^n^'b^'^^":;;x`],
    [
      'a colon and a semicolon in quotes',
      { name: 'adr', params: { 'x-a': ['a:b;c'] }, raw: ';;x' },
      'ADR;X-A="a:b;c":;;x',
    ],
    ['a quote that is never closed', { name: 'tel', params: { 'x-a': ['"a'] }, raw: '1' }, 'TEL;X-A="a:1'],
    ['an empty parameter', { name: 'tel', params: { type: ['CELL'] }, raw: '1' }, 'TEL;;CELL:1'],
    [
      'vCard 2.1 without names',
      { name: 'photo', params: { encoding: ['BASE64'], type: ['JPEG'] }, raw: 'x' },
      'PHOTO;BASE64;JPEG:x',
    ],
    ['X-messaging/xmpp-All:one@example.org', { name: 'x-messaging/xmpp-all', params: {}, raw: 'one@example.org' }],
    ['X-GOOGLE TALK;TYPE=WORK:sara', { name: 'x-google talk', params: { type: ['WORK'] }, raw: 'sara' }],
  ] as [string, object, string?][])('%s', (name, expected, line = name) => {
    expect(parsed(line)).toEqual({ line: 1, ...expected })
  })

  test.each(['FN', ':x', 'a b:x', 'FN;X=1', `TEL${';A=1'.repeat(65)}:1`, 'a.b. c:1'])('is none: %s', line => {
    expect(parseProperty(line, 1)).toBeUndefined()
  })

  test('a label without quotes may hold colons', () => {
    const issue114 =
      "ADR;TYPE=work;LABEL=Quay 1^nRIVERSIDE^': QY01:^n1 Riverside^nGB:1 Riverside:;QY01:;Quay 1;Riverside;;1;GB"
    expect(parsed(issue114)).toMatchObject({
      params: { type: ['work'], label: ['Quay 1\nRIVERSIDE": QY01:\n1 Riverside\nGB'] },
      raw: '1 Riverside:;QY01:;Quay 1;Riverside;;1;GB',
    })
    expect(parsed('ADR;LABEL=for: Sara: Quay 1:;;Quay 1;;;;')).toMatchObject({
      params: { label: ['for: Sara: Quay 1'] },
      raw: ';;Quay 1;;;;',
    })
    expect(parsed('ADR;GEO=geo:1.5,2:;;Quay 1;;;;')).toMatchObject({
      params: { geo: ['geo:1.5,2'] },
      raw: ';;Quay 1;;;;',
    })
  })
})

describe('labels of Android, where a type stands', () => {
  test.each([
    ['TEL;X-Custom(CHARSET=UTF-8,ENCODING=QUOTED-PRINTABLE,=D9=85=D8=A7=D8=AF=D8=B1):07700900703', 'مادر'],
    ['TEL;X-CUSTOM(CHARSET=UTF-8,ENCODING=QUOTED-PRINTABLE,=41=2C=42=3B=43):07700900703', 'A,B;C'],
    ['TEL;X-Custom(Boat):07700900703', 'Boat'],
  ])('%s', async (line, label) => {
    const [card] = await cards(readVCards(vcf('3.0', line)))
    expect(card?.phones).toEqual({ p1: { number: '07700900703', label } })
  })
})

describe('an empty line', () => {
  const after = async (...lines: string[]) =>
    (await all(readVCards(vcf('3.0', ...lines)))).map(item => ('card' in item ? item.card : item))

  test('ends a soft break behind which nothing comes', async () => {
    expect(await after('FN:A', 'ORG;ENCODING=QUOTED-PRINTABLE:Quay=', '', 'CATEGORIES:choir')).toMatchObject([
      { organizations: { o1: { name: 'Quay' } }, keywords: { choir: true } },
    ])
  })

  test('between all lines is how the file was copied', async () => {
    const text = vcf('3.0', 'FN:A', 'NOTE;ENCODING=QUOTED-PRINTABLE:It said=3A =', 'Tea: no milk').replaceAll(
      '\r\n',
      '\r\n\r\n',
    )
    expect(await cards(readVCards(text))).toMatchObject([{ notes: { n1: { note: 'It said: Tea: no milk' } } }])
  })
})

describe('what is said beside a value', () => {
  const both = async (...lines: string[]) => {
    const [card] = await cards(readVCards(vcf('4.0', ...lines)))
    if (!card) throw new Error('no card')
    for (const version of ['4.0', '3.0'] as const)
      expect(await cards(readVCards(writeVCards([card], { version })))).toEqual([card])
    return { card, text: writeVCards([card]) }
  }

  test('RFC 9555 2.15.2: types of an address of 2.1 and 3.0 are kept, and those of its label', async () => {
    const { card, text } = await both(
      'FN:A',
      'ADR;TYPE=dom,home,postal:;;1 Quay Street;;;;',
      'LABEL;TYPE=home,parcel:1 Quay Street',
    )
    expect(card.addresses).toMatchObject({
      h1: { full: '1 Quay Street', contexts: { private: true }, vCardParams: { type: ['dom', 'postal', 'parcel'] } },
    })
    expect(text).toContain('TYPE=home,dom,postal,parcel')
  })

  test('RFC 9555 2.15.2: language, preference and types of a name', async () => {
    const { card, text } = await both('FN;PREF=1:Sara Karimi', 'N;LANGUAGE=fa;TYPE=x:Karimi;Sara;;;')
    expect(card.name).toMatchObject({ vCardParams: { language: 'fa', type: 'x', 'x-fn-pref': '1' } })
    expect(text).toContain('FN;PREF=1:Sara Karimi')
    expect(text).toContain('N;LANGUAGE=fa;TYPE=x:Karimi;Sara;;;;;')
    expect((await both('FN;LANGUAGE=fa:Sara')).card.name).toEqual({ full: 'Sara', vCardParams: { language: 'fa' } })
  })

  test('RFC 9555 2.3.15: how a name sounds in a language is a patch of its components', async () => {
    const { card, text } = await both(
      'FN:x',
      'LANGUAGE:zh-Hant',
      'N;ALTID=1;LANGUAGE=zh-Hant:孫;中山;文,逸仙;;',
      'N;ALTID=1;PHONETIC=jyut;SCRIPT=Latn;LANGUAGE=yue:syun1;zung1saan1;man4,jat6sin1;;',
    )
    expect(card.localizations).toEqual({
      yue: {
        'name/phoneticSystem': 'jyut',
        'name/phoneticScript': 'Latn',
        'name/components/0/phonetic': 'syun1',
        'name/components/1/phonetic': 'zung1saan1',
        'name/components/2/phonetic': 'man4',
        'name/components/3/phonetic': 'jat6sin1',
      },
    })
    expect(text.replace(/\r\n /g, '')).toMatch(
      /N;PHONETIC=jyut;SCRIPT=Latn;LANGUAGE=yue;ALTID=1:syun1;zung1saan1;man4,jat6sin1/,
    )
    expect(text).not.toContain('JSPROP')
  })

  test('RFC 9555 2.3.11: a translation keeps its own label', async () => {
    const { card } = await both(
      'FN:A',
      'item1.URL;ALTID=1;PROP-ID=l1:https://example.org/a',
      'item1.X-ABLabel:Shop',
      'item2.URL;ALTID=1;PROP-ID=l1;LANGUAGE=fa:https://example.org/b',
      'item2.X-ABLabel:فروشگاه',
    )
    expect(card).toMatchObject({
      links: { l1: { uri: 'https://example.org/a', label: 'Shop' } },
      localizations: { fa: { 'links/l1': { uri: 'https://example.org/b', label: 'فروشگاه' } } },
    })
    expect(card.vCardProps).toBeUndefined()
  })

  test('parts of an address that no RFC knows, and an envelope', async () => {
    const { card } = await both(
      'FN:A',
      'ADR;TYPE=work:;;1 Quay Street;Leeds;;;GB;Back door;Left',
      'LABEL;TYPE=work:1 Quay Street',
    )
    expect(card.addresses?.h1).toMatchObject({
      full: '1 Quay Street',
      vCardParams: { 'x-adr-more': 'Back door, Left' },
    })
    const { card: other } = await both('FN:A', 'ADR;LABEL=a:;;1 Quay Street;;;;', 'LABEL:b')
    expect(other.addresses).toMatchObject({ h1: { full: 'a' }, h2: { full: 'b' } })
  })

  test('a sound in a language stays as it is', async () => {
    const { card } = await both('FN:A', 'N:Karimi;Sara', 'X-PHONETIC-LAST-NAME;LANGUAGE=ar:كريمي')
    expect(card.vCardProps).toEqual([['x-phonetic-last-name', { language: 'ar' }, 'unknown', 'كريمي']])
  })

  test('words of a picture that are no format', async () => {
    const { card } = await both('FN:A', 'PHOTO;ENCODING=b;TYPE=JPEG;TYPE=GOOGLE_1:AAAA')
    expect(card.media).toEqual({
      m1: { kind: 'photo', uri: 'data:image/jpeg;base64,AAAA', vCardParams: { type: 'google_1' } },
    })
  })

  test('numbers and addresses that can be none are kept and doubted', async () => {
    const [item] = await all(
      readVCards(vcf('3.0', 'FN:A', 'TEL:ask Sara', 'TEL:sip:a@example.org', 'EMAIL:none', 'TEL:')),
    )
    expect(item).toMatchObject({
      card: { phones: { p1: { number: 'ask Sara' } }, emails: { e1: { address: 'none' } } },
      doubts: [
        { code: 'PHONE_IMPOSSIBLE', line: 4 },
        { code: 'EMAIL_IMPOSSIBLE', line: 6 },
      ],
    })
  })
})

describe('lines between others', () => {
  test('a name with a blank begins a line of its own, a postcode does not', async () => {
    const [card] = await cards(
      readVCards(
        vcf(
          '3.0',
          'FN:A',
          'ADR:;;1 Quay Street;Bridgeport CT 06',
          '834;;;',
          'X-GOOGLE TALK;TYPE=WORK:a',
          'X-messaging/irc-All:b',
        ),
      ),
    )
    expect(card?.addresses?.h1?.components).toContainEqual({ kind: 'locality', value: 'Bridgeport CT 06\n834' })
    expect(card?.vCardProps).toEqual([
      ['x-google talk', { type: 'WORK' }, 'unknown', 'a'],
      ['x-messaging/irc-all', {}, 'unknown', 'b'],
    ])
    expect(await cards(readVCards(writeVCards([card as never])))).toEqual([card])
  })

  test('RFC 2426 3.5.4: the lines of a card in a card may have a margin', async () => {
    const text = vcf('3.0', 'FN:Sara', 'AGENT:BEGIN:VCARD', ' VERSION:3.0', ' FN:Omid', ' END:VCARD', 'NOTE:a', ' b')
    const [item, ...others] = await all(readVCards(text))
    expect(others).toEqual([])
    expect(item).toMatchObject({
      card: {
        name: { full: 'Sara' },
        notes: { n1: { note: 'ab' } },
        vCardProps: [['agent', {}, 'text', 'BEGIN:VCARD\nVERSION:3.0\nFN:Omid\nEND:VCARD']],
      },
    })
  })

  test('END without its card is left out and reported, and would end nothing that is written', async () => {
    const [item] = await all(readVCards(vcf('3.0', 'FN:A', 'END:', 'TEL:1234')))
    expect(item).toMatchObject({ card: { phones: {} }, skipped: [{ line: 4, why: 'not-a-property' }] })
    expect(item && 'card' in item && item.card.vCardProps).toBeUndefined()
  })

  test('RFC 9553 2.3.4: a language as systems name it is a tag; what is none is kept', async () => {
    const [card] = await cards(
      readVCards(vcf('4.0', 'FN:A', 'LANG:en_GB.UTF-8', 'LANG:any', 'LANG:of the sea', 'LANGUAGE:fa_IR')),
    )
    expect(card).toMatchObject({
      language: 'fa-IR',
      preferredLanguages: { g1: { language: 'en-GB' }, g2: { language: 'any' } },
      vCardProps: [['lang', {}, 'unknown', 'of the sea']],
    })
  })
})

describe('a card without its beginning', () => {
  const headless = 'VERSION:3.0\nFN:Sara\nTEL:07700 900123\nEND:VCARD\n'
  const whole = 'BEGIN:VCARD\nVERSION:3.0\nFN:Omid\nEND:VCARD\n'

  test('is read, and reported, first or between others', async () => {
    for (const read of [readCards, readVCards]) {
      const items = await all(read(headless + whole + headless))
      expect(items).toMatchObject([
        { line: 1, card: { name: { full: 'Sara' }, phones: {} }, skipped: [{ line: 1, why: 'no-begin' }] },
        { line: 5, card: { name: { full: 'Omid' } } },
        { line: 9, card: { name: { full: 'Sara' } } },
      ])
    }
  })

  test('is none where nobody is named, or where words stand between cards', async () => {
    expect(await all(readVCards(`${whole}TEL:1\nEND:VCARD\n${whole}Hello, Sara\n${whole}`))).toMatchObject([
      { line: 1, card: {} },
      { line: 5, error: { code: 'OUTSIDE_CARD' } },
      { line: 7, card: {} },
      { line: 11, error: { code: 'OUTSIDE_CARD' } },
      { line: 12, card: {} },
    ])
    expect(await all(readVCards(`Hello, Sara\nFN: your list\n${whole}`))).toMatchObject([{ line: 3, card: {} }])
  })
})
