/**
 * Answers published by others, a handful for each primitive, each with its source. The self-test checks one of each at
 * start; here are more, through our own words where those allow it. corpora.test.ts runs whole collections.
 */

import libsodium from 'libsodium-wrappers'
import { beforeAll, describe, expect, test } from 'vitest'
import { argon2id } from '../src/argon2'
import { openSealed, ready, Secret, seal, sha256, sha256Stream } from '../src/index'
import { bytes, hex, text } from './bytes'

beforeAll(ready)

describe('XChaCha20-Poly1305', () => {
  // draft-irtf-cfrg-xchacha-03, appendix A.3.1
  const secret = Secret.of<'page'>(bytes('808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f'))
  const nonce = bytes('404142434445464748494a4b4c4d4e4f5051525354555657')
  const aad = bytes('50515253c0c1c2c3c4c5c6c7')
  const plain = text(
    "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.",
  )
  const sealed =
    '404142434445464748494a4b4c4d4e4f5051525354555657' +
    'bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb731c7f1b0b4aa6440bf3a82f4eda7e39ae64c6708c54c216' +
    'cb96b72e1213b4522f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff921f9664c97637da9768812f615c68b13' +
    'b52e' +
    'c0875924c1c7987947deafd8780acf49'

  test('seals the example of the draft as nonce, ciphertext and tag', () => {
    expect(hex(seal(secret, plain, aad, () => nonce))).toBe(sealed)
  })

  test('opens the example of the draft', () => {
    expect(openSealed(secret, bytes(sealed), aad)).toEqual(plain)
  })
})

describe('BLAKE2b', () => {
  test.each([
    // RFC 7693, appendix A
    [
      'abc',
      64,
      'ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d17d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923',
    ],
    // Written down from Python's hashlib, which is the BLAKE2 authors' code
    ['', 32, '0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8'],
    ['abc', 32, 'bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319'],
  ])('of "%s" in %i bytes is the published one', (message, length, expected) => {
    expect(hex(libsodium.crypto_generichash(length, text(message), null))).toBe(expected)
  })

  test('keyed with 64 bytes, of one zero byte, is the published one', () => {
    // The BLAKE2 authors' blake2b-kat.txt, second entry
    const key = Uint8Array.from({ length: 64 }, (_, i) => i)
    expect(hex(libsodium.crypto_generichash(64, Uint8Array.of(0), key))).toBe(
      '961f6dd1e4dd30f63901690c512e78e4b45e4742ed197c3c5e45c549fd25f2e4187b0bc9fe30492b16b0d0bc4ef9b0f34c7003fac09a5ef1532e69430234cebd',
    )
  })
})

describe('X-Wing', () => {
  // draft-connolly-cfrg-xwing-kem, spec/test-vectors.json: all three; public key and ciphertext by their SHA-256
  test.each([
    {
      seed: '7f9c2ba4e88f827d616045507605853ed73b8093f6efbc88eb1a6eacfa66ef26',
      eseed:
        '3cb1eea988004b93103cfb0aeefd2a686e01fa4a58e8a3639ca8a1e3f9ae57e235b8cc873c23dc62b8d260169afa2f75ab916a58d974918835d25e6a435085b2',
      pk: '2e816deebcd76c5c80d0cd2d174478871658e8e2ff42bc9d4a6e486372e856bb',
      ct: '17cd532d657e44c897ca6583e548a5424fc70bf54f99515a4d2bcf99e3469f33',
      ss: 'd2df0522128f09dd8e2c92b1e905c793d8f57a54c3da25861f10bf4ca613e384',
    },
    {
      seed: 'badfd6dfaac359a5efbb7bcc4b59d538df9a04302e10c8bc1cbf1a0b3a5120ea',
      eseed:
        '17cda7cfad765f5623474d368ccca8af0007cd9f5e4c849f167a580b14aabdefaee7eef47cb0fca9767be1fda69419dfb927e9df07348b196691abaeb580b32d',
      pk: 'c42ba5f8430d7d2c83739338203819f090e8303ce9c8b02107c272bfa5376916',
      ct: '1661ea86d608a1924ba30840cb0a65f13ae051e3aec9cf0f064efc0bc92f2154',
      ss: 'f2e86241c64d60f6649fbc6c5b7d17180b780a3f34355e64a85749949c45f150',
    },
    {
      seed: 'ef58538b8d23f87732ea63b02b4fa0f4873360e2841928cd60dd4cee8cc0d4c9',
      eseed:
        '22a96188d032675c8ac850933c7aff1533b94c834adbb69c6115bad4692d8619f90b0cdf8a7b9c264029ac185b70b83f2801f2f4b3f70c593ea3aeeb613a7f1b',
      pk: '6b080d6b84f095342092fa7a22423e58bd681397ad0ef00eac92bd254db4fa95',
      ct: 'd3ca5578500344b5896cffc4fd740c9311946b82951df155e6fd86a7966b43c6',
      ss: '953f7f4e8c5b5049bdc771d1dffada0dd961477d1a2ae0988baa7ea6898d893f',
    },
  ])('from seed $seed gives the published key, ciphertext and secret', ({ seed, eseed, pk, ct, ss }) => {
    const { publicKey, privateKey } = libsodium.crypto_kem_xwing_seed_keypair(bytes(seed))
    const { ciphertext, sharedSecret } = libsodium.crypto_kem_xwing_enc_deterministic(publicKey, bytes(eseed))
    expect([hex(sha256(publicKey)), hex(sha256(ciphertext)), hex(sharedSecret)]).toEqual([pk, ct, ss])
    expect(hex(libsodium.crypto_kem_xwing_dec(ciphertext, privateKey))).toBe(ss)
  })
})

describe('Argon2id', () => {
  // libsodium, test/default/pwhash_argon2id.c (salts of 16 bytes and one lane, as here). The vector of RFC 9106
  // has four lanes, a secret and associated data, none of which libsodium takes: argon2.test.ts compares with an
  // implementation that does.
  test.each([
    ['', 'bA81arsiXysd3WbTRzmEOw==', 4882, 2, 'Nm8QBM+7RH1DXo9rvp5cwKEOOOfD2g6JuxlXihoNcpE='],
    [
      '^T5H$JYt39n%K*j:W]!1s?vg!:jGi]Ax?..l7[p0v:1jHTpla9;]bUN;?bWyCbtqg ',
      'PkEgMTYtYnl0ZXMgc2FsdA==',
      4096,
      19,
      'ltB/ue1kPtBMBGfsysMpPigE6hiNEKZ9vs8vLNVDQGA=',
    ],
  ])('of "%s" is the published one', async (password, salt, memory, passes, expected) => {
    const key = await argon2id(text(password), fromBase64(salt), { memory, passes })
    expect(btoa(String.fromCharCode(...key.expose()))).toBe(expected)
  })
})

describe('SHA-256', () => {
  // FIPS 180-2, appendix B
  test.each([
    ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    [
      'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
      '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
    ],
  ])('of "%s" is the published one, whole and byte by byte', (message, expected) => {
    const stream = sha256Stream()
    for (const byte of text(message)) stream.update(Uint8Array.of(byte))
    expect([hex(sha256(text(message))), hex(stream.digest())]).toEqual([expected, expected])
  })
})

const fromBase64 = (string: string) => Uint8Array.from(atob(string), symbol => symbol.charCodeAt(0))
