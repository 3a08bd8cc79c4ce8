// Sheets that were made to hurt, broken on the way, or are none: each ends in bounded memory, with an outcome for each row
// that there is, and everything good in it is read. What is large is made while it is read, and never held.
import { env, memoryUsage } from 'node:process'
import { describe, expect, test } from 'vitest'
import { CardsError, type ReadCard, readCards, readCsv } from '../src'
import { all, codes } from './reading'
import { encoded, type Good, utf16 } from './sheet'

const MB = 1024 * 1024
const bytes = (text: string) => new TextEncoder().encode(text)

/** A stream of so many bytes, the same piece again and again, between a beginning and an end. */
async function* stream(size: number, piece: string, start = '', end = ''): AsyncGenerator<Uint8Array> {
  yield bytes(start)
  const one = bytes(piece.repeat(Math.max(1, Math.floor(65_536 / piece.length))))
  for (let sent = 0; sent < size; sent += one.length) yield one
  yield bytes(end)
}

/** Outcomes counted, not kept, and how much memory there was at most. */
async function count(items: AsyncIterable<ReadCard>) {
  const found: Record<string, number> = {}
  let last: ReadCard | undefined
  let peak = 0
  let read = 0
  for await (const item of items) {
    const outcome = 'error' in item ? item.error.code : 'card'
    found[outcome] = (found[outcome] ?? 0) + 1
    if (read++ % 5_000 === 0) peak = Math.max(peak, memoryUsage().rss)
    last = item
  }
  return { found, last, peak: Math.max(peak, memoryUsage().rss) }
}

describe('a file of a gigabyte, made while it is read', () => {
  const GB = 1024 * MB
  // The first is of that size in every run, the others in the nightly one.
  const LARGE = env.AMANAT_TRUST === 'nightly' ? GB : 128 * MB

  test.each([
    ['one cell without an end', stream(GB, 'x', 'Name,Phone\nSara,1234\n', '\nOmid,5678\n'), 2, { ROW_TOO_LONG: 1 }],
    [
      'a quote without an end',
      stream(LARGE, 'x y ', 'Name,Phone\nSara,1234\n"', '\nOmid,5678\n'),
      2,
      { ROW_TOO_LONG: 1 },
    ],
    ['nothing but commas', stream(LARGE, ',', 'Name,Phone\nSara,1234\n', '\nOmid,5678\n'), 2, { ROW_TOO_LONG: 1 }],
    ['rows of a tenth of a megabyte', stream(LARGE, `Sara,${'x'.repeat(100_000)}\n`, 'Name,Notes\n'), undefined, {}],
  ])(
    '%s',
    async (_, input, cards, errors) => {
      const before = memoryUsage().rss
      const { found, last, peak } = await count(readCsv(input))
      const { card = 0, ...others } = found
      if (cards === undefined) expect(card).toBeGreaterThan(LARGE / 120_000)
      else {
        expect(card).toBe(cards)
        expect(last).toMatchObject({ line: 4, card: { name: { full: 'Omid' } } })
      }
      expect(others).toEqual(errors)
      expect(peak - before).toBeLessThan(200 * MB)
    },
    300_000,
  )
})

test('a cell of a hundred megabytes is one row too long, and the rows beside it are read', async () => {
  const { found, last } = await count(
    readCsv(stream(100 * MB, 'x', 'Name,Notes\nSara,tea\nNoor,"', '"\nOmid,coffee\n')),
  )
  expect(found).toEqual({ card: 2, ROW_TOO_LONG: 1 })
  expect(last).toMatchObject({ line: 4, card: { name: { full: 'Omid' } } })
})

describe('a million columns', () => {
  const many = ',x'.repeat(1_000_000)

  test('in a header: nothing can be read by it', async () => {
    await expect(all(readCsv(`Name${many}\nSara${many}\n`))).rejects.toMatchObject({ code: 'NOT_CSV' })
  })

  test('in a row: that one is refused', async () => {
    expect(codes(await all(readCsv(`Name,Phone\nSara,1234\nNoor${many}\nOmid,5678\n`)))).toEqual([
      '2:card',
      expect.stringMatching(/^3:(TOO_MANY_COLUMNS|ROW_TOO_LONG)$/),
      '4:card',
    ])
  })
})

describe('cut off in the middle', () => {
  const SHEET = 'Name,Phone,Notes\r\nSärä Kärimi,07700 900123,"likes\r\ntea"\r\nOmid,07700 900124,"and ""more"""\r\n'

  test.each([
    ['UTF-8', bytes(SHEET)],
    ['UTF-16', utf16(SHEET)],
    ['Windows-1252', encoded(SHEET, 'windows-1252')],
  ])('%s, at each byte: it ends, and every row before is whole', async (_, whole) => {
    const [sara, omid] = (await all(readCsv(whole))) as Good[]
    for (let cut = 0; cut < whole.length; cut++) {
      let items: ReadCard[]
      try {
        items = await all(readCsv(whole.slice(0, cut)))
      } catch (error) {
        expect(error).toBeInstanceOf(CardsError)
        expect(cut).toBeLessThan(60)
        continue
      }
      expect(items.length).toBeLessThanOrEqual(3)
      // The last is what there is of it; the one before is as it was.
      if (items.length > 1 && items[1] && items[1].line === 4) expect(items[0]).toEqual(sara)
    }
    expect([sara?.line, omid?.line]).toEqual([2, 4])
  })

  test('inside quotes: the row is told, and what follows on its lines too', async () => {
    expect(codes(await all(readCsv('Name,Notes\nSara,tea\nOmid,"cof')))).toEqual(['2:card', '3:ROW_UNREADABLE'])
  })
})

describe('no sheet at all', () => {
  test.each([
    ['nothing', new Uint8Array()],
    ['blank lines', bytes('\r\n \r\n\t\r\n')],
  ])('%s has nobody in it', async (_, input) => {
    expect(await all(readCsv(input))).toEqual([])
    expect(await all(readCards(input))).toEqual([])
  })

  const noise = Uint8Array.from({ length: 50_000 }, (_, n) => (Math.imul(n + 7, 2_654_435_761) >>> 13) & 0xff)
  test.each([
    ['a picture', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13, 0x49, 0x48), 'NOT_TEXT'],
    [
      'a workbook of Excel',
      bytes(`PK\u0003\u0004\u0014\0\u0006\0\b\0${'\0!'.repeat(500)}[Content_Types].xml`),
      'NOT_TEXT',
    ],
    ['noise', noise, 'NOT_TEXT'],
    ['a web page', bytes('<!DOCTYPE html>\n<html><head><title>Sign in, please</title></head></html>\n'), 'NOT_CSV'],
    ['a letter', bytes('Dear Sara,\n\nhow are you?\n'), 'NOT_CSV'],
  ])('%s is refused whole', async (_, input, code) => {
    await expect(all(readCsv(input))).rejects.toMatchObject({ code })
  })

  test('a vCard that is said to be a sheet', async () => {
    const card = 'BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Sara\r\nEND:VCARD\r\n'
    await expect(all(readCsv(card))).rejects.toMatchObject({ code: 'NOT_CSV' })
  })
})

describe('the wrong character set', () => {
  const PERSIAN = 'نام;نام خانوادگي;موبايل\r\nسارا;كريمي;07700900123\r\n'
  const WESTERN = 'Name;Telefon\r\nZoë Müller;07700900123\r\n'

  test.each([
    ['windows-1252 said of UTF-8', bytes(WESTERN), 'windows-1252'],
    ['windows-1256 said of windows-1252', encoded(WESTERN, 'windows-1252'), 'windows-1256'],
    ['shift_jis said of windows-1252', encoded(WESTERN, 'windows-1252'), 'shift_jis'],
    ['UTF-16 said of ASCII', bytes('Name;Phone\r\nSara;1234\r\n'), 'utf-16le'],
    ['windows-1252 said of Persian in UTF-8', bytes(PERSIAN), 'windows-1252'],
    ['UTF-8 said of UTF-16 with its mark', utf16(WESTERN), 'utf-8'],
  ])('%s: it ends, as a sheet with the number in it or as none', async (_, input, charset) => {
    try {
      const items = (await all(readCsv(input, { charset }))) as Good[]
      expect(items).toHaveLength(1)
      expect(items[0]?.card.phones?.p1?.number).toBe('07700900123')
    } catch (error) {
      expect(error).toMatchObject({ code: 'NOT_CSV' })
    }
  })

  test('bytes that no letter has are told by their cells', async () => {
    const broken = Uint8Array.of(
      ...bytes('Name,Notes,Phone\nS\u00e4r\u00e4 K\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4,'),
      0xff,
      0xfe,
      ...bytes(',1234\n'),
    )
    const [item] = (await all(readCsv(broken))) as Good[]
    expect(item?.doubts).toEqual([{ code: 'LETTERS_LOST', column: 2 }])
    expect(item?.card.name?.full).toBe('Särä Käääääääää')
  })
})

test('headers and cells with names of ours touch nothing', async () => {
  const columns = JSON.parse('{"__proto__":"note","constructor":"x:__proto__","toString":"keywords"}')
  const text = 'Name,__proto__,constructor,toString,hasOwnProperty\nSara,a,b,__proto__,c\n'
  const [item] = (await all(readCsv(text, { columns }))) as Good[]
  expect(Object.getPrototypeOf(item?.card)).toBe(Object.prototype)
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
  expect(item?.card).toEqual({
    '@type': 'Card',
    version: '2.0',
    name: { full: 'Sara' },
    'x:__proto__': 'b',
    notes: { n1: { note: 'a' } },
  })
})
