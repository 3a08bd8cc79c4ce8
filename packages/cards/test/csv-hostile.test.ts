// Sheets that were made to hurt, broken on the way, or are none: each ends in bounded memory, with an outcome for each row
// that there is, and everything good in it is read. What is large is made while it is read, and never held.
import { env, memoryUsage } from 'node:process'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import { CardsError, type ReadCard, readCards, readCsv } from '../src'
import { all, codes } from './reading'
import { encoded, type Good, utf16 } from './sheet'

const MB = 1024 * 1024
const bytes = (text: string) => new TextEncoder().encode(text)

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** What is held by somebody: how much room garbage takes until it is collected is the engine's own affair. */
function held(): number {
  collectGarbage()
  const { heapUsed, external } = memoryUsage()
  return heapUsed + external
}

/** The most that was held while a stream was read. */
const most = { held: 0 }

/** A stream of so many bytes, the same piece again and again, between a beginning and an end. */
async function* stream(size: number, piece: string, start = '', end = ''): AsyncGenerator<Uint8Array> {
  yield bytes(start)
  const one = bytes(piece.repeat(Math.max(1, Math.floor(65_536 / piece.length))))
  let looked = 0
  for (let sent = 0; sent < size; sent += one.length) {
    if (sent - looked > size / 16) {
      looked = sent
      most.held = Math.max(most.held, held())
    }
    yield one
  }
  yield bytes(end)
}

/** Outcomes counted, not kept. */
async function count(items: AsyncIterable<ReadCard>) {
  const found: Record<string, number> = {}
  let last: ReadCard | undefined
  for await (const item of items) {
    const outcome = 'error' in item ? item.error.code : 'card'
    found[outcome] = (found[outcome] ?? 0) + 1
    last = item
  }
  return { found, last }
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
      const before = held()
      most.held = before
      const { found, last } = await count(readCsv(input))
      const { card = 0, ...others } = found
      if (cards === undefined) expect(card).toBeGreaterThan(LARGE / 120_000)
      else {
        expect(card).toBe(cards)
        expect(last).toMatchObject({ line: 4, card: { name: { full: 'Omid' } } })
      }
      expect(others).toEqual(errors)
      expect(most.held - before).toBeLessThan(16 * MB)
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

describe('cells that spreadsheets and people wrote otherwise', () => {
  const one = async (header: string, row: string) => {
    const [item] = (await all(readCards(`${header}\n${row}\n`))) as Good[]
    const { '@type': _, version: __, ...card } = item?.card ?? {}
    return { card, ...(item?.doubts ? { doubts: item.doubts.map(({ code }) => code) } : {}) }
  }
  const phones = (...numbers: string[]) =>
    Object.fromEntries(numbers.map((number, at) => [`p${at + 1}`, { number, features: { mobile: true } }]))
  const emails = (...addresses: string[]) =>
    Object.fromEntries(addresses.map((address, at) => [`e${at + 1}`, { address }]))

  test.each<[string, string, object, string?]>([
    ['a formula that is a text', '"=""07700900123"""', phones('07700900123')],
    ['an apostrophe that says text', "'07700900123", phones('07700900123')],
    ['a number with decimals', '447700900123.0', phones('447700900123')],
    ['a number that is rounded off', '4.47701E+11', phones('4.47701E+11'), 'PHONE_IMPOSSIBLE'],
    ['two numbers', '"07700 900123, 07700 900124"', phones('07700 900123', '07700 900124')],
    ['two numbers and a slash', '07700900123 / 07700900124', phones('07700900123', '07700900124')],
    ['a number and its last digit again', '07700 900123/4', phones('07700 900123/4')],
    ['a number and words', '"07700900123, ask for Sara"', phones('07700900123, ask for Sara')],
  ])('a number: %s', async (_, cell, expected, doubt) => {
    expect(await one('Mobile', cell)).toEqual({ card: { phones: expected }, ...(doubt ? { doubts: [doubt] } : {}) })
  })

  test.each<[string, string, object, string?]>([
    ['two addresses', '"a@example.org, b@example.org"', emails('a@example.org', 'b@example.org')],
    ['two addresses and a blank', 'a@example.org b@example.org', emails('a@example.org', 'b@example.org')],
    ['an address and a name', 'Sara <a@example.org>', emails('Sara <a@example.org>'), 'EMAIL_IMPOSSIBLE'],
    ['two signs', 'a@@example.org', emails('a@@example.org'), 'EMAIL_IMPOSSIBLE'],
    ['a blank in it', 'a b@example.org', emails('a b@example.org'), 'EMAIL_IMPOSSIBLE'],
    ['a name in quotes', '"""a b""@example.org"', emails('"a b"@example.org')],
  ])('an address: %s', async (_, cell, expected, doubt) => {
    expect(await one('E-mail', cell)).toEqual({ card: { emails: expected }, ...(doubt ? { doubts: [doubt] } : {}) })
  })

  test('a day that there is not is told, and no day at all is none', async () => {
    const birthday = (cell: string) => one('Name,Birthday', `Sara,${cell}`)
    const card = { name: { full: 'Sara' } }
    expect(await birthday('1991-02-29')).toEqual({ card, doubts: ['DATE_UNREADABLE'] })
    expect(await birthday('0000-00-00')).toEqual({ card })
    expect((await birthday('1992-02-29')).card).toHaveProperty('anniversaries')
    expect((await birthday('--02-29')).card).toHaveProperty('anniversaries')
  })

  test('a service is named by its column', async () => {
    const { card } = await one('Name,Skype,Telegram', 'Sara,sara.k,@sara')
    expect(card.onlineServices).toEqual({
      s1: { service: 'Skype', user: 'sara.k' },
      s2: { service: 'Telegram', user: '@sara' },
    })
  })

  test('a quote that closes inside a cell takes no other row with it', async () => {
    const sheet = 'Name,Mobile\n"Sara" K,07700900123\n"Omid" H,07700900124\n"Noor",07700900125\n'
    const people = (await all(readCards(sheet))) as Good[]
    expect(people.map(({ line, card }) => [line, card.name?.full, card.phones?.p1?.number])).toEqual([
      [2, 'Sara K', '07700900123'],
      [3, 'Omid H', '07700900124'],
      [4, 'Noor', '07700900125'],
    ])
  })

  test('such quotes in every row of a long file are read in time', { timeout: 60_000 }, async () => {
    const { found } = await count(
      readCards(stream(4 * MB, '"Sara" K,"0770",x\n"Omid","0771",y\n', 'Name,Mobile,Note\n')),
    )
    expect(Object.keys(found)).toEqual(['card'])
  })

  test('a column that says nothing of a person is no sheet by itself', async () => {
    const sheet = 'Imię,Nazwisko,Firma\nZofia,Nowak,Przykład\n'
    await expect(all(readCards(sheet))).rejects.toMatchObject({ code: 'NOT_CSV' })
    expect(codes(await all(readCards(sheet, { columns: { Firma: 'organization' } })))).toEqual(['2:card'])
  })

  test('a stray NUL loses nobody', async () => {
    const people = (await all(readCards(bytes('Name,Mobile\nSa\0ra,07700900123\n')))) as Good[]
    expect(people.map(({ card }) => card.name?.full)).toEqual(['Sara'])
  })

  test('LDIF is refused', async () => {
    for (const start of ['', 'version: 1\n\n', '# people\n', '# people \r\n\r\n# of ours\r\n', '#\r# ours\r']) {
      const file = `${start}dn: cn=Sara,mail=sara@example.org\nobjectclass: person\nmail: sara@example.org\n`
      await expect(all(readCards(file))).rejects.toMatchObject({ code: 'TYPE_UNKNOWN' })
    }
  })
})
