/** Properties, and how often each. */
export type Counts = Record<string, number>

export interface FileReport {
  /** From the folder. */
  readonly path: string
  readonly type: 'vcard' | 'csv' | 'jscontact'
  readonly bytes: number
  readonly cards: number
  readonly refused: number
  readonly refusals: { line: number; column?: number; reason: string; path?: string; fix: string }[]
  readonly skipped?: { line: number; reason: string }[]
  readonly doubts?: { line: number; column?: number; reason: string }[]
  /** Of reading, and of the way that has a place for everything. */
  readonly losses: Counts
  /** What the file says and the cards don't. */
  readonly reading: Counts
  /** Of these, the cells that the reader itself says it left out: of a column with no place, or in doubt. */
  readonly reported?: Counts
  /** Where the first of each loss of reading is. */
  readonly lines?: Counts
  readonly ways: Record<string, { losses: Counts; drift: Counts; error?: { reason: string; fix: string } }>
  readonly columns?: { placed: number; unplaced: string[] }
  readonly drift: number
  readonly error?: { reason: string; fix: string; fault?: string }
  readonly ms: number
}

/** Each address book below the folder; `cards` is what @amanat/cards exports. */
export function checkFolder(cards: object, folder: string): AsyncGenerator<FileReport>
