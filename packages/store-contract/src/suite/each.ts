/** The form of every test: a sentence, and what has to hold on an open store and on a second one beside it. */
import type { Store } from '../port'

/** A test on an open store of its own, with `other` standing on the same vault. */
export type Each = (sentence: string, body: (store: Store, other: Store) => Promise<void>) => void
