/**
 * What each way of unlocking brings into its slot, with a stand-in for Argon2id that takes no time and says what it was
 * given. `slot.test.ts` has the real one, and the bytes as the format describes them.
 */
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { createRecoveryCode, createSlot, openSlot, passphrase, ready, recoveryCode, rewrapSlot, Secret } from '../src'
import { hash } from '../src/derive'
import { slotKeyPair } from '../src/slot/key-pair'
import { blankSlot, slotParts } from '../src/slot/layout'
import { type Sodium, sodium } from '../src/sodium'
import { Unlock } from '../src/unlock/unlock'
import { seeded, text } from './bytes'

const asked = vi.hoisted(() => [] as { passphrase: string; salt: Uint8Array; cost: object; whole: Uint8Array }[])
vi.mock('../src/argon2', async original => ({
  ...(await original<typeof import('../src/argon2')>()),
  argon2id: async (passphrase: Uint8Array, salt: Uint8Array, cost: object) => {
    asked.push({ passphrase: new TextDecoder().decode(passphrase), salt: salt.slice(), cost, whole: passphrase })
    const { Secret: Made } = await import('../src/secret')
    const { hash: hashed } = await import('../src/derive')
    const stretched = hashed('amanat/test/1', passphrase, salt)
    // As the real one leaves it.
    passphrase.fill(0)
    return Made.of<'unlock'>(stretched)
  },
}))

beforeAll(() => ready())
beforeEach(() => {
  asked.length = 0
})

const vaultId = new Uint8Array(16).fill(7)
const rootKey = () => Secret.of<'root-key'>(new Uint8Array(32).fill(9))
const made = (unlock: Unlock) => createSlot({ vaultId, rootKey: rootKey(), unlock, randomness: seeded(1) })
const cannotOpen = { code: 'CANNOT_OPEN' }

describe('a slot of a passphrase', () => {
  it('is made and opened at the cost that stands in it, with its own salt', async () => {
    const { slot } = await made(passphrase('open, please', { memory: 70_000, passes: 2 }))
    expect(slotParts(slot)).toMatchObject({ kind: 'passphrase', params: { memory: 70_000, passes: 2 } })
    expect((await openSlot({ slot, vaultId, unlock: passphrase('open, please') })).expose()).toEqual(rootKey().expose())
    const { salt } = slotParts(slot)
    expect(new Set(salt).size).toBeGreaterThan(8)
    expect(asked.map(({ whole, ...rest }) => rest)).toEqual([
      { passphrase: 'open, please', salt, cost: { memory: 70_000, passes: 2 } },
      { passphrase: 'open, please', salt, cost: { memory: 70_000, passes: 2 } },
    ])
    await expect(openSlot({ slot, vaultId, unlock: passphrase('open, pleasf') })).rejects.toMatchObject(cannotOpen)
  })

  it('opens with the same words for each of several, though deriving empties what it is given', async () => {
    const one = await made(passphrase('open, please'))
    const again = rewrapSlot({ ...one, vaultId, rootKey: rootKey(), randomness: seeded(2) })
    const { openAnySlot } = await import('../src')
    const damaged = again.with(1251, (again[1251] as number) ^ 1)
    const opened = await openAnySlot({ slots: [damaged, again], vaultId, unlock: passphrase('open, please') })
    expect(opened.index).toBe(1)
    expect(asked.map(each => each.passphrase)).toEqual(['open, please', 'open, please', 'open, please'])
  })

  it('has a seed that binds its parameters', async () => {
    const params = { memory: 65_536, passes: 1 }
    const parts = slotParts(blankSlot({ kind: 'passphrase', params, salt: new Uint8Array(16) }))
    const keys = [parts, { ...parts, head: parts.head.with(2, 2) }].map(each =>
      slotKeyPair('passphrase', text('open, please'), each),
    )
    const [one, other] = await Promise.all(keys)
    expect(one?.publicKey).not.toEqual(other?.publicKey)
    expect(one?.privateKey.expose()).not.toEqual(other?.privateKey.expose())
  })

  it('without parameters is a mistake of the program', async () => {
    const parts = { head: new Uint8Array(24), salt: new Uint8Array(16) }
    await expect(slotKeyPair('passphrase', text('open, please'), parts)).rejects.toThrow(
      new TypeError('A passphrase slot has parameters.'),
    )
    expect(asked).toEqual([])
  })
})

describe('a slot of a recovery code', () => {
  it('opens with that code and no other, and stretches nothing', async () => {
    const code = createRecoveryCode(seeded(4))
    const { slot } = await made(recoveryCode(code))
    expect(slotParts(slot)).toMatchObject({ kind: 'recovery-code' })
    expect(slotParts(slot).params).toBeUndefined()
    expect((await openSlot({ slot, vaultId, unlock: recoveryCode(code) })).expose()).toEqual(rootKey().expose())
    const other = recoveryCode(createRecoveryCode(seeded(5)))
    await expect(openSlot({ slot, vaultId, unlock: other })).rejects.toMatchObject(cannotOpen)
    expect(asked).toEqual([])
  })

  it('has the key pair of a key that is the hash of its symbols', async () => {
    const head = new Uint8Array(24).fill(3)
    const salt = new Uint8Array(16)
    const symbols = text('0123456789ABCDEFGHJKMNPQRSTVWXYZ01')
    const key = hash('amanat/recovery-code/1', symbols)
    const [ofCode, ofKey] = await Promise.all([
      slotKeyPair('recovery-code', symbols, { head, salt }),
      slotKeyPair('secret-key', key, { head, salt }),
    ])
    expect(ofCode.publicKey).toEqual(ofKey.publicKey)
    expect(ofCode.privateKey.expose()).toEqual(ofKey.privateKey.expose())
    expect(symbols).toEqual(text('0123456789ABCDEFGHJKMNPQRSTVWXYZ01'))
  })
})

it('what is drawn and derived on the way is wiped, whether the slot opened or not (R19)', async () => {
  const lent: Uint8Array[] = []
  const lending = (byte: number) =>
    new Unlock('secret-key', async () => {
      const material = new Uint8Array(32).fill(byte)
      lent.push(material)
      return material
    })
  const drawn: Uint8Array[] = []
  const randomness = (length: number) => {
    const bytes = new Uint8Array(length).fill(drawn.length + 1)
    drawn.push(bytes)
    return bytes
  }
  // Whatever goes into libsodium and is secret, or comes out of it.
  const given: Uint8Array[] = []
  const through = <T extends unknown[]>(name: keyof Sodium, secrets: (result: never, ...args: T) => Uint8Array[]) => {
    const all = sodium() as unknown as Record<string, (...args: T) => unknown>
    const real = all[name] as (...args: T) => unknown
    return vi.spyOn(all, name).mockImplementation((...args) => {
      const result = real(...args)
      given.push(...secrets(result as never, ...args))
      return result
    })
  }
  const spied = [
    through('crypto_kem_xwing_seed_keypair', (pair: { privateKey: Uint8Array }, seed: Uint8Array) => [
      seed,
      pair.privateKey,
    ]),
    through('crypto_kem_xwing_enc_deterministic', (made: { sharedSecret: Uint8Array }) => [made.sharedSecret]),
    through('crypto_kem_xwing_dec', (shared: Uint8Array, _: Uint8Array, key: Uint8Array) => [key, shared]),
    through('crypto_generichash', (derived: Uint8Array, _: number, message: Uint8Array) => [message, derived]),
    through('crypto_aead_xchacha20poly1305_ietf_decrypt', (plain: Uint8Array) => [plain]),
  ]
  const secrets = vi.spyOn(Secret, 'of')
  try {
    const { slot } = await createSlot({ vaultId, rootKey: rootKey(), unlock: lending(1), randomness })
    await openSlot({ slot, vaultId, unlock: lending(1) })
    await expect(openSlot({ slot, vaultId, unlock: lending(2) })).rejects.toMatchObject(cannotOpen)
  } finally {
    for (const spy of spied) spy.mockRestore()
  }
  const kept = secrets.mock.results.filter(({ value }) => !isWiped(value as Secret<string>))
  secrets.mockRestore()
  const zeros = (arrays: readonly Uint8Array[]) => arrays.map(array => array.every(byte => byte === 0))
  expect(zeros(lent)).toEqual([true, true, true])
  // Salt, the seed of the encapsulation, the nonce of the seal: the first and the last stand in the slot.
  expect(drawn.map(array => array.length)).toEqual([16, 64, 24])
  expect(zeros(drawn)[1]).toBe(true)
  expect(given).toHaveLength(2 * 3 + 1 + 2 * 2 + 2 * 9 + 1)
  expect(zeros(given)).toEqual(given.map(() => true))
  // The root key that was wrapped, the one that was opened, and three commitments, which are public.
  expect(kept).toHaveLength(5)
})

function isWiped(secret: Secret<string>): boolean {
  try {
    secret.expose()
    return false
  } catch {
    return true
  }
}
