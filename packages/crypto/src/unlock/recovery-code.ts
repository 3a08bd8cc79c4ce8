/**
 * A recovery code: 170 random bits to be written on paper, kept in a drawer and typed in by somebody in a hurry.
 *
 *     XXXXX-XXXXX-XXXXX-XXXXX-XXXXX-XXXXX-XXXXC      34 symbols of 5 bits, then a check symbol
 *
 * Symbols and check are Crockford's base 32 (https://www.crockford.com/base32.html): the number modulo 37 finds every
 * single wrong symbol and every swap of two neighbours, and 36 of 37 other mistakes. Its five check symbols * ~ $ = U
 * are hard to read out or to type, so codes that would need one aren't made, and aren't read.
 */

import { CryptoError } from '../errors'
import { draw, type Randomness, systemRandomness } from '../randomness'
import { Unlock } from './unlock'

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const SYMBOLS = 34
const GROUP = 5

/** A new code, in groups, for a person to write down. Nothing else keeps it. */
export function createRecoveryCode(randomness: Randomness = systemRandomness): string {
  // A check above 31 comes up 5 times in 37; 64 times in a row only from a source that isn't random.
  for (let attempt = 0; attempt < 64; attempt++) {
    const drawn = draw(randomness, SYMBOLS)
    const values = Array.from(drawn, byte => byte & 31)
    drawn.fill(0)
    const check = checkOf(values)
    if (check < 32) return inGroups([...values, check].map(value => ALPHABET.charAt(value)).join(''))
  }
  throw new TypeError('This Randomness repeats itself.')
}

/**
 * Unlocks with a recovery code as it was typed. Case, spaces and dashes of any kind don't matter; O is read as 0, I
 * and L as 1, and digits of Arabic, Persian and full-width keyboards as what they are.
 * @throws RECOVERY_CODE_MISTYPED when symbols are missing or too many, don't exist, or the check fails
 */
export function recoveryCode(text: string): Unlock {
  const symbols = readCode(text)
  return new Unlock('recovery-code', async () => new TextEncoder().encode(symbols))
}

/** The 34 symbols without the check, in capitals. */
function readCode(text: unknown): string {
  if (typeof text !== 'string') throw new TypeError('A recovery code must be a string.')
  const symbols = text
    .normalize('NFKC')
    // Spaces, dashes and the invisible marks that come along when text in two directions is copied.
    .replace(/[\s\p{Dash}\p{Format}]/gu, '')
    // U+0660 and U+06F0 begin the Arabic-Indic and the Persian digits; the low four bits are the digit.
    .replace(/[\u0660-\u0669\u06f0-\u06f9]/g, digit => String(digit.charCodeAt(0) & 15))
    .toUpperCase()
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1')
  const values = Array.from(symbols, symbol => ALPHABET.indexOf(symbol))
  const check = values.pop()
  if (values.length !== SYMBOLS || values.includes(-1) || check !== checkOf(values)) {
    throw new CryptoError('RECOVERY_CODE_MISTYPED', 'The recovery code has a typing mistake.')
  }
  return symbols.slice(0, SYMBOLS)
}

/** The symbols as one number in base 32, modulo 37. */
function checkOf(values: number[]): number {
  return values.reduce((remainder, value) => (remainder * 32 + value) % 37, 0)
}

function inGroups(symbols: string): string {
  return (symbols.match(new RegExp(`.{1,${GROUP}}`, 'g')) ?? []).join('-')
}
