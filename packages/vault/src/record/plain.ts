/** What a record can hold, said once for writing and for copying. Of a card from a stranger, so no message repeats anything of it. */

const LONE_SURROGATE = /[\uD800-\uDFFF]/u

/** An object whose own properties are all there is to it: of a class too, and of another realm. */
export function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return (
    prototype === Object.prototype ||
    prototype === null ||
    (!ArrayBuffer.isView(value) && Object.prototype.toString.call(value) === '[object Object]')
  )
}

/** @throws TypeError for a key that would not come back the same, or that is nobody's own. */
export function checkKey(key: string): void {
  if (key === '__proto__' || LONE_SURROGATE.test(key)) throw new TypeError('record has a key that can not be stored')
}

export const notPlain = (): TypeError => new TypeError('record holds what CBOR can not')
export const tooDeep = (): TypeError => new TypeError('record nested too deeply')
