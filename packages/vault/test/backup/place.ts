/** Taking a backup of a vault in memory, and restoring it somewhere. The world is the oracle's: every detail of its people is a word that stands nowhere else. */
import { type MemoryMedium, type MemoryStoreOptions, memoryStore } from '@amanat/store-contract/memory'
import { openVault, type Restored, type RestoreOptions, restoreVault } from '../../src/index'
import { type FakeClock, testKey } from '../../src/testing'
import { actor, marksOf, PEOPLE, policy, type TestVault } from '../protocol/world'

export const bytesOf = async (file: ReadableStream<Uint8Array>): Promise<Uint8Array> =>
  new Uint8Array(await new Response(file as never).arrayBuffer())

export const backupOf = async (vault: TestVault): Promise<Uint8Array> => bytesOf((await vault.backup()).file)

/** In chunks of a size that fits nothing. */
export async function* chunked(bytes: Uint8Array, size = 10_007): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

export interface To extends Partial<RestoreOptions> {
  readonly medium: MemoryMedium
  readonly clock: FakeClock
  readonly onStep?: MemoryStoreOptions['onStep']
}

export function restoreTo(bytes: Uint8Array, { medium, clock, onStep, ...more }: To): Promise<Restored> {
  return restoreVault({
    store: memoryStore({ medium, timeoutMs: 2_000, ...(onStep ? { onStep } : {}) }),
    from: chunked(bytes),
    backupUnlock: testKey(),
    unlock: testKey(),
    actor: 'staff:omid',
    clock,
    ...more,
  })
}

export const openAt = async (medium: MemoryMedium, clock: FakeClock, key = 1): Promise<TestVault> =>
  (await openVault({ store: memoryStore({ medium }), unlock: testKey(key), policy, actor, clock })) as TestVault

export async function undatedIn(medium: MemoryMedium) {
  const store = memoryStore({ medium })
  await store.open()
  const rows = []
  for await (const row of store.scan('undated')) rows.push(row)
  return rows
}

/** Everything that the vault shows of these people. */
export async function shown(vault: TestVault, ids: readonly string[]) {
  const all = []
  for (const id of ids) {
    const consents = await vault.consents(id).catch(() => undefined)
    const cards = []
    for (const purpose of ['times', 'chat', 'call'] as const) {
      cards.push(
        (
          await vault
            .for(purpose)
            .reveal(id)
            .catch(() => undefined)
        )?.card,
      )
    }
    all.push({ id, consents, cards })
  }
  return all
}

/** Every mark of a person that the vault was given. */
export function marksIn(number: number): string[] {
  const { name, phone, email, note, photo, ref, evidence } = marksOf(number)
  const purposes = PEOPLE[number] ?? []
  return [
    name,
    phone,
    ref,
    ...(purposes.includes('chat') ? [email] : []),
    ...(purposes.includes('chat') || purposes.includes('call') ? [note] : []),
    ...(purposes.includes('call') ? [photo] : []),
    ...purposes.map(purpose => `${purpose}-${evidence}`),
  ]
}

export const everybody = (): string[] => PEOPLE.flatMap((_, number) => marksIn(number))
