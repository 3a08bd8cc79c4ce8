// Evolu, local only: SQLite in a worker, on OPFS, with its file encrypted by SQLCipher's cipher. It deletes by a mark and keeps every
// value that ever was in its history: it can't forget, and isn't asked to.
import { createIdFromString, Int, id, maxLength, String as Text } from '@evolu/common'
import { createEvolu } from '@evolu/common/local-first'
import { evoluWebDeps } from '@evolu/web'
import { daysLeft, KEY, lots, memory, SHORTEST } from '../rows.mjs'

const text = maxLength(4000)(Text)
const schema = {
  person: { id: id('Person'), key: text, name: text, day: Int, card: text },
  phone: { id: id('Phone'), number: text, person: id('Person') },
}
const idOf = one => createIdFromString(one.id)
const phonesOf = one => one.phones.map(number => ({ id: createIdFromString(number), number, person: idOf(one) }))

export function candidate() {
  let evolu
  const rows = make => evolu.loadQuery(evolu.createQuery(make))
  /**
   * All mutations of one turn of the page are one transaction. Its end is told before it is committed; the worker answers a question
   * that is asked afterwards only when it has.
   */
  const durably = async mutations => {
    for (const [kind, table, values] of mutations) {
      const { ok, error } = evolu[kind](table, values)
      if (!ok) throw new Error(JSON.stringify(error))
    }
    await rows(db => db.selectFrom('person').select('id').limit(1))
    const failed = evolu.getError()
    if (failed) throw new Error(JSON.stringify(failed))
  }
  const put = one => [
    ['upsert', 'person', { id: idOf(one), key: one.id, name: one.name, day: daysLeft(one), card: JSON.stringify(one) }],
    ...phonesOf(one).map(phone => ['upsert', 'phone', phone]),
  ]
  const cards = found => found.map(({ card }) => JSON.parse(card))
  const everybody = async () =>
    cards(await rows(db => db.selectFrom('person').select('card').where('isDeleted', 'is', null)))
  const byIds = async ids =>
    ids.length === 0
      ? []
      : cards(
          await rows(db =>
            db.selectFrom('person').select('card').where('isDeleted', 'is', null).where('id', 'in', ids),
          ),
        )
  const drop = async people =>
    durably(
      people.flatMap(one => [
        ['update', 'person', { id: idOf(one), isDeleted: 1 }],
        ...phonesOf(one).map(phone => ['update', 'phone', { id: phone.id, isDeleted: 1 }]),
      ]),
    )
  const change = async (ids, note) =>
    durably(
      (await byIds(ids)).map(one => ['update', 'person', { id: idOf(one), card: JSON.stringify({ ...one, note }) }]),
    )
  const open = async () => {
    evolu = createEvolu(evoluWebDeps)(schema, {
      name: 'bench',
      transports: [],
      encryptionKey: KEY,
      indexes: create => [
        // Its tables lie in the order of owner and id, so that neither is found by its id alone.
        create('byId').on('person').column('id'),
        create('byName').on('person').column('name'),
        create('byDay').on('person').column('day'),
        create('byNumber').on('phone').column('number'),
      ],
    })
    await evolu.appOwner
  }
  return {
    memory,
    async load(count, seed) {
      await open()
      for (const lot of lots(count, seed)) await durably(lot.flatMap(put))
    },
    open,
    async idsOf(known) {
      const there = new Set((await byIds(known.map(idOf))).map(idOf))
      return known.map(one => (there.has(idOf(one)) ? idOf(one) : undefined))
    },
    async byId(id) {
      const found = await rows(db => db.selectFrom('person').select('card').where('id', '=', id))
      return cards(found)[0].name
    },
    async byPhone(number) {
      const [found] = cards(
        await rows(db =>
          db
            .selectFrom('phone')
            .innerJoin('person', 'person.id', 'phone.person')
            .select('person.card')
            .where('phone.number', '=', number)
            .where('phone.isDeleted', 'is', null),
        ),
      )
      return found.name
    },
    list: async () =>
      cards(
        await rows(db =>
          db.selectFrom('person').select('card').where('isDeleted', 'is', null).orderBy('name').limit(50),
        ),
      ),
    add: one => durably(put(one)),
    change: (id, note) => change([id], note),
    withdraw: async id => drop(await byIds([id])),
    changeMany: change,
    withdrawMany: async ids => drop(await byIds(ids)),
    async expire() {
      const people = cards(
        await rows(db =>
          db.selectFrom('person').select('card').where('isDeleted', 'is', null).where('day', '=', SHORTEST),
        ),
      )
      await drop(people)
      return people.length
    },
    exportAll: everybody,
    close: async () => undefined,
  }
}
