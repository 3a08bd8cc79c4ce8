/**
 * Which histories are played. AMANAT_SEEDS says otherwise: how many, or `FROM-TO` (without TO itself) for a part of
 * them, so that a long run that was stopped can be gone on with.
 */
import { env } from 'node:process'
import { size } from '../trust/figures'

const asked = (env.AMANAT_SEEDS ?? String(size(10_000, 1_000_000))).match(/^(?:(\d+)-)?(\d+)$/)
if (!asked) throw new Error(`AMANAT_SEEDS is a number of seeds or FROM-TO, not ${env.AMANAT_SEEDS}`)

export const FROM = Number(asked[1] ?? 0)
export const TO = Number(asked[2])
if (FROM >= TO) throw new Error(`AMANAT_SEEDS names no seed: ${env.AMANAT_SEEDS}`)

/** Where the second file begins. */
export const MIDDLE = Math.floor((FROM + TO) / 2)
