// Whether what stands where a number or an address should be can be one. What it is, in which country, the vault decides.

/** 3 to 15 digits of any script (ITU-T E.164, section 6: 15 at most), an extension aside. */
export function isPossiblePhone(text: string): boolean {
  // As nearly all are written.
  if (PLAIN.test(text)) return isCount(text.replace(/[^0-9]/g, '').length)
  // What a spreadsheet made of it: `4.47701E+11`.
  if (/^\+?\d+(?:[.,]\d+)?e[+-]?\d+$/i.test(text.trim())) return false
  const plain = text.replace(/^tel:/i, '').split(/;|(?:ext\.?|x|#|داخلی)\s*\p{Nd}+\s*$/iu)[0] ?? ''
  const digits = plain.match(/\p{Nd}/gu)?.length ?? 0
  return isCount(digits)
}

const PLAIN = /^[0-9+() ./-]*$/
const isCount = (digits: number) => digits >= 3 && digits <= 15

/** Something, an @, and a host: the rest is for a message to find out. */
export function isPossibleEmail(text: string): boolean {
  const at = text.lastIndexOf('@')
  return (
    at > 0 &&
    at < text.length - 1 &&
    text.length <= 320 &&
    (text.startsWith('"') || !/[\s<>,;@]/u.test(text.slice(0, at).replace(/^mailto:/i, ''))) &&
    !/[\s<>,;]/u.test(text.slice(at + 1)) &&
    !text.startsWith('/')
  )
}
