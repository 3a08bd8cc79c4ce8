// The demo's address book: that the committed files are what the generator writes, and that an import finds in them
// what the demo tells about.
import { readFileSync } from 'node:fs'
import { type ReadCard, readCards } from '@amanat/cards'
import { describe, expect, test } from 'vitest'

const beside = (name: string) => new URL(`../${name}`, import.meta.url)
const text = (name: string) => readFileSync(beside(name), 'utf8')

async function read(name: string): Promise<ReadCard[]> {
  const items: ReadCard[] = []
  for await (const item of readCards(readFileSync(beside(name)))) items.push(item)
  return items
}

/** The last nine digits, in ASCII: enough to know one number of the fiction ranges from another. */
const digits = (number: string) =>
  [...number.normalize('NFKC').matchAll(/\p{Nd}/gu)]
    .map(([digit]) => (digit > '9' ? String((digit.codePointAt(0) as number) % 16) : digit))
    .join('')
    .slice(-9)

const mobiles = (items: readonly ReadCard[]) =>
  items.flatMap(item =>
    'error' in item
      ? []
      : [
          Object.values(item.card.phones ?? {})
            .map(({ number }) => digits(number))
            .filter(end => end.startsWith('700900')),
        ],
  )

describe('the address book of the demo', () => {
  test('the committed files are what the generator writes', async () => {
    const { addressBook } = await import(/* @vite-ignore */ beside('make-address-book.mjs').href)
    const { vcf, csv, signUps } = addressBook()
    expect(text('address-book.vcf') === vcf && text('address-book.csv') === csv).toBe(true)
    expect(JSON.parse(text('sign-ups.json'))).toEqual(signUps)
  })

  test('232 people, each with a mobile number of their own; 20 of them are in both files', async () => {
    const phone = mobiles(await read('address-book.vcf'))
    const mail = mobiles(await read('address-book.csv'))
    expect([phone.length, mail.length]).toEqual([188, 64])
    for (const numbers of [...phone, ...mail]) expect(numbers).toHaveLength(1)
    expect(new Set([...phone, ...mail].flat()).size).toBe(232)
    const first = new Set(phone.flat())
    expect(mail.flat().filter(number => first.has(number))).toHaveLength(20)
  })

  test('three entries are broken, and an import says which', async () => {
    const errors = [...(await read('address-book.vcf')), ...(await read('address-book.csv'))].flatMap(item =>
      'error' in item ? [item.error.code] : [],
    )
    expect(errors).toEqual(['VERSION_UNSUPPORTED', 'ROW_WITHOUT_PERSON', 'ROW_WITHOUT_PERSON'])
  })

  test('nobody is real: every number and address is of a range kept for fiction', async () => {
    const items = [...(await read('address-book.vcf')), ...(await read('address-book.csv'))]
    for (const item of items) {
      if ('error' in item) continue
      for (const { number } of Object.values(item.card.phones ?? {}))
        expect(digits(number)).toMatch(/^700900\d{3}$|^0?79460\d{3}$|^[02]{1,2}79460\d{3}$/)
      for (const { address } of Object.values(item.card.emails ?? {})) expect(address).toMatch(/@example\.(org|com)$/)
    }
  })

  test('some entries are ten years old, and some are in each of three scripts', async () => {
    const cards = (await read('address-book.vcf')).flatMap(item => ('error' in item ? [] : [item.card]))
    const old = cards.filter(({ updated = '' }) => updated < '2018')
    expect(old.length).toBeGreaterThan(50)
    expect(cards.filter(({ name }) => /[\u0600-\u06ff]/.test(name?.full ?? '')).length).toBeGreaterThan(30)
    expect(
      cards.filter(({ phones }) => Object.values(phones ?? {}).some(({ number }) => /[۰-۹٠-٩]/.test(number))).length,
    ).toBeGreaterThan(20)
    expect(cards.filter(({ media }) => media)).toHaveLength(2)
  })

  test('everybody who signed up, refused or left is in the book, once', async () => {
    const { signUps } = JSON.parse(text('sign-ups.json')) as {
      signUps: { who: { phone?: string; email?: string }; how: string; answer: string; evidence?: object }[]
    }
    const items = [...(await read('address-book.vcf')), ...(await read('address-book.csv'))]
    const byPoint = new Map<string, string>()
    for (const [index, numbers] of mobiles(items).entries()) {
      const card = items.filter(item => !('error' in item))[index]
      for (const number of numbers) byPoint.set(number, number)
      if (card && 'card' in card) {
        for (const { address } of Object.values(card.card.emails ?? {})) byPoint.set(address, numbers[0] as string)
      }
    }
    const people = signUps.map(({ who }) => byPoint.get(who.email ?? digits(who.phone as string)))
    expect(people).not.toContain(undefined)
    expect(new Set(people).size).toBe(signUps.length)
    const count = (how: string, answer: string) =>
      signUps.filter(one => one.how === how && one.answer === answer).length
    expect([count('paper', 'given'), count('web-form', 'given'), count('verbal', 'given')]).toEqual([60, 25, 12])
    expect(signUps.filter(one => one.answer === 'refused')).toHaveLength(6)
    expect(signUps.filter(one => one.answer === 'never-again')).toHaveLength(2)
    expect(signUps.filter(one => one.how === 'verbal' && one.evidence)).toEqual([])
  })
})
