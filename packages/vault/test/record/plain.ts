/** Plain values of every kind, for what writes, reads and copies records. */
import fc from 'fast-check'

const nested = (...leaves: readonly fc.Arbitrary<unknown>[]) =>
  fc.letrec(tie => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.string({ unit: 'binary' }),
      fc.boolean(),
      fc.uint8Array(),
      ...leaves,
      fc.array(tie('value')),
      fc.dictionary(
        fc.string().filter(key => key !== '__proto__'),
        tie('value'),
        { noNullPrototype: true },
      ),
    ),
  })).value

/** What comes back from its record as it was. */
export const plain = () =>
  nested(
    fc.integer(),
    fc.double({ noNaN: true }).filter(n => !Object.is(n, -0)),
    fc.constant(null),
  )

/** And what is written, but comes back as something alike. */
export const anything = () => nested(fc.double(), fc.constantFrom(null, undefined))
