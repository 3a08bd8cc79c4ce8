/** Finding names however they are written: letters that differ by keyboard, vowel signs and case are folded together. */

/** Arabic and Persian letters that people type for one another (Unicode 16, Arabic block). */
const FOLDED: { readonly [letter: string]: string } = {
  ي: 'ی',
  ى: 'ی',
  ئ: 'ی',
  ې: 'ی',
  ۍ: 'ی',
  ك: 'ک',
  ڪ: 'ک',
  ة: 'ه',
  ہ: 'ه',
  ھ: 'ه',
  ە: 'ه',
  ۀ: 'ه',
  أ: 'ا',
  إ: 'ا',
  آ: 'ا',
  ٱ: 'ا',
  ؤ: 'و',
  ء: '',
}
const LETTERS = new RegExp(`[${Object.keys(FOLDED).join('')}]`, 'gu')
/** Marks that combine, joiners, the tatweel: they change how a word looks, not who is meant. */
const UNSEEN = /\p{M}|\p{Cf}|\u0640/gu

/** A name or a query in one spelling: for comparing, never for showing. */
export function folded(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return text.toLowerCase().trim()
  return text
    .replace(LETTERS, letter => FOLDED[letter] ?? letter)
    .normalize('NFKD')
    .replace(UNSEEN, '')
    .replace(LETTERS, letter => FOLDED[letter] ?? letter)
    .toLowerCase()
    .replace(/ß/g, 'ss')
    .replace(/ı/g, 'i')
    .trim()
}

/**
 * A name for sorting: the letters that Arabic and Persian keyboards write differently as one. Accents stay: what they
 * mean for the order is for the reader's language to say (in Swedish Å comes after Z).
 */
export const oneKeyboard = (name: string): string => name.normalize('NFC').replace(/[يى]/g, 'ی').replace(/ك/g, 'ک')

/** A name's words in one spelling: whoever looks through many names keeps them. */
export const wordsOf = (name: string): readonly string[] => folded(name).split(/[\s,.()-]+/)

/** What is looked for, word by word; none for a query that finds nobody. */
export const queryOf = (query: string): readonly string[] => folded(query).split(/\s+/).filter(Boolean)

/** Whether each word of the query begins a word of the name. */
export const beginsWith = (words: readonly string[], query: readonly string[]): boolean =>
  query.length > 0 && query.every(part => words.some(word => word.startsWith(part)))
