/**
 * Slots byte by byte, with a key as the way to unlock, which costs nothing: what stands where, which bytes are refused
 * before anything is derived, and that every byte of a slot and of the vault's id is bound. Passphrases: `slot.test.ts`.
 */
import { beforeAll, describe, expect, it } from 'vitest'
import {
  createSlot,
  openAnySlot,
  openSlot,
  readSlot,
  ready,
  rewrapSlot,
  Secret,
  seal,
  secretKey,
  systemRandomness,
} from '../src'
import { concat } from '../src/bytes'
import { wrappingKeys } from '../src/slot/create'
import { blankSlot, SLOT_LENGTH, slotParts } from '../src/slot/layout'
import { sodium } from '../src/sodium'

beforeAll(() => ready())

const vaultId = new Uint8Array(16).fill(7)
const rootKey = () => Secret.of<'root-key'>(new Uint8Array(32).fill(9))
const keyOf = (byte: number) => secretKey(new Uint8Array(32).fill(byte))
const made = (unlock = keyOf(1)) => createSlot({ vaultId, rootKey: rootKey(), unlock, randomness: systemRandomness })
const shown = (secret: Secret<string>) => Buffer.from(secret.expose()).toString('hex')
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
const malformed = expect.objectContaining({
  code: 'SLOT_MALFORMED',
  message: 'These bytes are no slot of format 1, or its parameters are out of bounds.',
})
const cannotOpen = { code: 'CANNOT_OPEN' }

describe('the bytes of a slot', () => {
  it('stand where the table says, for each kind', () => {
    const salt = Uint8Array.from({ length: 16 }, (_, i) => i + 1)
    const params = { passes: 3, memory: 65_536 }
    const kinds = [
      ['passphrase', params, [3, 0, 0, 0, 1, 0]],
      ['secret-key', undefined, [0, 0, 0, 0, 0, 0]],
      ['recovery-code', undefined, [0, 0, 0, 0, 0, 0]],
    ] as const
    expect(SLOT_LENGTH).toBe(1252)
    for (const [i, [kind, cost, written]] of kinds.entries()) {
      const slot = blankSlot({ kind, ...(cost && { params: cost }), salt })
      expect([...slot.subarray(0, 28)]).toEqual([0x41, 0x4d, 0x53, 0x4c, 1, i + 1, ...written, ...salt])
      expect(slot.subarray(28).every(byte => byte === 0)).toBe(true)
      expect(slot).toHaveLength(1252)
      const { kind: read, params: readCost, ...parts } = slotParts(slot)
      expect([read, readCost]).toEqual([kind, cost])
      expect(readSlot(slot)).toStrictEqual(cost ? { kind, params: cost } : { kind })
      const lies = Object.entries(parts).map(([name, part]) => [name, part.byteOffset, part.length])
      expect(lies).toEqual([
        ['salt', 12, 16],
        ['head', 4, 24],
        ['ciphertext', 28, 1120],
        ['encapsulated', 0, 1148],
        ['commitment', 1148, 32],
        ['clear', 0, 1180],
        ['sealed', 1180, 72],
      ])
    }
  })

  it('are refused with another length, magic, format, kind or parameters, and where they lie makes no difference', () => {
    const salt = new Uint8Array(16)
    const key = blankSlot({ kind: 'secret-key', salt })
    const long = new Uint8Array(1260)
    long.set(key, 5)
    expect(readSlot(long.subarray(5, 1257))).toEqual({ kind: 'secret-key' })
    const wrong = [
      key.subarray(0, 1251),
      new Uint8Array([...key, 0]),
      new Uint8Array(),
      ...[0, 1, 2, 3].map(at => key.with(at, 0x21)),
      ...[0, 2].map(format => key.with(4, format)),
      ...[0, 4, 255].map(kind => key.with(5, kind)),
      ...[6, 7, 8, 9, 10, 11].map(at => key.with(at, 1)),
      key.with(5, 3).with(6, 1),
      // A passphrase needs its cost, and one within bounds.
      key.with(5, 1),
      blankSlot({ kind: 'passphrase', params: { passes: 3, memory: 65_536 }, salt }).with(11, 255),
    ]
    for (const slot of wrong) {
      expect(() => slotParts(slot), hex(slot.subarray(0, 12))).toThrow(malformed)
      expect(() => readSlot(slot)).toThrow(malformed)
    }
    expect(() => slotParts('slot' as never)).toThrow(TypeError)
  })
})

describe('a slot', () => {
  it('opens for its vault and its key, and not with any one byte of it changed', async () => {
    const { slot } = await made()
    expect(shown(await openSlot({ slot, vaultId, unlock: keyOf(1) }))).toBe(shown(rootKey()))
    const open = (change: object) => openSlot({ slot, vaultId, unlock: keyOf(1), ...change })
    await expect(open({ vaultId: vaultId.with(15, 8) })).rejects.toMatchObject(cannotOpen)
    await expect(open({ unlock: keyOf(2) })).rejects.toMatchObject(cannotOpen)
    const places = [...Array(28).keys(), 28, 700, 1147, 1148, 1179, 1180, 1204, 1235, 1236, 1251]
    for (const at of places) {
      await expect(open({ slot: slot.with(at, (slot[at] as number) ^ 1) }), `byte ${at}`).rejects.toMatchObject(
        cannotOpen,
      )
    }
  })

  it('is found among others, whatever they are, and the first that opens counts', async () => {
    const [one, two, again] = [(await made(keyOf(1))).slot, (await made(keyOf(2))).slot, (await made(keyOf(1))).slot]
    const rubbish = new Uint8Array(9)
    const open = (slots: Uint8Array[]) => openAnySlot({ slots, vaultId, unlock: keyOf(1) })
    expect((await open([rubbish, two, one, again])).index).toBe(2)
    expect((await open([again, one])).index).toBe(0)
    // Damaged, with its commitment still right: it keeps nobody from the next one.
    expect((await open([one.with(1251, (one[1251] as number) ^ 1), one])).index).toBe(1)
    await expect(open([rubbish, two])).rejects.toMatchObject(cannotOpen)
    await expect(open([])).rejects.toMatchObject(cannotOpen)
    for (const wrong of [{ slots: ['x'] }, { vaultId: new Uint8Array(15) }, { unlock: {} }]) {
      const asked = openAnySlot({ slots: [one], vaultId, unlock: keyOf(1), ...wrong } as never)
      await expect(asked).rejects.toThrow(TypeError)
    }
  })

  it('whose commitment is another one does not open, though everything else in it fits', async () => {
    const { slot, publicKey } = await made()
    const crafted = (commit: (right: Uint8Array) => Uint8Array) => {
      const copy = slot.slice()
      const parts = slotParts(copy)
      const seed = systemRandomness(64)
      const { ciphertext, sharedSecret } = sodium().crypto_kem_xwing_enc_deterministic(publicKey, seed)
      parts.ciphertext.set(ciphertext)
      const { commitment, key } = wrappingKeys(Secret.of<'kem'>(sharedSecret), parts.encapsulated, vaultId)
      parts.commitment.set(commit(commitment))
      parts.sealed.set(seal(key, rootKey().expose(), concat(parts.clear, vaultId), systemRandomness))
      return copy
    }
    const open = (made: Uint8Array) => openSlot({ slot: made, vaultId, unlock: keyOf(1) })
    expect(shown(await open(crafted(right => right)))).toBe(shown(rootKey()))
    for (const wrong of [(right: Uint8Array) => right.with(31, (right[31] as number) ^ 1), () => new Uint8Array(32)]) {
      await expect(open(crafted(wrong))).rejects.toMatchObject(cannotOpen)
    }
  })

  it('with a point of low order in its ciphertext does not open', async () => {
    const { slot } = await made()
    const low = slot.slice()
    low.fill(0, 1148 - 32, 1148)
    await expect(openSlot({ slot: low, vaultId, unlock: keyOf(1) })).rejects.toMatchObject(cannotOpen)
  })

  it('asks its unlock for nothing where none of its kind is, and once where several are', async () => {
    let asked = 0
    const unlock = secretKey(async () => {
      asked++
      return new Uint8Array(32).fill(1)
    })
    const code = blankSlot({ kind: 'recovery-code', salt: new Uint8Array(16) })
    await expect(openAnySlot({ slots: [code, new Uint8Array(3)], vaultId, unlock })).rejects.toMatchObject(cannotOpen)
    expect(asked).toBe(0)
    const { slot } = await made()
    expect((await openAnySlot({ slots: [code, slot, slot], vaultId, unlock })).index).toBe(1)
    expect(asked).toBe(1)
  })

  it('is wrapped anew by its public key alone, for the same key and another root key', async () => {
    const { slot, publicKey } = await made()
    expect(publicKey).toHaveLength(1216)
    const before = slot.slice()
    const next = Secret.of<'root-key'>(new Uint8Array(32).fill(5))
    const wrapped = rewrapSlot({ slot, publicKey, vaultId, rootKey: next, randomness: systemRandomness })
    expect(hex(slot)).toBe(hex(before))
    expect(hex(wrapped.subarray(0, 28))).toBe(hex(slot.subarray(0, 28)))
    expect(hex(wrapped.subarray(28, 60))).not.toBe(hex(slot.subarray(28, 60)))
    expect(shown(await openSlot({ slot: wrapped, vaultId, unlock: keyOf(1) }))).toBe(shown(next))
    const rewrap = (change: object) =>
      rewrapSlot({ slot, publicKey, vaultId, rootKey: next, randomness: systemRandomness, ...change })
    expect(() => rewrap({ publicKey: publicKey.subarray(1) })).toThrow(TypeError)
    expect(() => rewrap({ vaultId: new Uint8Array(17) })).toThrow(TypeError)
    expect(() => rewrap({ slot: slot.with(0, 0) })).toThrow(malformed)
    for (const wrong of [{ vaultId: new Uint8Array(17) }, { unlock: 'key' }]) {
      const asked = createSlot({
        vaultId,
        rootKey: next,
        unlock: keyOf(1),
        randomness: systemRandomness,
        ...wrong,
      } as never)
      await expect(asked).rejects.toThrow(TypeError)
    }
  })
})
