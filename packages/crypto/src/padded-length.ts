/**
 * Padmé (Nikitin, Barman, Lueks, Underwood, Hubaux, Ford: Reducing Metadata Leakage from Encrypted Files and
 * Communication with PURBs, PETS 2019, section 4): rounds a length up so that it tells O(log log n) bits, at a cost of
 * at most 12 %, less the longer it is. Powers of two would tell as little and cost up to 100 %.
 */

/**
 * The length in bytes to pad `length` bytes to.
 * @throws TypeError for anything but a safe integer from 0
 */
export function paddedLength(length: number): number {
  if (!Number.isSafeInteger(length) || length < 0) throw new TypeError('A length is an integer from 0.')
  if (length < 2) return length
  const exponent = floorLog2(length)
  const kept = floorLog2(exponent) + 1
  // By multiplication: shifts would cut at 32 bits.
  const step = 2 ** (exponent - kept)
  return Math.ceil(length / step) * step
}

function floorLog2(n: number): number {
  return n > 0xffffffff ? 32 + floorLog2(Math.floor(n / 2 ** 32)) : 31 - Math.clz32(n)
}
