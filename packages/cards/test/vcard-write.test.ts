// Writing vCards: what an address book of either version accepts, and what must never get through.
import type { Card } from '@amanat/vault'
import { describe, expect, test } from 'vitest'
import { readVCards, vcard } from '../src'
import { all, cards, written } from './reading'

const lines = (text: string) => text.split('\r\n').filter(line => line !== '')

describe('vCard as an export', () => {
  test('RFC 6350 3.2: no line is longer than 75 octets, and no character is cut', async () => {
    const note = `${'a'.repeat(60)}${'سلام 👩‍👩‍👧 '.repeat(60)}`
    const text = await written(vcard(), [{ name: { full: 'x' }, notes: { n1: { note } } }])
    const octets = new TextEncoder()
    for (const line of text.split('\r\n')) {
      expect(octets.encode(line).length).toBeLessThanOrEqual(75)
      // A lone surrogate would be written as U+FFFD.
      expect(new TextDecoder().decode(octets.encode(line))).toBe(line)
    }
    expect((await cards(readVCards(text)))[0]?.notes?.n1?.note).toBe(note)
  })

  test('every line ends in CRLF, and VERSION comes first', async () => {
    for (const version of ['3.0', '4.0'] as const) {
      const text = await written(vcard({ version }), [{ name: { full: 'A' } }, { name: { full: 'B' } }])
      expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
      expect(lines(text).filter((_, index, all) => all[index - 1] === 'BEGIN:VCARD')).toEqual([
        `VERSION:${version}`,
        `VERSION:${version}`,
      ])
    }
  })

  test('each card carries the day by which it must be destroyed, and reading it back leaves no trace of that', async () => {
    const text = await written(vcard(), [{ name: { full: 'A' } }])
    expect(text).toContain('X-AMANAT-DESTROY-BY:2026-06-01T00:00:00Z')
    expect(await cards(readVCards(text))).toEqual([{ '@type': 'Card', version: '2.0', name: { full: 'A' } }])
  })

  test.each([
    ['a name', { name: { full: 'A\r\nTEL:07700 900999' } }],
    ['a label', { phones: { p1: { number: '1234', label: 'x\nEND:VCARD\nBEGIN:VCARD\nTEL:07700 900999' } } }],
    ['a number', { phones: { p1: { number: 'tel:1234\r\nTEL:07700 900999' } } }],
    ['a URI', { links: { l1: { uri: 'https://example.org\r\nTEL:07700 900999' } } }],
    ['a context', { phones: { p1: { number: '1234', contexts: { 'work:\nTEL:07700 900999': true } } } }],
    [
      'a parameter',
      { emails: { e1: { address: 'a@example.org', vCardParams: { 'x:\nTEL': '1\nTEL:07700 900999' } } } },
    ],
    [
      'a parameter value',
      { emails: { e1: { address: 'a@example.org', vCardParams: { 'x-a': '1\r\nTEL:07700 900999' } } } },
    ],
    [
      'a media type',
      { media: { m1: { kind: 'photo', uri: 'https://example.org', mediaType: 'x:y\nTEL:07700 900999' } } },
    ],
    ['a group', { vCardProps: [['x-a', { group: 'g\nTEL:07700 900999\nx' }, 'unknown', '1']] }],
    ['a kept property', { vCardProps: [['x-a\nTEL:07700 900999\nx', {}, 'unknown', '1\nTEL:07700 900999']] }],
    ['a kept type', { vCardProps: [['x-a', {}, 'text:\nTEL:07700 900999', '1']] }],
    [
      'a kept structure',
      {
        name: { full: 'A' },
        vCardProps: [
          ['end', {}, 'unknown', 'VCARD'],
          ['BEGIN', {}, 'unknown', 'VCARD'],
        ],
      },
    ],
    ['an instant', { uid: '1', updated: '2026-01-01T00:00:00Z\nTEL:07700 900999' }],
    ['a picture', { media: { m1: { kind: 'photo', uri: 'data:image/png;base64,AAAA\nTEL:07700 900999' } } }],
    ['a service', { onlineServices: { s1: { user: 'a', service: 'x\nTEL:07700 900999', vCardName: 'tel:1\nTEL' } } }],
    ['an id', { emails: { 'e1:\nTEL:07700 900999': { address: 'a@example.org' } } }],
  ] as [string, Card][])('%s with newlines in it makes no property of its own', async (_, card) => {
    for (const version of ['3.0', '4.0'] as const) {
      const text = await written(vcard({ version }), [card])
      expect(lines(text).filter(line => /^([\w-]+\.)?TEL[;:].*900999/i.test(line) && !line.includes('1234'))).toEqual(
        [],
      )
      expect(text.match(/^BEGIN:VCARD/gm)).toHaveLength(1)
      // Nor does it leave a line that is no property.
      expect((await all(readVCards(text))).flatMap(item => ('skipped' in item ? (item.skipped ?? []) : []))).toEqual([])
      const back = await cards(readVCards(text))
      expect(back.length).toBeLessThanOrEqual(1)
      expect(Object.values(back[0]?.phones ?? {}).some(phone => /^07700 900999$/.test(phone.number))).toBe(false)
    }
  })

  test('RFC 2426: 3.0 has no URI for a number and no PREF, and pictures are base64', async () => {
    const text = await written(vcard({ version: '3.0' }), [
      {
        name: {
          components: [
            { kind: 'given', value: 'Sara' },
            { kind: 'surname', value: 'Karimi; K' },
          ],
        },
        phones: { p1: { number: 'tel:+44-7700-900123;ext=5', features: { mobile: true }, pref: 1 } },
        media: { m1: { kind: 'photo', uri: 'data:image/jpeg;base64,/9j/4AAQ' } },
        anniversaries: { a1: { kind: 'birth', date: { month: 3, day: 5 } } },
      },
    ])
    expect(lines(text)).toEqual([
      'BEGIN:VCARD',
      'VERSION:3.0',
      'FN;DERIVED=TRUE:Sara Karimi\\; K',
      'N:Karimi\\; K;Sara;;;',
      'TEL;TYPE=pref,cell;X-URI="tel:+44-7700-900123;ext=5":+44-7700-900123 x5',
      'PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQ',
      'BDAY;X-APPLE-OMIT-YEAR=1604:1604-03-05',
      'X-AMANAT-DESTROY-BY:2026-06-01T00:00:00Z',
      'END:VCARD',
    ])
  })

  test('RFC 9555: 4.0 keeps ids, labels, order and translations', async () => {
    const text = await written(vcard(), [
      {
        name: {
          components: [
            { kind: 'given', value: 'Vincent' },
            { kind: 'surname', value: 'van Gogh' },
          ],
          isOrdered: true,
        },
        phones: { home: { number: '020 7946 0000', label: 'Kitchen', contexts: { private: true }, pref: 2 } },
        titles: { t1: { kind: 'title', name: 'Baker' } },
        localizations: { fa: { 'titles/t1/name': 'نانوا' } },
        'x:diet': 'vegan',
      },
    ])
    expect(lines(text)).toEqual([
      'BEGIN:VCARD',
      'VERSION:4.0',
      'FN;DERIVED=TRUE:Vincent van Gogh',
      'N;JSCOMPS=";1;0":van Gogh;Vincent;;;;;',
      'TITLE;PROP-ID=t1;ALTID=1:Baker',
      'TITLE;PROP-ID=t1;LANGUAGE=fa;ALTID=1:نانوا',
      'item1.TEL;TYPE=home;PREF=2;PROP-ID=home:020 7946 0000',
      'item1.X-ABLABEL:Kitchen',
      'JSPROP;JSPTR="x:diet":"vegan"',
      'X-AMANAT-DESTROY-BY:2026-06-01T00:00:00Z',
      'END:VCARD',
    ])
  })

  test('people are taken one by one, when the bytes before were taken', async () => {
    let taken = 0
    async function* people() {
      for (; taken < 1000; ) {
        taken++
        yield { card: { name: { full: 'A' } } }
      }
    }
    const bytes = vcard().write(people(), { purpose: 'p', recipient: 'r', destroyBy: '', exported: '' })
    const iterator = bytes[Symbol.asyncIterator]()
    await iterator.next()
    await iterator.next()
    expect(taken).toBe(2)
  })
})
