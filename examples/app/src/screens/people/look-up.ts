/** What somebody means who types into the search field: a name, a number or an address, in digits of any script. */
export type LookUp =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'phone'; readonly phone: string }
  | { readonly kind: 'email'; readonly email: string }
  /** The beginning of a number or an address: too little to look up. */
  | { readonly kind: 'unfinished' }

/** Shorter than any number that somebody could be called by. */
const LEAST_DIGITS = 5

export function lookUpFor(typed: string): LookUp {
  const text = typed.trim()
  if (text.includes('@')) return /^\S+@\S+\.\S+$/.test(text) ? { kind: 'email', email: text } : { kind: 'unfinished' }
  const digits = text.match(/\p{Nd}/gu)?.length ?? 0
  if (digits === 0 || /\p{L}/u.test(text)) return { kind: 'text', text }
  return digits < LEAST_DIGITS ? { kind: 'unfinished' } : { kind: 'phone', phone: text }
}
