import { blake2b } from '@noble/hashes/blake2.js'
import fc from 'fast-check'
import libsodium from 'libsodium-wrappers'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { argon2id } from '../src/argon2'
import {
  createRecoveryCode,
  createSlot,
  openAnySlot,
  openSlot,
  passphrase,
  readSlot,
  ready,
  recoveryCode,
  rewrapSlot,
  Secret,
  secretKey,
  sha256,
  systemRandomness,
} from '../src/index'
import { Unlock } from '../src/unlock/unlock'
import { codeOf, codeOfLater, flipped, hex, seeded, text } from './bytes'

beforeAll(ready)

const randomness = systemRandomness
const vaultId = Uint8Array.from({ length: 16 }, (_, i) => i)
const cheap = { memory: 65_536, passes: 1 }
const newRoot = () => Secret.random<'root-key'>(randomness)
const key = (n: number) => secretKey(new Uint8Array(32).fill(n))
const create = (unlock: Unlock, rootKey = newRoot()) => createSlot({ vaultId, rootKey, unlock, randomness })

describe('a slot', () => {
  const code = createRecoveryCode(seeded(4))
  test.each([
    ['passphrase', () => passphrase('open, please', cheap), () => passphrase('open, pleasd')],
    ['secret-key', () => key(1), () => key(2)],
    ['recovery-code', () => recoveryCode(code), () => recoveryCode(createRecoveryCode(seeded(5)))],
  ])('opens with its %s and with no other', async (kind, unlock, wrong) => {
    const rootKey = newRoot()
    const { slot, publicKey } = await create(unlock(), rootKey)
    expect([slot.length, publicKey.length]).toEqual([1252, 1216])
    expect(readSlot(slot).kind).toBe(kind)
    expect((await openSlot({ slot, vaultId, unlock: unlock() })).expose()).toEqual(rootKey.expose())
    expect(await codeOfLater(openSlot({ slot, vaultId, unlock: wrong() }))).toBe('CANNOT_OPEN')
  })

  test('opens at the cost that stands in it, whatever the opener would pay for a new one', async () => {
    const { slot } = await create(passphrase('open, please', { memory: 70_000, passes: 2 }))
    expect(readSlot(slot)).toEqual({ kind: 'passphrase', params: { memory: 70_000, passes: 2 } })
    expect(await openSlot({ slot, vaultId, unlock: passphrase('open, please') })).toBeInstanceOf(Secret)
  })

  test('costs 128 MiB and three passes unless said otherwise', async () => {
    const { slot } = await create(passphrase('open, please'))
    expect(readSlot(slot).params).toEqual({ memory: 131_072, passes: 3 })
  })

  test('opens for its own vault only', async () => {
    const { slot } = await create(key(1))
    expect(await codeOfLater(openSlot({ slot, vaultId: flipped(vaultId, 15), unlock: key(1) }))).toBe('CANNOT_OPEN')
  })

  test('with any byte changed cannot be opened', async () => {
    const { slot } = await create(key(1))
    expect(await codeOfLater(openSlot({ slot, vaultId, unlock: key(1) }))).toBeUndefined()
    for (let at = 0; at < slot.length; at++) {
      const changed = flipped(slot, at, at % 8)
      expect([at, await codeOfLater(openSlot({ slot: changed, vaultId, unlock: key(1) }))]).toEqual([at, 'CANNOT_OPEN'])
    }
  })

  test('cut anywhere or with a byte more cannot be opened', async () => {
    const { slot } = await create(key(1))
    for (let length = 0; length < slot.length; length++) {
      const cut = slot.subarray(0, length)
      expect(await codeOfLater(openSlot({ slot: cut, vaultId, unlock: key(1) }))).toBe('CANNOT_OPEN')
    }
    const longer = Uint8Array.of(...slot, 0)
    expect(await codeOfLater(openSlot({ slot: longer, vaultId, unlock: key(1) }))).toBe('CANNOT_OPEN')
  })

  test('of a passphrase with its clear part changed cannot be opened', async () => {
    const { slot } = await create(passphrase('open, please', cheap))
    // Magic, format, kind, passes (1 to 3), the lowest bit of memory, salt, ciphertext, commitment, sealed key.
    for (const [at, bit] of [
      [0, 0],
      [4, 1],
      [5, 1],
      [6, 1],
      [8, 0],
      [12, 0],
      [28, 0],
      [1148, 0],
      [1251, 7],
    ] as const) {
      const changed = flipped(slot, at, bit)
      expect(await codeOfLater(openSlot({ slot: changed, vaultId, unlock: passphrase('open, please') }))).toBe(
        'CANNOT_OPEN',
      )
    }
  })

  test('is never the same twice', async () => {
    const rootKey = newRoot()
    const [one, two] = [await create(key(1), rootKey), await create(key(1), rootKey)]
    expect(two.slot).not.toEqual(one.slot)
    expect(two.publicKey).not.toEqual(one.publicKey)
  })

  test('is the same bytes from the same randomness, so that a simulated run can be replayed', async () => {
    const make = async () =>
      createSlot({ vaultId, rootKey: Secret.of(new Uint8Array(32)), unlock: key(1), randomness: seeded(6) })
    expect(await make()).toEqual(await make())
  })

  test('does not change the material of a key that a function lends', async () => {
    const lent = new Uint8Array(32).fill(8)
    await create(secretKey(() => lent))
    expect(lent).toEqual(new Uint8Array(32).fill(8))
  })
})

describe('opening', () => {
  test('refuses malformed slots and other kinds before it asks for anything', async () => {
    const ask = vi.fn(() => 'open, please')
    const { slot } = await create(key(1))
    for (const bad of [slot, new Uint8Array(0), flipped(slot, 5, 1)]) {
      expect(await codeOfLater(openSlot({ slot: bad, vaultId, unlock: passphrase(ask) }))).toBe('CANNOT_OPEN')
    }
    expect(ask).not.toHaveBeenCalled()
  })

  test('passes on what the unlock itself throws', async () => {
    const { slot } = await create(key(1))
    const unlock = secretKey(() => Promise.reject(new Error('The keychain is locked.')))
    await expect(openSlot({ slot, vaultId, unlock })).rejects.toThrow('The keychain is locked.')
  })

  test('says the same words whatever went wrong', async () => {
    const { slot } = await create(key(1))
    const attempts = [
      openSlot({ slot, vaultId, unlock: key(2) }),
      openSlot({ slot: flipped(slot, 1200), vaultId, unlock: key(1) }),
      openSlot({ slot: slot.subarray(1), vaultId, unlock: key(1) }),
      openSlot({ slot, vaultId, unlock: passphrase('open, please') }),
    ]
    const told = await Promise.all(attempts.map(attempt => attempt.catch(error => [error.message, error.cause])))
    expect(new Set(told.map(words => JSON.stringify(words))).size).toBe(1)
  })

  test('any of several slots asks once and says which', async () => {
    const rootKey = newRoot()
    const slots = await Promise.all([key(1), key(2), key(3)].map(async unlock => (await create(unlock, rootKey)).slot))
    const ask = vi.fn(() => new Uint8Array(32).fill(3))
    const opened = await openAnySlot({ slots: [new Uint8Array(9), ...slots], vaultId, unlock: secretKey(ask) })
    expect(opened.index).toBe(3)
    expect(opened.rootKey.expose()).toEqual(rootKey.expose())
    expect(ask).toHaveBeenCalledTimes(1)
    expect(await codeOfLater(openAnySlot({ slots: [], vaultId, unlock: key(1) }))).toBe('CANNOT_OPEN')
  })

  test('takes bytes of exact length, and unlocks made here', async () => {
    const { slot } = await create(key(1))
    const attempts = [
      openSlot({ slot, vaultId: vaultId.subarray(1), unlock: key(1) }),
      openSlot({ slot, vaultId: '0123456789abcdef' as unknown as Uint8Array, unlock: key(1) }),
      openSlot({ slot: hex(slot) as unknown as Uint8Array, vaultId, unlock: key(1) }),
      openSlot({ slot, vaultId, unlock: { kind: 'secret-key' } as unknown as Unlock }),
    ]
    expect(await Promise.all(attempts.map(codeOfLater))).toEqual(Array(4).fill('TypeError'))
  })
})

describe('wrapping anew', () => {
  test('puts another root key into the same slot without its passphrase', async () => {
    const { slot, publicKey } = await create(passphrase('open, please', cheap))
    const before = new Uint8Array(slot)
    const rootKey = newRoot()
    const again = rewrapSlot({ slot, publicKey, vaultId, rootKey, randomness })
    expect(slot).toEqual(before)
    expect(again.subarray(0, 28)).toEqual(slot.subarray(0, 28))
    for (const [from, to] of [
      [28, 1148],
      [1148, 1180],
      [1180, 1252],
    ] as const) {
      expect(again.subarray(from, to)).not.toEqual(slot.subarray(from, to))
    }
    const opened = await openSlot({ slot: again, vaultId, unlock: passphrase('open, please') })
    expect(opened.expose()).toEqual(rootKey.expose())
  })

  test('takes the slot to another vault, as a restored backup needs', async () => {
    const { slot, publicKey } = await create(key(1))
    const other = flipped(vaultId, 0)
    const again = rewrapSlot({ slot, publicKey, vaultId: other, rootKey: newRoot(), randomness })
    expect(await openSlot({ slot: again, vaultId: other, unlock: key(1) })).toBeInstanceOf(Secret)
    expect(await codeOfLater(openSlot({ slot: again, vaultId, unlock: key(1) }))).toBe('CANNOT_OPEN')
  })

  test('refuses what is no slot, and no public key', async () => {
    const { slot, publicKey } = await create(key(1))
    const the = { vaultId, rootKey: newRoot(), randomness }
    expect(codeOf(() => rewrapSlot({ ...the, slot: flipped(slot, 0), publicKey }))).toBe('SLOT_MALFORMED')
    expect(codeOf(() => rewrapSlot({ ...the, slot, publicKey: publicKey.subarray(1) }))).toBe('TypeError')
  })
})

describe('reading a slot', () => {
  const head = (kind: number, passes: number, memory: number) => {
    const slot = new Uint8Array(1252)
    slot.set([0x41, 0x4d, 0x53, 0x4c, 1, kind])
    new DataView(slot.buffer).setUint16(6, passes, true)
    new DataView(slot.buffer).setUint32(8, memory, true)
    return slot
  }

  test.each([
    ['the least cost', head(1, 1, 65_536), undefined],
    ['the most cost', head(1, 16, 1_048_576), undefined],
    ['too little memory', head(1, 3, 65_535), 'SLOT_MALFORMED'],
    ['too much memory', head(1, 3, 1_048_577), 'SLOT_MALFORMED'],
    ['all the memory there is', head(1, 3, 0xffffffff), 'SLOT_MALFORMED'],
    ['no pass', head(1, 0, 65_536), 'SLOT_MALFORMED'],
    ['too many passes', head(1, 17, 65_536), 'SLOT_MALFORMED'],
    ['parameters where there is nothing to stretch', head(2, 1, 65_536), 'SLOT_MALFORMED'],
    ['no kind', head(0, 0, 0), 'SLOT_MALFORMED'],
    ['an unknown kind', head(4, 0, 0), 'SLOT_MALFORMED'],
    ['another magic', flipped(head(2, 0, 0), 3), 'SLOT_MALFORMED'],
    ['another format', flipped(head(2, 0, 0), 4, 1), 'SLOT_MALFORMED'],
    ['a byte missing', head(2, 0, 0).subarray(1), 'SLOT_MALFORMED'],
  ])('with %s: %s', (_, slot, expected) => {
    expect(codeOf(() => readSlot(slot as Uint8Array))).toBe(expected)
  })

  test('of any bytes gives an answer or SLOT_MALFORMED, and opening them CANNOT_OPEN', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 1300 }), async bytes => {
        expect([undefined, 'SLOT_MALFORMED']).toContain(codeOf(() => readSlot(bytes)))
        expect(await codeOfLater(openSlot({ slot: bytes, vaultId, unlock: key(1) }))).toBe('CANNOT_OPEN')
      }),
    )
  })

  test('works in the middle of a larger buffer', async () => {
    const { slot } = await create(key(1))
    const larger = new Uint8Array(2000)
    larger.set(slot, 77)
    const view = larger.subarray(77, 77 + 1252)
    expect(readSlot(view)).toEqual({ kind: 'secret-key' })
    expect(await openSlot({ slot: view, vaultId, unlock: key(1) })).toBeInstanceOf(Secret)
  })
})

describe('the format of a slot', () => {
  // A second implementation from the words of slot/layout.ts, with BLAKE2b from another hand: if both change
  // together, the frozen digests below still say so.
  const le32 = (n: number) => [...new Uint8Array(Uint32Array.of(n).buffer)]
  const frames = (parts: Uint8Array[]) => Uint8Array.from(parts.flatMap(part => [...le32(part.length), ...part]))
  const derived = (label: string, secret: Uint8Array, ...fields: Uint8Array[]) =>
    blake2b(frames([text(label), ...fields]), { dkLen: 32, key: secret })

  async function written(
    kind: number,
    material: Uint8Array,
    cost?: { memory: number; passes: number },
    committed = (commitment: Uint8Array) => commitment,
  ) {
    const source = seeded(7)
    const rootKey = new Uint8Array(32).fill(0xa5)
    const salt = source(16)
    const head = Uint8Array.of(1, kind, cost?.passes ?? 0, 0, ...le32(cost?.memory ?? 0), ...salt)
    const stretched = cost ? (await argon2id(new Uint8Array(material), salt, cost)).expose() : material
    const seed = derived('amanat/slot-seed/1', stretched, head)
    const { publicKey } = libsodium.crypto_kem_xwing_seed_keypair(seed)
    const { ciphertext, sharedSecret } = libsodium.crypto_kem_xwing_enc_deterministic(publicKey, source(64))
    const encapsulated = Uint8Array.of(...text('AMSL'), ...head, ...ciphertext)
    const commitment = committed(derived('amanat/slot-commitment/1', sharedSecret, encapsulated, vaultId))
    const wrap = derived('amanat/slot-wrap/1', sharedSecret, encapsulated, vaultId)
    const clear = Uint8Array.of(...encapsulated, ...commitment)
    const nonce = source(24)
    const aad = Uint8Array.of(...clear, ...vaultId)
    const sealed = libsodium.crypto_aead_xchacha20poly1305_ietf_encrypt(rootKey, aad, null, nonce, wrap)
    return Uint8Array.of(...clear, ...nonce, ...sealed)
  }

  const code = createRecoveryCode(seeded(8))
  test.each([
    [
      'passphrase',
      1,
      passphrase('سلام', cheap),
      text('سلام'),
      cheap,
      '07b53a44747711895e8f8296889d33b191048d1148f624b3da75baa9c539a2cd',
    ],
    [
      'secret key',
      2,
      key(1),
      new Uint8Array(32).fill(1),
      undefined,
      'bcf0598cb85254b6a03f86c9c2bfd59eadd1f97b2096e29fe4e2df94aa49fd77',
    ],
    [
      'recovery code',
      3,
      recoveryCode(code),
      () =>
        blake2b(frames([text('amanat/recovery-code/1'), text(code.replaceAll('-', '').slice(0, 34))]), { dkLen: 32 }),
      undefined,
      '312c7712b9cc2f973730481707adc92fd8e1dc53f73935bbd5a904075db8a46c',
    ],
  ])('for a %s is what its description says, byte for byte', async (_, kind, unlock, material, cost, frozen) => {
    const rootKey = Secret.of<'root-key'>(new Uint8Array(32).fill(0xa5))
    const { slot } = await createSlot({ vaultId, rootKey, unlock, randomness: seeded(7) })
    expect(hex(slot)).toBe(hex(await written(kind, typeof material === 'function' ? material() : material, cost)))
    expect(hex(sha256(slot))).toBe(frozen)
  })

  test('with another commitment cannot be opened, even if the sealed root key was bound to that one', async () => {
    const material = new Uint8Array(32).fill(1)
    const honest = await written(2, material)
    const forged = await written(2, material, undefined, commitment => flipped(commitment, 31))
    expect(await codeOfLater(openSlot({ slot: honest, vaultId, unlock: key(1) }))).toBeUndefined()
    expect(await codeOfLater(openSlot({ slot: forged, vaultId, unlock: key(1) }))).toBe('CANNOT_OPEN')
  })
})

test('the material of an unlock is wiped after each use, whether the slot opened or not', async () => {
  const lent: Uint8Array[] = []
  const lending = (n: number) =>
    new Unlock('secret-key', async () => {
      const material = new Uint8Array(32).fill(n)
      lent.push(material)
      return material
    })
  const { slot } = await create(lending(1))
  await openSlot({ slot, vaultId, unlock: lending(1) })
  expect(await codeOfLater(openSlot({ slot, vaultId, unlock: lending(2) }))).toBe('CANNOT_OPEN')
  expect(lent).toEqual([new Uint8Array(32), new Uint8Array(32), new Uint8Array(32)])
})
