// Who is measured on disk, each through its own API with durable commits. Rows of whoever encrypts a row at a time carry the hash
// of each number and the day of expiry in the clear, without which they could neither look up nor expire: they tell what the
// vault seals.
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { disk } from '@amanat/store-disk'
import sodium from 'libsodium-wrappers'
import { people } from '../contacts.mjs'
import { costsOf } from '../costs.mjs'
import { vaultCandidate } from '../vault.mjs'
import { limitsCandidate } from './limits.mjs'

/** Memory of its own, in bytes: files that are mapped lie in the system's cache, from where they go when others need the room. */
const memory = () => {
  globalThis.gc?.()
  if (process.platform !== 'linux') return process.memoryUsage().rss
  return 1024 * Number(/^RssAnon:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1])
}
/** Days left from loading on; the launch that works is a day later, when those with none left have expired. */
const daysLeft = one => 365 - one.age
const SHORTEST = 1

const plain = { seal: one => one, open: one => one, ready: async () => undefined }
const secretbox = {
  ready: () => sodium.ready,
  seal(one) {
    const nonce = sodium.randombytes_buf(sodium.crypto_secretbox_NONCEBYTES)
    const box = sodium.crypto_secretbox_easy(JSON.stringify(one), nonce, KEY)
    const row = new Uint8Array(nonce.length + box.length)
    row.set(nonce)
    row.set(box, nonce.length)
    return row
  },
  open(row) {
    const at = sodium.crypto_secretbox_NONCEBYTES
    return JSON.parse(sodium.to_string(sodium.crypto_secretbox_open_easy(row.subarray(at), row.subarray(0, at), KEY)))
  },
}
const KEY = new Uint8Array(32).fill(7)
const hashOf = text => createHash('sha256').update(KEY).update(text).digest('base64')

/** LMDB as it is: rows, and two indexes of it; a commit is durable when its promise resolves. */
function lmdbCandidate(dir, codec) {
  let db, rows, byPhone, byDay
  const open = async () => {
    await codec.ready()
    const { open } = await import('lmdb')
    db = open({ path: dir, overlappingSync: false, maxDbs: 4 })
    rows = db.openDB('rows', {})
    byPhone = db.openDB('phones', {})
    byDay = db.openDB('days', { dupSort: true, encoding: 'ordered-binary' })
  }
  const put = one => {
    rows.put(one.id, codec.seal(one))
    for (const phone of one.phones) byPhone.put(hashOf(phone), one.id)
    byDay.put(daysLeft(one), one.id)
  }
  const drop = id => {
    const sealed = rows.get(id)
    if (sealed === undefined) return
    const one = codec.open(sealed)
    rows.remove(id)
    for (const phone of one.phones) byPhone.remove(hashOf(phone))
    byDay.remove(daysLeft(one), id)
  }
  const change = (id, note) => rows.put(id, codec.seal({ ...codec.open(rows.get(id)), note }))
  const durably = work => db.transaction(work)
  return {
    memory,
    async load(count, seed) {
      await open()
      await durably(() => {
        for (const one of people(count, seed)) put(one)
      })
    },
    open,
    idsOf: known => known.map(one => (rows.get(one.id) === undefined ? undefined : one.id)),
    byId: id => codec.open(rows.get(id)).name,
    byPhone: phone => codec.open(rows.get(byPhone.get(hashOf(phone)))).name,
    list: () =>
      [...rows.getRange()]
        .map(({ value }) => codec.open(value))
        .sort((a, b) => (a.name < b.name ? -1 : 1))
        .slice(0, 50),
    add: one => durably(() => put(one)),
    change: (id, note) => durably(() => change(id, note)),
    withdraw: id => durably(() => drop(id)),
    changeMany: (ids, note) =>
      durably(() => {
        for (const id of ids) change(id, note)
      }),
    withdrawMany: ids =>
      durably(() => {
        for (const id of ids) drop(id)
      }),
    async expire() {
      const ids = [...byDay.getValues(SHORTEST)]
      await durably(() => {
        for (const id of ids) drop(id)
      })
      return ids.length
    },
    exportAll: () => [...rows.getRange()].map(({ value }) => codec.open(value)),
    close: () => db.close(),
  }
}

/** LevelDB with a sealed row each, synchronous writes. */
function levelCandidate(dir, codec, { ClassicLevel }) {
  let db
  const SYNC = { sync: true }
  const open = async () => {
    await codec.ready()
    db = new ClassicLevel(dir, { valueEncoding: 'view' })
    await db.open()
  }
  const text = new TextEncoder()
  const puts = one => [
    { type: 'put', key: `r:${one.id}`, value: codec.seal(one) },
    ...one.phones.map(phone => ({ type: 'put', key: `p:${hashOf(phone)}`, value: text.encode(one.id) })),
    { type: 'put', key: `d:${String(daysLeft(one)).padStart(4, '0')}:${one.id}`, value: new Uint8Array(0) },
  ]
  const drops = one => [
    { type: 'del', key: `r:${one.id}` },
    ...one.phones.map(phone => ({ type: 'del', key: `p:${hashOf(phone)}` })),
    { type: 'del', key: `d:${String(daysLeft(one)).padStart(4, '0')}:${one.id}` },
  ]
  const get = async id => codec.open(await db.get(`r:${id}`))
  const all = async ids => (await db.getMany(ids.map(id => `r:${id}`))).filter(row => row).map(codec.open)
  const changed = (one, note) => ({ type: 'put', key: `r:${one.id}`, value: codec.seal({ ...one, note }) })
  const everybody = async () => {
    const found = []
    for await (const value of db.values({ gte: 'r:', lt: 'r;' })) found.push(codec.open(value))
    return found
  }
  return {
    memory,
    async load(count, seed) {
      await open()
      let batch = []
      for (const one of people(count, seed)) {
        batch.push(...puts(one))
        if (batch.length < 40_000) continue
        await db.batch(batch, SYNC)
        batch = []
      }
      await db.batch(batch, SYNC)
    },
    open,
    idsOf: async known => {
      const found = await db.getMany(known.map(one => `r:${one.id}`))
      return known.map((one, i) => (found[i] ? one.id : undefined))
    },
    byId: async id => (await get(id)).name,
    byPhone: async phone => (await get(Buffer.from(await db.get(`p:${hashOf(phone)}`)).toString())).name,
    list: async () => (await everybody()).sort((a, b) => (a.name < b.name ? -1 : 1)).slice(0, 50),
    add: one => db.batch(puts(one), SYNC),
    change: async (id, note) => db.batch([changed(await get(id), note)], SYNC),
    withdraw: async id => db.batch(drops(await get(id)), SYNC),
    changeMany: async (ids, note) =>
      db.batch(
        (await all(ids)).map(one => changed(one, note)),
        SYNC,
      ),
    withdrawMany: async ids => db.batch((await all(ids)).flatMap(drops), SYNC),
    async expire() {
      const day = `d:${String(SHORTEST).padStart(4, '0')}:`
      const ids = (await db.keys({ gte: day, lt: `${day}~` }).all()).map(key => key.slice(day.length))
      await db.batch((await all(ids)).flatMap(drops), SYNC)
      return ids.length
    },
    exportAll: everybody,
    close: () => db.close(),
  }
}

/** SQLite, plain or with whole pages encrypted by SQLCipher's or another cipher: every commit is synced. */
function sqliteCandidate(dir, Database, cipher) {
  let db, statements
  const open = () => {
    mkdirSync(dir, { recursive: true })
    db = new Database(join(dir, 'contacts.db'))
    if (cipher) {
      db.pragma(`cipher='${cipher}'`)
      // A raw key: the derivation of keys is nobody's part of this.
      db.pragma(`hexkey='${Buffer.from(KEY).toString('hex')}'`)
    }
    db.pragma('journal_mode = WAL')
    db.pragma('synchronous = FULL')
    db.exec(`create table if not exists people (id text primary key, name text, day integer, card text) without rowid;
      create table if not exists phones (phone text, id text, primary key (phone, id)) without rowid;
      create index if not exists by_name on people (name); create index if not exists by_day on people (day);
      create index if not exists by_id on phones (id)`)
    statements = {
      put: db.prepare('insert or replace into people values (?, ?, ?, ?)'),
      putPhone: db.prepare('insert or replace into phones values (?, ?)'),
      get: db.prepare('select card from people where id = ?').pluck(),
      byPhone: db.prepare('select card from people join phones using (id) where phone = ?').pluck(),
      list: db.prepare('select card from people order by name limit 50').pluck(),
      change: db.prepare('update people set card = ? where id = ?'),
      drop: db.prepare('delete from people where id = ?'),
      dropPhones: db.prepare('delete from phones where id = ?'),
      ofDay: db.prepare('select id from people where day = ?').pluck(),
      all: db.prepare('select card from people').pluck(),
    }
  }
  const put = one => {
    statements.put.run(one.id, one.name, daysLeft(one), JSON.stringify(one))
    for (const phone of one.phones) statements.putPhone.run(phone, one.id)
  }
  const change = (id, note) => {
    statements.change.run(JSON.stringify({ ...JSON.parse(statements.get.get(id)), note }), id)
  }
  const drop = id => {
    statements.dropPhones.run(id)
    statements.drop.run(id)
  }
  const each = act => db.transaction(list => list.forEach(act))
  return {
    memory,
    load(count, seed) {
      open()
      each(put)([...people(count, seed)])
    },
    open,
    idsOf: known => known.map(one => (statements.get.get(one.id) === undefined ? undefined : one.id)),
    byId: id => JSON.parse(statements.get.get(id)).name,
    byPhone: phone => JSON.parse(statements.byPhone.get(phone)).name,
    list: () => statements.list.all().map(JSON.parse),
    add: one => each(put)([one]),
    change: (id, note) => change(id, note),
    withdraw: id => each(drop)([id]),
    changeMany: (ids, note) => each(id => change(id, note))(ids),
    withdrawMany: ids => each(drop)(ids),
    expire() {
      const ids = statements.ofDay.all(SHORTEST)
      each(drop)(ids)
      return ids.length
    },
    exportAll: () => statements.all.all().map(card => JSON.parse(card)),
    close: () => db.close(),
  }
}

/** The candidates on disk by name; each is given its own folder. `peers` loads a package that is installed for the benchmark alone. */
export const DISK = {
  amanat: dir => ({
    ...vaultCandidate({ store: () => disk(dir), memory }),
    costs: call => costsOf(() => disk(dir), call),
  }),
  lmdb: dir => lmdbCandidate(dir, plain),
  'lmdb + secretbox': dir => lmdbCandidate(dir, secretbox),
  'leveldb + secretbox': (dir, peers) => levelCandidate(dir, secretbox, peers('classic-level')),
  sqlite: (dir, peers) => sqliteCandidate(dir, peers('better-sqlite3-multiple-ciphers')),
  sqlcipher: (dir, peers) => sqliteCandidate(dir, peers('better-sqlite3-multiple-ciphers'), 'sqlcipher'),
  'sqlite + chacha20': (dir, peers) => sqliteCandidate(dir, peers('better-sqlite3-multiple-ciphers'), 'chacha20'),
  limits: limitsCandidate,
}

export const peersFrom = folder => createRequire(join(folder, 'package.json'))
