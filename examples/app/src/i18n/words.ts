/** All the words there are, as types: the languages have the same. */
import type { words as first } from './en/first'
import type { words as inside } from './en/inside'
import type { words as story } from './en/story'

export type Words = typeof first & typeof inside & typeof story
