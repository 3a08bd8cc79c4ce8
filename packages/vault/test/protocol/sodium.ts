/**
 * libsodium itself, for the second reader: not our words for it, so that a mistake in those isn't made twice. It is found
 * through the one package that depends on it.
 */

export interface Sodium {
  readonly ready: Promise<void>
  crypto_generichash(length: number, message: Uint8Array, key: Uint8Array | null): Uint8Array
  crypto_aead_xchacha20poly1305_ietf_decrypt(
    secretNonce: null,
    sealed: Uint8Array,
    aad: Uint8Array,
    nonce: Uint8Array,
    key: Uint8Array,
  ): Uint8Array
  crypto_kem_xwing_seed_keypair(seed: Uint8Array): { publicKey: Uint8Array; privateKey: Uint8Array }
  crypto_kem_xwing_dec(ciphertext: Uint8Array, privateKey: Uint8Array): Uint8Array
  crypto_pwhash(
    length: number,
    password: Uint8Array,
    salt: Uint8Array,
    passes: number,
    bytes: number,
    algorithm: number,
  ): Uint8Array
  readonly crypto_pwhash_ALG_ARGON2ID13: number
}

interface NodeModule {
  createRequire(from: URL): (name: string) => unknown
}
declare const process: { getBuiltinModule(name: 'node:module'): NodeModule }

export async function sodium(): Promise<Sodium> {
  const from = new URL('../../../crypto/package.json', import.meta.url)
  const loaded = process.getBuiltinModule('node:module').createRequire(from)('libsodium-wrappers-sumo') as Sodium
  await loaded.ready
  return loaded
}
