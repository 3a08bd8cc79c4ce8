/**
 * Loads libsodium, once, and lends it to the files of this package only after the self-test has passed.
 * The standard build: it has all but Argon2id, which lives in a worker of its own (argon2.ts).
 */

import libsodium from 'libsodium-wrappers'
import { selfTest } from './self-test'

export type Sodium = typeof libsodium

let tested: Sodium | undefined
let loading: Promise<void> | undefined

/**
 * Loads libsodium and checks each primitive against its published answers. Cheap to call again.
 * Argon2id is checked inside its worker, before each derivation.
 * @throws SELF_TEST_FAILED
 */
export function ready(): Promise<void> {
  loading ??= load().catch(error => {
    loading = undefined
    throw error
  })
  return loading
}

async function load(): Promise<void> {
  await libsodium.ready
  selfTest(libsodium)
  tested = libsodium
}

/** @throws TypeError before `ready()` has resolved */
export function sodium(): Sodium {
  if (tested === undefined) throw new TypeError('Call ready() and await it before anything is sealed or derived.')
  return tested
}
