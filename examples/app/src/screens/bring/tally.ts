/** What came of a file, in totals and row by row; nothing in it is about anybody but for the line that they stood in. */
import type { CsvColumns, DoubtCode } from '@amanat/cards'
import type { AddReport } from '@amanat/vault'
import type { BadRow, GoodRow } from './people-in'

/** Of those who may have left a row says nothing (R11). */
const UNNAMED = 'not-in'

export interface TallyRow {
  readonly line: number
  readonly column?: number
  readonly outcome: 'added' | 'quarantined' | 'known' | 'refused' | 'unreadable' | typeof UNNAMED
  readonly code?: string
  readonly fields?: readonly string[]
}

export class Tally {
  /** Rows of the file that were looked at. */
  rows = 0
  added = 0
  quarantined = 0
  known = 0
  maybeSame = 0
  claimed = 0
  readonly reasons: Record<string, number> = {}
  readonly leftOut: Record<string, number> = {}
  readonly doubts: { readonly line: number; readonly code: DoubtCode; readonly column?: number }[] = []
  readonly told: TallyRow[] = []
  /** Of a sheet: what its columns were taken for. */
  readonly columns: CsvColumns[] = []
  /** Stopped before its end. */
  isCut = false
  error: unknown

  add(lot: readonly GoodRow[], { rows, reasons, leftOut, added, quarantined, known, maybeSame }: AddReport): void {
    this.rows += rows.length
    this.added += added
    this.quarantined += quarantined
    this.known += known
    this.maybeSame += maybeSame
    for (const [code, count] of Object.entries(reasons)) this.reasons[code] = (this.reasons[code] ?? 0) + count
    for (const [field, count] of Object.entries(leftOut)) this.leftOut[field] = (this.leftOut[field] ?? 0) + count
    for (const { index, outcome, code, fields } of rows) {
      const row = lot[index]
      if (!row) continue
      const { line, doubts, isClaimed } = row
      if (isClaimed) this.claimed++
      for (const doubt of doubts) this.doubts.push({ line, ...doubt })
      const isUnnamed = outcome === 'refused' && code === undefined
      this.told.push({
        line,
        outcome: isUnnamed ? UNNAMED : outcome,
        ...(code === undefined ? {} : { code }),
        ...(fields ? { fields } : {}),
      })
    }
  }

  bad(row: BadRow): void {
    this.rows++
    this.reasons[row.code] = (this.reasons[row.code] ?? 0) + 1
    this.told.push(row)
  }

  get comeIn(): number {
    return this.added + this.quarantined
  }

  /** How many, with the reasons that a screen has words for told apart. */
  count(...codes: readonly string[]): number {
    return codes.reduce((sum, code) => sum + (this.reasons[code] ?? 0), 0)
  }

  of(outcome: TallyRow['outcome']): TallyRow[] {
    return this.told.filter(row => row.outcome === outcome)
  }

  /** For whoever corrects the file: lines and reasons, and nothing of what stands in them. */
  asSheet(): string {
    const cells = this.told.map(({ line, column, outcome, code, fields }) =>
      [line, column ?? '', outcome, code ?? '', (fields ?? []).join(' ')].join(','),
    )
    return ['line,column,outcome,reason,fields', ...cells].join('\r\n')
  }
}
