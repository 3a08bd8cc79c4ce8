/**
 * Tells an age recipient (age1…) from a typing mistake: bech32 (BIP 173), its checksum, the kind of key and the length
 * that the kind has. Sealing to it is for age-encryption, which is loaded only when something is sealed.
 */

const LETTERS = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'
const CHECKSUM_LETTERS = 6
/** The generator of the checksum's code, as BIP 173 lists it. */
const GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3]

/** Bytes of each kind of recipient that age-encryption 0.3 seals to, by what stands before the last `1`. */
const KEY_BYTES = new Map([
  // X25519 (age's specification, C2SP/age).
  ['age', 32],
  // ML-KEM-768 with X25519: 1184 + 32.
  ['age1pq', 1216],
  // P-256, compressed, of a hardware key; and with ML-KEM-768: 1184 + 65.
  ['age1tag', 33],
  ['age1tagpq', 1249],
])

export function isAgeRecipient(text: string): boolean {
  const at = text.lastIndexOf('1')
  const kind = text.slice(0, at)
  const bytes = KEY_BYTES.get(kind)
  if (at < 0 || bytes === undefined) return false
  const values = Array.from(text.slice(at + 1), letter => LETTERS.indexOf(letter))
  if (values.includes(-1) || values.length !== Math.ceil((bytes * 8) / 5) + CHECKSUM_LETTERS) return false
  // Five bits a letter seldom end where a byte ends: the bits left over are zero.
  const over = (values.length - CHECKSUM_LETTERS) * 5 - bytes * 8
  const last = values[values.length - CHECKSUM_LETTERS - 1] as number
  return last % 2 ** over === 0 && checksum([...spread(kind), ...values]) === 1
}

/** The kind goes into the checksum as its letters' high bits, a zero, and their low bits. */
function spread(kind: string): number[] {
  const codes = Array.from(kind, letter => letter.charCodeAt(0))
  return [...codes.map(code => code >> 5), 0, ...codes.map(code => code & 31)]
}

function checksum(values: readonly number[]): number {
  let sum = 1
  for (const value of values) {
    const top = sum >>> 25
    sum = ((sum & 0x1ffffff) << 5) ^ value
    GENERATOR.forEach((word, bit) => {
      if ((top >>> bit) & 1) sum ^= word
    })
  }
  return sum
}
