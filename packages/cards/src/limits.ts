// How much a file may ask of us. An address book that people made by hand or by phone is far below each of these;
// a file above them was made to hurt.

export interface Limits {
  /** Bytes of one unfolded line, which may hold a picture. */
  readonly line: number
  /** Bytes of one card. */
  readonly card: number
  /** Properties of one card. */
  readonly properties: number
  /** Languages that one card is translated into: for each, the whole card is looked at once more. */
  readonly languages: number
  /** Depth of a JSON object. */
  readonly depth: number
  /** Characters of one CSV row. */
  readonly row: number
  /** Cells of one CSV row. */
  readonly columns: number
}

export const LIMITS: Limits = {
  line: 8 * 1024 * 1024,
  card: 16 * 1024 * 1024,
  properties: 2_000,
  languages: 100,
  depth: 32,
  row: 1024 * 1024,
  columns: 1_000,
}

/** Whether objects and lists lie deeper in one another than so many: whoever walks through them may come to the end of the stack. */
export function isDeeper(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  return depth === 0 || Object.values(value).some(inner => isDeeper(inner, depth - 1))
}
