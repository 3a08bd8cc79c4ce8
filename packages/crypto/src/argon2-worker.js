// @ts-check
/**
 * The worker in which a passphrase becomes a key: Argon2id (RFC 9106, version 1.3, one lane), by libsodium's sumo
 * build, which is loaded here and nowhere else. One question, one answer, then argon2.ts ends the worker, and with it
 * goes the memory that Argon2id filled. It runs as a module worker in browsers and in worker_threads of Node.
 *
 * Asked:    { passphrase: Uint8Array, salt: Uint8Array(16), memory: KiB, passes: number }, the passphrase transferred
 * Answers:  { key: Uint8Array(32) }, or { failed: 'self-test' | 'memory' | 'load' }
 */

import sodium from 'libsodium-wrappers-sumo'

/** @typedef {{ passphrase: Uint8Array, salt: Uint8Array, memory: number, passes: number }} Question */
/** @typedef {{ key: Uint8Array } | { failed: 'self-test' | 'memory' | 'load' }} Answer */

// libsodium, test/default/pwhash_argon2id.c: an empty password, 4882 KiB, 2 passes.
const KNOWN = {
  salt: 'bA81arsiXysd3WbTRzmEOw',
  memory: 4882,
  passes: 2,
  key: 'Nm8QBM+7RH1DXo9rvp5cwKEOOOfD2g6JuxlXihoNcpE',
}

/** @param {Question} question */
function argon2id({ passphrase, salt, memory, passes }) {
  return sodium.crypto_pwhash(32, passphrase, salt, passes, memory * 1024, sodium.crypto_pwhash_ALG_ARGON2ID13)
}

function selfTest() {
  const { memory, passes } = KNOWN
  const base64 = sodium.base64_variants.ORIGINAL_NO_PADDING
  const salt = sodium.from_base64(KNOWN.salt, base64)
  return sodium.to_base64(argon2id({ passphrase: new Uint8Array(0), salt, memory, passes }), base64) === KNOWN.key
}

/**
 * @param {Question} question
 * @returns {Promise<Answer>}
 */
async function answer(question) {
  try {
    await sodium.ready
    if (!selfTest()) return { failed: 'self-test' }
  } catch {
    return { failed: 'load' }
  }
  try {
    return { key: argon2id(question) }
  } catch {
    // Lengths and bounds were checked before: what is left is memory that couldn't be had.
    return { failed: 'memory' }
  } finally {
    question.passphrase.fill(0)
  }
}

/** @type {any} */
const scope = globalThis
const port = scope.process?.getBuiltinModule?.('node:worker_threads')?.parentPort ?? scope

port.addEventListener('message', async (/** @type {MessageEvent<Question>} */ { data }) => {
  const answered = await answer(data)
  port.postMessage(answered, 'key' in answered ? [answered.key.buffer] : [])
})
// A port of worker_threads waits for this once addEventListener is used; the scope of a browser's worker has no such method.
port.start?.()
