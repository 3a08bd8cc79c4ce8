// Files made to hurt, or cut off on the way. Every one ends, in bounded time and memory, with an item for each card.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CardsError, phoneOf, readCards, readCsv, readJsContact, readVCards, refOf, writeVCards } from '../src'
import { all, cards, codes, vcf } from './reading'
import type { Good } from './sheet'

const GOOD = vcf('3.0', 'FN:Good', 'TEL:07700 900123')

describe('a bad card never loses the others', () => {
  test.each([
    ['a card without its end', 'BEGIN:VCARD\nVERSION:3.0\nFN:Cut\n', ['1:card', '4:card']],
    ['nothing but a beginning', 'BEGIN:VCARD\n', ['1:CARD_UNFINISHED', '2:card']],
    ['an empty card', 'BEGIN:VCARD\nVERSION:3.0\nEND:VCARD\n', ['1:CARD_EMPTY', '4:card']],
    ['a version that is not read', 'BEGIN:VCARD\nVERSION:9.0\nFN:x\nEND:VCARD\n', ['1:VERSION_UNSUPPORTED', '5:card']],
    ['text between cards', `${GOOD}hello\nworld\n`, ['1:card', '6:OUTSIDE_CARD', '8:card']],
    [
      'a card inside a card',
      'BEGIN:VCARD\nFN:a\nAGENT:\nBEGIN:VCARD\nFN:b\nEND:VCARD\nEND:VCARD\n',
      ['1:card', '8:card'],
    ],
    ['an end without a beginning', 'END:VCARD\n', ['2:card']],
    ['blank lines and blanks', '\n\n  \n', ['4:card']],
  ])('%s', async (_, before, expected) => {
    expect(codes(await all(readVCards(before + GOOD)))).toEqual(expected)
  })

  test('files put behind one another without a line end are as many cards', async () => {
    const one = (name: string) => `BEGIN:VCARD\nVERSION:3.0\nFN:${name}\nTEL:07700 900123\nEND:VCARD`
    const items = await all(readCards(`${one('Sara')}\ufeff${one('Omid')}  ${one('Noor')}\n`))
    expect(codes(items)).toEqual(['1:card', '5:card', '9:card'])
    expect(items.map(item => 'card' in item && item.card.name?.full)).toEqual(['Sara', 'Omid', 'Noor'])
  })

  test('a card that leaves its version open is read', async () => {
    expect(codes(await all(readCards('BEGIN:VCARD\nVERSION:\nFN:Sara\nEND:VCARD\n')))).toEqual(['1:card'])
  })

  test('a file that is cut off in the last card', async () => {
    expect(codes(await all(readVCards(GOOD + GOOD.slice(0, 30))))).toEqual(['1:card', '6:CARD_UNFINISHED'])
  })

  // Half a value is worse than none: a number without its last digits is somebody else's.
  test.each([
    ['a number', 'NOTE:tea\r\nFN:Sara\r\nTEL:07700 9001', 5],
    ['the name of a property', 'NOTE:tea\r\nFN:Sara\r\nTE', 5],
    ['its own end', 'NOTE:tea\r\nFN:Sara\r\nEND:VCA', 5],
    ['a folded line', 'NOTE:tea\r\nFN:Sara\r\nADR:;;1 Garden\r\n  Street', 5],
    ['a soft break', 'NOTE:tea\r\nFN:Sara\r\nORG;ENCODING=QUOTED-PRINTABLE:Gard=\r\n', 5],
    ['a picture', 'NOTE:tea\r\nFN:Sara\r\nPHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQ\r\n SkZJRgAB', 5],
    ['a card inside the card', 'NOTE:tea\r\nFN:Sara\r\nAGENT:BEGIN:VCARD\r\nFN:Omid\r\nTEL:0770', 5],
  ])('what is whole of a card that is cut off in %s', async (_, lines, line) => {
    const [item, ...more] = await all(readVCards(`BEGIN:VCARD\r\nVERSION:3.0\r\n${lines}`))
    expect(more).toEqual([])
    expect(item).toMatchObject({ skipped: expect.arrayContaining([{ line, why: 'cut-off' }]) })
    expect(item && 'card' in item && item.card).toEqual({
      '@type': 'Card',
      version: '2.0',
      name: { full: 'Sara' },
      notes: { n1: { note: 'tea' } },
    })
  })

  test('wherever a file is cut off, nothing is read that is not in it', async () => {
    const whole = vcf(
      '3.0',
      'FN:Sara Karimi',
      'N:Karimi;Sara;;;',
      'TEL;TYPE=CELL:07700 900123',
      'EMAIL:sara@example.org',
    )
    const [told] = await cards(readVCards(whole))
    for (let length = 0; length < whole.length; length++) {
      const found = length === 0 ? [] : await all(readVCards(whole.slice(0, length), {})).catch(() => [])
      for (const item of found) if ('card' in item) expect(told, whole.slice(0, length)).toMatchObject(item.card)
    }
  })

  test('a card inside a card that never ends takes no other card with it', async () => {
    const open = 'BEGIN:VCARD\nVERSION:2.1\nN:Sara\nAGENT:\nBEGIN:VCARD\nN:Omid\nTEL:1\n'
    const items = await all(readVCards(open + GOOD.repeat(3)))
    expect(codes(items)).toEqual(['1:card', '8:card', '13:card', '18:card'])
    expect(items[0]).toMatchObject({ skipped: expect.arrayContaining([{ line: 4, why: 'cut-off' }]) })
    expect(items[0]).not.toMatchObject({ card: { phones: {} } })
    const many = await all(readVCards(open + GOOD.repeat(3000), { properties: 100 }))
    expect(many.filter(item => 'card' in item)).toHaveLength(3001)
  })

  test('lines that are no properties are left out of their card and named by line', async () => {
    const [item] = await all(readVCards(vcf('3.0', 'FN:A', 'no colon', ';:', '.:x', '=:', '\u0000\u0001')))
    expect(item).toMatchObject({ card: { name: { full: 'A' } } })
    expect(item && 'skipped' in item && item.skipped?.map(({ line }) => line)).toEqual([4, 5, 6, 7, 8])
  })
})

describe('limits', () => {
  test('a line that is too long is left out', async () => {
    const text = vcf('3.0', 'FN:A', `NOTE:${'x'.repeat(5000)}`, `NOTE:${'y\r\n '.repeat(3000)}`) + GOOD
    const [item, next] = await all(readVCards(text, { line: 1000 }))
    expect(item).toMatchObject({
      skipped: [
        { line: 4, why: 'too-long' },
        { line: 5, why: 'too-long' },
      ],
    })
    expect(next).toHaveProperty('card')
  })

  test('a card with too many properties, or too large, is an error, and the next is read', async () => {
    const many = vcf('3.0', 'FN:A', ...Array.from({ length: 50 }, () => 'NOTE:x'))
    expect(codes(await all(readVCards(many + GOOD, { properties: 20 })))).toEqual(['1:TOO_MANY_PROPERTIES', '55:card'])
    expect(codes(await all(readVCards(many + GOOD, { card: 100 })))).toEqual(['1:CARD_TOO_LARGE', '55:card'])
  })

  test('objects that are too deep or too large', async () => {
    const deep = `{"x:a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`
    expect(codes(await all(readJsContact(`${deep}\n{"uid":"1"}`)))).toEqual(['1:TOO_DEEP', '2:card'])
    const large = JSON.stringify({ notes: { n1: { note: 'x'.repeat(500_000) } } })
    expect(codes(await all(readJsContact(`${large}\n{"uid":"1"}`, { card: 1000 })))).toEqual([
      '1:CARD_TOO_LARGE',
      '2:card',
    ])
    expect(codes(await all(readJsContact('{"a":'.repeat(10))))).toEqual(['1:CARD_UNFINISHED'])
  })

  test('rows that are too long or too wide', async () => {
    const wide = ','.repeat(2000)
    expect(codes(await all(readCsv(`Name\nA\n${wide}\nB`)))).toEqual(['2:card', '3:TOO_MANY_COLUMNS', '4:card'])
    const items = await all(readCsv(`Name\n"${'x'.repeat(3000)}\nB\nC\n`, { limits: { row: 1000 } }))
    expect(codes(items)).toEqual(['2:ROW_TOO_LONG', '3:card', '4:card'])
  })
})

describe('work grows with the size of the file, not faster', () => {
  // A quadratic reader would need minutes for any of these.
  test.each([
    ['a line folded after every byte', () => readVCards(vcf('4.0', `FN:A${'\r\n b'.repeat(1_000_000)}`))],
    ['empty folds', () => readVCards(vcf('4.0', `FN:A${'\n '.repeat(2_000_000)}`))],
    ['no newline at all', () => readVCards(`BEGIN:VCARD\nFN:A\nNOTE:${'x'.repeat(6_000_000)}`)],
    [
      'colons, semicolons and quotes',
      () =>
        readVCards(
          vcf('4.0', 'FN:A', `X;${'a;'.repeat(1_000_000)}:1`, `N:${';'.repeat(300_000)}`, `X:${'"'.repeat(300_000)}`),
        ),
    ],
    ['commas in TYPE', () => readVCards(vcf('4.0', 'FN:A', `TEL;TYPE=${'a,'.repeat(200_000)}:1`))],
    [
      'backslashes',
      () => readVCards(vcf('4.0', `FN:${'\\'.repeat(1_000_001)}`, `CATEGORIES:${'\\,'.repeat(300_000)}`)),
    ],
    ['as many cards as fit', () => readVCards('BEGIN:VCARD\n'.repeat(200_000))],
    ['quotes that never close', () => readCsv(`Name,Phone\n${'"x\n'.repeat(1_000_000)}`)],
    ['lone quotes', () => readCsv(`Name,Phone\n${'"'.repeat(2_000_001)}`)],
    ['one endless cell', () => readCsv(`Name,Phone\n${'x'.repeat(5_000_000)}`)],
    ['comments of another format', () => readCards(`${'# a '.repeat(4_000)}\nName,Phone\nA,1234`)],
    ['a time zone of hyphens', () => readVCards(vcf('4.0', 'FN:A', `TZ:A${'-'.repeat(4_000)}!`))],
    ['a date and blanks', () => readCsv(`Name,Birthday\nA,"1/1${' '.repeat(900_000)}\nx"`)],
    ['a date of many times', () => readCsv(`Name,Birthday\nA,"1/1/1990${' 10:10'.repeat(150_000)}\nx"`)],
    [
      'the day of a consent and blanks',
      () => readCsv(`Name,On\nA,1/1/2020 10:10${' '.repeat(900_000)}x`, { columns: { On: 'consent-at' } }),
    ],
    [
      'numbers with nothing but lines between',
      () => readCsv(`Name,Phone\n${`A,"12345678901234567${'\n'.repeat(970)}x"\n`.repeat(2_000)}`),
    ],
    [
      'blanks in quoted-printable, and empty folds',
      () =>
        readVCards(
          vcf('3.0', 'FN:A', `NOTE;ENCODING=QUOTED-PRINTABLE:${' '.repeat(2_000_000)}${'\r\n '.repeat(1_000_000)}`),
        ),
    ],
    [
      'addresses and labels that go with none of them',
      () => readVCards(vcf('3.0', 'ADR;TYPE=a:;;b\r\n'.repeat(990), 'LABEL;TYPE=b:c\r\n'.repeat(990)).repeat(100)),
    ],
    [
      'a card in thousands of languages',
      () =>
        readJsContact(
          JSON.stringify({
            '@type': 'Card',
            phones: Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => [`p${n}`, { number: '1' }])),
            localizations: Object.fromEntries(
              Array.from({ length: 10_000 }, (_, n) => [`x-${n}`, { 'name/full': 'b' }]),
            ),
          }),
        ),
    ],
    [
      'a JSPROP of thousands of languages',
      () =>
        readVCards(
          vcf(
            '4.0',
            'TEL:1\r\n'.repeat(1_900),
            `JSPROP;JSPTR=localizations:{${Array.from({ length: 20_000 }, (_, n) => `"x-${n}":{"name":null}`).join()}}`,
          ),
        ),
    ],
    [
      'a hundred thousand addresses in one cell',
      () => readCsv(`Name,E-mail\nA,${Array.from({ length: 100_000 }, (_, n) => `${n}@b`).join(':::')}`),
    ],
    [
      'as many values of a field of its own',
      () => readCsv(`Name,Custom 1\nA,${'a:::'.repeat(200_000)}`, { columns: { 'Custom 1': 'vCardProps:x-custom1' } }),
    ],
    ['a language of dots', () => readCsv(`Name,Language\nA,"${'.'.repeat(900_000)}\nx"`)],
    ['objects that never close', () => readJsContact('{'.repeat(2_000_000))],
    ['strings that never close', () => readJsContact(`{"uid":"1"}${'{"a\n'.repeat(300_000)}`)],
  ])(
    '%s',
    async (_, read) => {
      expect(Array.isArray(await all(read()))).toBe(true)
    },
    20_000,
  )
})

describe('what a small file says is no endless card', () => {
  const LONG = 'x'.repeat(1_000_000)

  test('a part of a name that is said a thousand times', async () => {
    const file = vcf('4.0', `N;JSCOMPS="${';0'.repeat(1_000)}":${LONG};Sara;;;`)
    const [item] = (await all(readVCards(file))) as Good[]
    expect(item?.card.name?.components).toHaveLength(2)
    expect(await refOf(item as Good)).toMatch(/^content:/)
  })

  test('a title in nine hundred languages', async () => {
    const titles = Array.from({ length: 900 }, (_, n) => `TITLE;ALTID=1;LANGUAGE=x-${n}:b`)
    const file = vcf('4.0', 'FN:Sara', ...Array<string>(900).fill('ADR:;;b'), 'TITLE;ALTID=1:a', ...titles)
    const [item] = (await all(readVCards(file))) as Good[]
    expect(Object.keys(item?.card.localizations ?? {})).toHaveLength(100)
    expect(item?.kept).toHaveLength(800)
    const again = writeVCards([(item as Good).card])
    expect(again).toContain('LANGUAGE=x-899')
    expect(await cards(readVCards(again))).toEqual([item?.card])
  }, 20_000)

  test('a label of a megabyte for a thousand numbers', async () => {
    const numbers = Array.from({ length: 1_000 }, (_, n) => `item1.TEL:07700 ${900_000 + n}`)
    const file = vcf('3.0', 'FN:Sara', `item1.X-ABLabel:${LONG}`, ...numbers)
    expect(codes(await all(readVCards(file + GOOD)))).toEqual(['1:CARD_TOO_LARGE', '1006:card'])
  })
})

describe('lists in lists without an end', () => {
  const DEEP = `${'['.repeat(20_000)}${']'.repeat(20_000)}`

  test('in a JSPROP are kept as text', async () => {
    const [item] = (await all(readVCards(vcf('4.0', 'FN:Sara', `JSPROP;JSPTR="x:deep":${DEEP}`)))) as Good[]
    expect(item?.kept).toEqual(['jsprop'])
    expect(await refOf(item as Good)).toMatch(/^content:/)
  })

  test.each([
    ['a value', `["vcard",[["fn",{},"text","Sara"],["x-deep",{},"text",${DEEP}]]]`],
    ['no card', `[["vcard",[["fn",{},"text","Sara"]]],${DEEP}]`],
  ])('in a jCard are an error: %s', async (_, file) => {
    expect(codes(await all(readCards(file)))).toEqual(['1:TOO_DEEP'])
  })
})

test.each([
  'JSPTR=phones:"x"',
  'JSPTR="phones/p1":null',
  'JSPTR="name/components":[1]',
  'JSPTR=emails:{"e1":{"Address":1}}',
])('a JSPROP with which a card would be none is kept as text: %s', async line => {
  const [item] = (await all(readVCards(vcf('4.0', 'FN:Sara', `JSPROP;${line}`)))) as Good[]
  expect(item?.card.name).toEqual({ full: 'Sara' })
  expect(item?.card).not.toHaveProperty('phones')
  expect(item?.kept).toEqual(['jsprop'])
  expect(phoneOf(item?.card ?? {})).toBeUndefined()
})

describe('names from outside touch nothing of ours', () => {
  const clean = () => expect(Object.keys(Object.prototype)).toEqual([])

  test('in a vCard', async () => {
    const found = await cards(
      readVCards(
        vcf(
          '4.0',
          'FN:A',
          '__proto__:x',
          'constructor:x',
          'hasOwnProperty;__proto__=1;toString=2:x',
          'EMAIL;PROP-ID=__proto__;__PROTO__=polluted:a@example.org',
          'CATEGORIES:__proto__,toString',
          'RELATED;TYPE=__proto__;VALUE=text:__proto__',
          'RELATED;VALUE=text:Reza',
          'MEMBER:__proto__',
          'PRONOUNS;PROP-ID=__proto__:they',
          'TITLE;ALTID=1:a',
          'TITLE;ALTID=1;LANGUAGE=__proto__:b',
          'JSPROP;JSPTR="__proto__/polluted":1',
          'JSPROP;JSPTR="name/__proto__":{"polluted":1}',
          'JSPROP;JSPTR="x:a":{"__proto__":{"polluted":1}}',
        ),
      ),
    )
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
    expect(found[0]?.emails?.e1?.address).toBe('a@example.org')
    expect(found[0]?.keywords).toEqual({ toString: true })
    for (const map of [found[0], found[0]?.relatedTo, found[0]?.members, found[0]?.localizations, found[0]?.emails]) {
      expect([undefined, Object.prototype]).toContain(map && Object.getPrototypeOf(map))
    }
    clean()
  })

  test('in a header or a cell', async () => {
    const found = await cards(
      readCsv(
        'Name,__proto__,constructor,Labels,Relation 1 - Label,Relation 1 - Value\nA,x,y,__proto__,__proto__,__proto__',
        {
          columns: { ['__proto__']: 'note' },
        },
      ),
    )
    expect(found[0]?.name).toEqual({ full: 'A' })
    clean()
  })

  test('in JSON', async () => {
    const [card] = await cards(
      readJsContact('{"uid":"1","__proto__":{"polluted":1},"x:a":{"__proto__":{"polluted":1},"b":1}}'),
    )
    expect(card).toEqual({ '@type': 'Card', version: '2.0', uid: '1', 'x:a': { b: 1 } })
    expect((card as Record<string, unknown>).polluted).toBeUndefined()
    clean()
  })
})

describe('recognising what a file is', () => {
  test.each([
    ['vCard', GOOD, 1],
    ['vCard after a mark and blank lines', `\ufeff\r\n\r\n${GOOD}`, 1],
    ['CSV', 'Name,Phone\nA,1234', 1],
    ['CSV of one column', 'Name\nA\nB', 2],
    ['JSON', '{"name":{"full":"A"}}', 1],
    ['a JSON array', ' [ {"name":{"full":"A"}} ]', 1],
    ['nothing', '', 0],
    ['blank', ' \n\ufeff', 0],
  ])('%s', async (_, text, count) => {
    expect(await all(readCards(text))).toHaveLength(count)
  })

  test.each([
    ['a picture', Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13]), 'NOT_TEXT'],
    ['NULs', '\0\0\0', 'NOT_TEXT'],
    ['a letter', 'Dear Sara\nhow are you\n', 'TYPE_UNKNOWN'],
    ['noise', Uint8Array.from({ length: 4000 }, (_, n) => ((n * 37 + 128) % 255) | 0x80), 'TYPE_UNKNOWN'],
  ])('%s is refused whole', async (_, input, code) => {
    const refused = all(readCards(input))
    await expect(refused).rejects.toBeInstanceOf(CardsError)
    await expect(refused).rejects.toMatchObject({ code })
  })

  test('the type that is named is believed', async () => {
    await expect(all(readCards(GOOD, { type: 'jscontact' }))).rejects.toMatchObject({ code: 'NOT_JSCONTACT' })
    await expect(all(readCards('Name\nA', { type: 'vcard' }))).rejects.toMatchObject({ code: 'NOT_VCARD' })
  })

  test('reading that stops early lets go of the source', async () => {
    let closed = false
    async function* source() {
      try {
        for (;;) yield GOOD
      } finally {
        closed = true
      }
    }
    for await (const item of readCards(source())) {
      expect(item).toHaveProperty('card')
      break
    }
    expect(closed).toBe(true)
  })
})

test('R37: no error holds anything of the file', async () => {
  const secret = 'Sara07700900123'
  const inputs = [
    `BEGIN:VCARD\nVERSION:${secret}\nEND:VCARD\n${secret}\nBEGIN:VCARD\nFN:${secret}`,
    `Name,Phone,Notes\n,,${secret}\n"${secret}`,
    `{"uid":"1","name":"${secret}"}\n{"${secret}":${secret}}\n{"@type":"Card","phones":{"${secret} ":1}}`,
  ]
  for (const input of inputs) {
    const errors = (await all(readCards(input))).filter(item => 'error' in item)
    expect(errors.length).toBeGreaterThan(1)
    expect(JSON.stringify(errors)).not.toContain(secret)
  }
  const refused = await all(readCards(secret)).catch((error: unknown) => error)
  expect(refused).toBeInstanceOf(CardsError)
  expect(`${(refused as Error).stack} ${JSON.stringify(refused)}`).not.toContain(secret)
})

describe('any bytes at all', () => {
  const lineish = fc.oneof(
    fc.constantFrom(
      'BEGIN:VCARD',
      'END:VCARD',
      'VERSION:4.0',
      'FN:A',
      'N:;;',
      'ADR:;',
      'TEL;:',
      'item1.TEL:1',
      'item1.X-ABLabel:x',
      ' fold',
      '\t',
      'AGENT:',
      'Name,Phone',
      '"',
      ',',
      '{',
      '}',
      '[',
      '"a":1',
      'BDAY:',
      'BDAY:--',
      'REV:x',
      'JSPROP;JSPTR=a/b/c:{}',
      'N;JSCOMPS=";0,9":x',
      'GEO:1;2',
      'PHOTO;ENCODING=b:!!',
      'ORG:;;',
      'X;A="b:c',
    ),
    fc.string({ unit: 'binary', maxLength: 20 }),
  )
  const file = fc.array(lineish, { maxLength: 40 }).map(lines => lines.join('\n'))

  test('each reader ends, with items or with one CardsError', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(file, fc.uint8Array({ maxLength: 300 })), async input => {
        for (const read of [readCards, readVCards, readCsv, readJsContact]) {
          try {
            for (const item of await all(read(input))) expect(item.line).toBeGreaterThan(0)
          } catch (error) {
            expect(error).toBeInstanceOf(CardsError)
          }
        }
      }),
      { numRuns: 500 },
    )
  })
})
