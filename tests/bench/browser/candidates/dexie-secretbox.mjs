// Dexie with a `crypto_secretbox` for each person.
import { dexieCandidate } from '../dexie.mjs'
import { secretbox } from '../rows.mjs'

export const candidate = () => dexieCandidate(secretbox)
