// @ts-check
// The old list comes in: two files, no consent with either. Everybody waits in quarantine, with a name and numbers only.
import { createReadStream } from 'node:fs'
import { nameOf, readCards } from '@amanat/cards'
import { counted, day } from '../tell.mjs'

const FILES = /** @type {const} */ ([
  { file: 'address-book.vcf', source: 'import: the office phone, 2015 to 2026' },
  { file: 'address-book.csv', source: 'import: the mail program, 2015 to 2026' },
])

/** @param {import('../stage.mjs').Stage} stage */
export async function importTheOldList({ tell, clock, vault, entries, counts, expect }) {
  tell.scene(2, 'The old list comes in, and waits', day(clock.now()))
  tell.say(
    'Ten years of an address book, on a phone and in a mail program. Neither says who agreed to what. It is read as a ' +
      'stream; every contact point keeps where it came from, and on which ground the person may be asked at all.',
  )

  const needed = /** @type {Set<string>} */ (
    new Set(Object.values(vault.policy.purposes).flatMap(({ fields }) => fields))
  )
  /** @type {Map<string, number>} */
  const outside = new Map()
  /** @type {{ file: string, line: number, code: string, fix: string }[]} */
  const broken = []
  const total = { quarantined: 0, refused: 0, maybeSame: 0 }

  for (const { file, source } of FILES) {
    /** @type {import('../stage.mjs').Entry[]} */
    const brought = []
    const report = await vault.addMany(contactsOf(file, source, brought), {
      whenUndeclared: 'leave-out',
      onEach: ({ index, id }) => {
        const entry = brought[index]
        if (entry) entry.id = id
      },
    })
    entries.push(...brought)
    total.quarantined += report.quarantined
    total.refused += report.refused
    total.maybeSame += report.maybeSame
    tell.asks('leila', `vault.addMany('${file}')`)
    tell.done(`${counted(report.quarantined, 'person', 'people')} into quarantine, ${report.added} into any purpose.`)
  }

  /** @param {string} file @param {string} source @param {import('../stage.mjs').Entry[]} brought */
  async function* contactsOf(file, source, brought) {
    for await (const item of readCards(createReadStream(new URL(`../${file}`, import.meta.url)))) {
      if ('error' in item) {
        broken.push({ file, line: item.line, code: item.error.code, fix: item.error.fix })
        continue
      }
      const { card } = item
      for (const field of contentOf(card)) {
        if (!needed.has(field)) outside.set(field, (outside.get(field) ?? 0) + 1)
      }
      brought.push({
        file,
        name: nameOf(card) ?? '',
        numbers: Object.values(card.phones ?? {}).map(({ number }) => number),
        emails: Object.values(card.emails ?? {}).map(({ address }) => address),
        id: undefined,
      })
      yield { card, source, mayAsk: /** @type {const} */ ('in-person-or-post') }
    }
  }

  tell.say(
    `${total.maybeSame} of them are perhaps somebody who is here already: the same number in both files. The vault ` +
      'says how many, names none, and merges nothing by itself.',
  )
  tell.say(`${counted(broken.length, 'entry', 'entries')} could not be read. The rest came in all the same:`)
  tell.table(broken.map(({ file, line, fix }) => [`line ${line} of the ${file.slice(-3)}`, fix]))
  tell.say('No purpose needs the rest of what the files held, so it was never stored:')
  tell.table([...outside].sort(([, a], [, b]) => b - a).map(([field, people]) => [people, `people's ${field}`]))

  const { people, total: waiting } = await vault.quarantine.list({ limit: 1 })
  const [first] = people
  const seen = first && (await vault.quarantine.reveal(first.id))
  const until = first?.until ?? ''
  tell.say('What the vault has of one of them, seen to ask them and for nothing else:')
  tell.asks('leila', 'vault.quarantine.reveal(id)')
  tell.table([
    ['fields', contentOf(seen?.card ?? {}).join(', ')],
    ['number from', [...new Set(Object.values(seen?.source ?? {}))].join(', ')],
    ['may be asked', seen?.mayAsk ?? 'not at all'],
    ['until', day(until)],
  ])
  tell.say(
    `${waiting} entries wait there now. They may be asked, one at a time; they can't be exported; and on ${day(until)} ` +
      'they are forgotten, whether anybody remembers to do it or not.',
  )
  counts.imported = { ...total, broken: broken.map(({ file, line, code }) => ({ file, line, code })), until }
  counts.leftOutside = Object.fromEntries(outside)
  expect(
    contentOf(seen?.card ?? {}).every(field => needed.has(field)),
    true,
    'nothing that no purpose needs is stored',
  )
  expect(waiting, total.quarantined, 'everybody who came in waits in quarantine')
  expect(total.refused, 0, 'nobody of the first import is refused')
}

/** The fields of a card that say something about somebody. @param {import('@amanat/vault').Card} card */
const contentOf = card => Object.keys(card).filter(field => !PLAIN.has(field))

/** Of the card itself, not of the person. */
const PLAIN = new Set(['@type', 'version', 'uid', 'prodId', 'updated', 'created', 'kind', 'language'])
