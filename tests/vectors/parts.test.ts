/**
 * The two halves of X-Wing by themselves, X25519 and ML-KEM-768, as the libsodium that we call computes them: answers
 * and refusals that others published. X-Wing as a whole, and everything else we call, is in packages/crypto/test. Whole
 * collections are run where AMANAT_CORPORA names a folder that has them; the few below, everywhere.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { env } from 'node:process'
import { createSlot, openSlot, ready, Secret, sha256, systemRandomness } from '@amanat/crypto'
import { testKey } from '@amanat/vault/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sodium } from '../../packages/crypto/src/sodium'
import { bytes, codeOfLater, hex } from '../../packages/crypto/test/bytes'
import { figures } from '../trust/figures'
import { KEM_KEYS, LOW_ORDER, SHARED } from './published'

let passed = 0
beforeAll(ready)
afterAll(() => figures('vectors', { 'vectors passed': passed }))

/** The answer, or `refused`. */
function answer(attempt: () => Uint8Array): string {
  try {
    return hex(attempt())
  } catch {
    return 'refused'
  }
}

interface Exchange {
  readonly tcId: number
  readonly public: string
  readonly private: string
  readonly shared: string
}
/** X25519 as libsodium has it: the secret, or refused where it would be all zeros. */
const agrees = ({ tcId, public: theirs, private: ours, shared }: Exchange): void => {
  const expected = /^0+$/.test(shared) ? 'refused' : shared
  expect([tcId, answer(() => sodium().crypto_scalarmult(bytes(ours), bytes(theirs)))]).toEqual([tcId, expected])
  passed++
}

describe('X25519', () => {
  test.each(SHARED)('gives the published secret (Wycheproof $tcId)', agrees)
  test.each(LOW_ORDER)('refuses a point of low order, whose secret anybody knows (Wycheproof $tcId)', agrees)
})

describe('ML-KEM-768', () => {
  test.each(KEM_KEYS)('makes the published key of its seed (Wycheproof $tcId)', ({ seed, ek }) => {
    const { publicKey } = sodium().crypto_kem_mlkem768_seed_keypair(bytes(seed))
    expect(hex(sha256(publicKey))).toBe(ek)
    passed++
  })

  test('answers a changed ciphertext with another secret, always the same (FIPS 203, 6.3)', () => {
    const { publicKey, privateKey } = sodium().crypto_kem_mlkem768_seed_keypair(new Uint8Array(64).fill(1))
    const { ciphertext, sharedSecret } = sodium().crypto_kem_mlkem768_enc_deterministic(
      publicKey,
      new Uint8Array(32).fill(2),
    )
    expect(sodium().crypto_kem_mlkem768_dec(ciphertext, privateKey)).toEqual(sharedSecret)
    const changed = ciphertext.map((byte, i) => (i === 700 ? byte ^ 1 : byte))
    const implicit = sodium().crypto_kem_mlkem768_dec(changed, privateKey)
    expect(implicit).not.toEqual(sharedSecret)
    expect(sodium().crypto_kem_mlkem768_dec(changed, privateKey)).toEqual(implicit)
    passed++
  })

  test.each([0, 1, 1183, 1185, 2368])('takes no key of %i bytes', length => {
    expect(answer(() => sodium().crypto_kem_mlkem768_enc(new Uint8Array(length)).ciphertext)).toBe('refused')
    passed++
  })
})

describe('a slot', () => {
  test.each(LOW_ORDER)('whose X25519 part is a point of low order does not open (Wycheproof $tcId)', async point => {
    const vaultId = new Uint8Array(16)
    const rootKey = Secret.of<'root-key'>(new Uint8Array(32).fill(5))
    const { slot } = await createSlot({ vaultId, rootKey, unlock: testKey(), randomness: systemRandomness })
    // X-Wing's ciphertext stands at 28: 1088 bytes of ML-KEM, then the 32 of X25519.
    slot.set(bytes(point.public), 28 + 1088)
    expect(await codeOfLater(openSlot({ slot, vaultId, unlock: testKey() }))).toBe('CANNOT_OPEN')
    passed++
  })
})

const folder = join(env.AMANAT_CORPORA ?? '', 'crypto', 'wycheproof')
const has = env.AMANAT_CORPORA !== undefined && existsSync(folder)
const casesOf = <T>(file: string): T[] =>
  JSON.parse(readFileSync(join(folder, file), 'utf8')).testGroups.flatMap((group: { tests: T[] }) => group.tests)

describe.skipIf(!has)('whole collections, from the folder that AMANAT_CORPORA names (skipped when unset)', () => {
  test('Wycheproof on X25519', () => {
    const cases = casesOf<Exchange>('x25519_test.json')
    expect(cases.length).toBeGreaterThan(500)
    for (const each of cases) agrees(each)
  })

  test('Wycheproof on keys of ML-KEM-768 from seeds', () => {
    const cases = casesOf<{ tcId: number; seed: string; ek: string; dk: string }>('mlkem_768_keygen_seed_test.json')
    expect(cases.length).toBe(100)
    for (const { tcId, seed, ek, dk } of cases) {
      const { publicKey, privateKey } = sodium().crypto_kem_mlkem768_seed_keypair(bytes(seed))
      expect([tcId, hex(publicKey), hex(privateKey)]).toEqual([tcId, ek, dk])
      passed++
    }
  })

  test('Wycheproof on opening with ML-KEM-768', () => {
    type Case = { tcId: number; seed: string; c: string; K: string; result: string }
    const cases = casesOf<Case>('mlkem_768_test.json')
    expect(cases.length).toBeGreaterThan(190)
    for (const { tcId, seed, c, K, result } of cases) {
      const given = answer(() =>
        sodium().crypto_kem_mlkem768_dec(bytes(c), sodium().crypto_kem_mlkem768_seed_keypair(bytes(seed)).privateKey),
      )
      expect([tcId, given]).toEqual([tcId, result === 'valid' ? K : 'refused'])
      passed++
    }
  })

  test('Wycheproof on sealing with ML-KEM-768', () => {
    type Case = { tcId: number; m: string; ek: string; c: string; K: string; result: string }
    const cases = casesOf<Case>('mlkem_768_encaps_test.json')
    expect(cases.length).toBeGreaterThan(260)
    for (const { tcId, m, ek, c, K, result } of cases) {
      const given = answer(() => {
        const { ciphertext, sharedSecret } = sodium().crypto_kem_mlkem768_enc_deterministic(bytes(ek), bytes(m))
        return new Uint8Array([...ciphertext, ...sharedSecret])
      })
      expect([tcId, given]).toEqual([tcId, result === 'valid' ? c + K : 'refused'])
      passed++
    }
  })
})
