/**
 * Whole collections of vectors written by others, where somebody has them: AMANAT_CORPORA names a folder with
 *
 *     crypto/wycheproof/xchacha20_poly1305_test.json   C2SP/wycheproof, testvectors_v1
 *     crypto/blake2/blake2-python.json                 paulmillr/noble-hashes, test/vectors
 *     crypto/xwing/test-vectors.json                   dconnolly/draft-connolly-cfrg-xwing-kem, spec
 *     crypto/argon2/cases.json                         {"libsodium": {"table": [{"password", "encoded", "verifies"}]}},
 *                                                      from libsodium's test/default/pwhash_argon2id.c
 *
 * Without it these tests are skipped; vectors.test.ts has a handful of each.
 */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import libsodium from 'libsodium-wrappers'
import { beforeAll, describe, expect, test } from 'vitest'
import { argon2id } from '../src/argon2'
import { openSealed, ready, Secret, seal } from '../src/index'
import { bytes, codeOf, hex, text } from './bytes'

const folder = process.env.AMANAT_CORPORA
const read = (path: string) => JSON.parse(readFileSync(join(folder ?? '', 'crypto', path), 'utf8'))

beforeAll(ready)

describe.skipIf(folder === undefined)('vectors from the folder that AMANAT_CORPORA names (skipped when unset):', () => {
  test('Wycheproof on XChaCha20-Poly1305', () => {
    type Case = {
      tcId: number
      key: string
      iv: string
      aad: string
      msg: string
      ct: string
      tag: string
      result: string
    }
    const cases: Case[] = read('wycheproof/xchacha20_poly1305_test.json').testGroups.flatMap(
      (group: { tests: Case[] }) => group.tests,
    )
    expect(cases.length).toBeGreaterThan(200)
    for (const { tcId, key, iv, aad, msg, ct, tag, result } of cases) {
      const secret = Secret.of<'page'>(bytes(key))
      const sealed = bytes(iv + ct + tag)
      if (result === 'valid') {
        expect([tcId, hex(seal(secret, bytes(msg), bytes(aad), () => bytes(iv)))]).toEqual([tcId, hex(sealed)])
        expect([tcId, hex(openSealed(secret, sealed, bytes(aad)))]).toEqual([tcId, msg])
      } else {
        expect([tcId, codeOf(() => openSealed(secret, sealed, bytes(aad)))]).toEqual([tcId, 'CANNOT_OPEN'])
        if (iv.length !== 48) expect(() => seal(secret, bytes(msg), bytes(aad), () => bytes(iv))).toThrow(TypeError)
      }
    }
  })

  test('BLAKE2b of every length, with and without a key, as Python computes it', () => {
    type Case = { hash: string; digest: string; dkLen: number; key?: string; salt?: string; person?: string }
    const cases = (read('blake2/blake2-python.json') as Case[]).filter(
      // libsodium takes keys from 16 bytes in C, and its wrapper from none; salts and names have a call of their own.
      the => the.hash === 'blake2b' && the.salt === undefined && the.person === undefined,
    )
    expect(cases.length).toBeGreaterThan(150)
    for (const { digest, dkLen, key } of cases) {
      expect(hex(libsodium.crypto_generichash(dkLen, text('data'), key === undefined ? null : bytes(key)))).toBe(digest)
    }
  })

  test('X-Wing, as its draft has it', () => {
    type Case = { seed: string; eseed: string; ss: string; sk: string; pk: string; ct: string }
    const cases: Case[] = read('xwing/test-vectors.json')
    expect(cases.length).toBe(3)
    for (const { seed, eseed, ss, sk, pk, ct } of cases) {
      const { publicKey, privateKey } = libsodium.crypto_kem_xwing_seed_keypair(bytes(seed))
      expect([hex(publicKey), hex(privateKey)]).toEqual([pk, sk])
      const { ciphertext, sharedSecret } = libsodium.crypto_kem_xwing_enc_deterministic(publicKey, bytes(eseed))
      expect([hex(ciphertext), hex(sharedSecret)]).toEqual([ct, ss])
      expect(hex(libsodium.crypto_kem_xwing_dec(bytes(ct), privateKey))).toBe(ss)
    }
  })

  test('Argon2id with one lane, as libsodium has it', async () => {
    type Case = { password: string; encoded: string; verifies: boolean }
    let checked = 0
    for (const { password, encoded, verifies } of read('argon2/cases.json').libsodium.table as Case[]) {
      const [, , , costs, salt, expected] = encoded.split('$') as [string, string, string, string, string, string]
      const [memory, passes, lanes] = (costs.match(/\d+/g) ?? []).map(Number) as [number, number, number]
      const saltBytes = Uint8Array.from(atob(salt), symbol => symbol.charCodeAt(0))
      if (lanes !== 1 || passes < 1 || saltBytes.length !== 16) continue
      const key = await argon2id(text(password), saltBytes, { memory, passes })
      expect(btoa(String.fromCharCode(...key.expose())).replaceAll('=', '') === expected).toBe(verifies)
      checked++
    }
    expect(checked).toBeGreaterThan(2)
  })
})
