/**
 * Somebody who holds the keys, or a restored backup of theirs, rewrites a row: whoever opens the vault afterwards is
 * told by a code, or sees values that are in shape. Through the public face only: nothing but a VaultError comes out of
 * it, whatever stands in root, ring, heads, pages, policy, catalogue, ledger or export.
 */
import { derive, openSealed, ready, seal, systemRandomness } from '@amanat/crypto'
import { memoryStore } from '@amanat/store-contract/memory'
import { decode } from 'cborg'
import fc from 'fast-check'
import { beforeAll, describe, test } from 'vitest'
import { u64 } from '../../packages/vault/src/bytes'
import { encodeRoot, rootHeader } from '../../packages/vault/src/commit/root'
import { decodePage, encodePage } from '../../packages/vault/src/pages/page'
import { vault as vaultError } from './allowed'
import { hostileCbor, mutated } from './bytes'
import { fit, hostile } from './parser'
import { type Haul, haul, type OpenRow, openOn, resealed } from './world'

let here: Haul
beforeAll(async () => {
  await ready()
  here = await haul()
})
const rowsOf = (...kinds: string[]) => here.rows.filter(({ kind }) => kinds.includes(kind))
const later = <T>(input: () => fc.Arbitrary<T>): fc.Arbitrary<T> => fc.constant(0).chain(input)

/** Does what an app does with a vault, and stops at the first error. */
async function lookedAt(medium: Haul['medium']): Promise<void> {
  const vault = await openOn({ medium, clock: here.world.clock })
  try {
    for (const purpose of ['times', 'chat', 'call'] as const) {
      const door = vault.for(purpose)
      const { people } = await door.list()
      for (const { id } of people) {
        await door.get(id)
        await door.reveal(id)
      }
      await door.find({ phone: '07700 900101' })
    }
    for (const id of here.world.ids) await vault.consents(id)
    for await (const _ of vault.ledger.entries()) fit(true, '')
    await vault.examine()
    await vault.expiring('P400D')
    await vault.quarantine.list()
  } finally {
    await vault.lock()
  }
}

/** Opens a copy of the vault in which this row holds something else. */
async function withRow([row, plain]: [OpenRow, Uint8Array]): Promise<void> {
  const medium = here.medium.clone()
  medium.damageRow(row.table, row.id, resealed(here, row, plain))
  await lookedAt(medium)
}

/** These rows, each with a plaintext that somebody made of theirs. */
const rewritten = (rows: () => readonly OpenRow[], make: (plain: Uint8Array) => fc.Arbitrary<Uint8Array>) =>
  later(() => fc.constantFrom(...rows()).chain(row => fc.tuple(fc.constant(row), make(row.plain))))

const cbor = (plain: Uint8Array) => hostileCbor([decode(plain.slice())])

test('the vault as it is can be looked at', () => lookedAt(here.medium.clone()))

describe('whoever has the keys rewrites', () => {
  hostile('the policy', {
    input: rewritten(() => rowsOf('policy'), cbor),
    runs: 60,
    refuses: vaultError(),
    read: withRow,
  })
  hostile('the catalogue', {
    input: rewritten(() => rowsOf('catalogue'), cbor),
    runs: 60,
    refuses: vaultError(),
    read: withRow,
  })
  hostile('a record in a page', {
    input: rewritten(
      () => rowsOf('pages'),
      page => {
        const records = decodePage(page).map(record => record.slice())
        return fc
          .nat(records.length - 1)
          .chain(at =>
            hostileCbor([decode(records[at] as Uint8Array)]).map(changed => [
              ...records.slice(0, at),
              changed,
              ...records.slice(at + 1),
            ]),
          )
          .map(all => (all.reduce((sum, each) => sum + each.length, 0) > 58_000 ? page : encodePage(all)))
      },
    ),
    runs: 150,
    refuses: vaultError(),
    read: withRow,
  })
  hostile('bytes of a page, a head, a chunk, or fingerprints', {
    input: rewritten(
      () => rowsOf('pages', 'heads', 'ring', 'left', 'quarantined'),
      plain => mutated([plain]),
    ),
    runs: 100,
    refuses: vaultError(),
    read: withRow,
  })
  hostile('the ledger', {
    input: rewritten(
      () => rowsOf('ledger'),
      plain => fc.oneof(cbor(plain), mutated([plain])),
    ),
    runs: 50,
    refuses: vaultError(),
    read: withRow,
  })
  hostile('who was in an export', {
    input: rewritten(() => rowsOf('exports'), cbor),
    runs: 30,
    refuses: vaultError(),
    read: async given => {
      const medium = here.medium.clone()
      const [row, plain] = given
      medium.damageRow(row.table, row.id, resealed(here, row, plain))
      const vault = await openOn({ medium, clock: here.world.clock })
      try {
        const id = Buffer.from((decode(row.plain.slice()) as { x: Uint8Array }).x).toString('hex')
        await vault.for('times').deliver({ recipient: 'gateway', to: async () => undefined, resume: id } as never)
      } finally {
        await vault.lock()
      }
    },
  })
  hostile('the ring root', {
    input: later(() => {
      const { ringRoot } = plainRoot()
      return hostileCbor([decode(ringRoot)])
    }),
    runs: 100,
    refuses: vaultError(),
    read: async plain => {
      const medium = here.medium.clone()
      const store = memoryStore({ medium })
      await store.open()
      const root = await store.root()
      await store.commit({ expect: root?.version ?? 0, root: sealedRoot(plain), put: [], drop: [] })
      await store.close()
      await lookedAt(medium)
    },
  })
})

/** The ring root as it is written, from the keys of the open vault. */
function plainRoot(): { ringRoot: Uint8Array; key: ReturnType<typeof derive> } {
  const { opened } = here
  const { epoch } = opened.clear
  const secret = (opened.epochSecret as NonNullable<typeof opened.epochSecret>).expose()
  const key = derive<'ring-root'>('amanat/ring-root/1', opened.rootKey, secret, u64(epoch))
  return { ringRoot: openWith(key), key }
}

function openWith(key: ReturnType<typeof derive>): Uint8Array {
  return openSealed(key, here.opened.clear.sealed, rootHeader(here.opened.clear))
}

function sealedRoot(plain: Uint8Array): Uint8Array {
  const { clear } = here.opened
  const { key } = plainRoot()
  return encodeRoot({ ...clear, sealed: seal(key, plain, rootHeader(clear), systemRandomness) })
}
