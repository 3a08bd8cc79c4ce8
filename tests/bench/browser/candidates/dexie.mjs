// Dexie with a plain row for each person: the floor that encrypts nothing.
import { dexieCandidate } from '../dexie.mjs'
import { plain } from '../rows.mjs'

export const candidate = () => dexieCandidate(plain)
