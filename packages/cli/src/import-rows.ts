/**
 * What came of each row of an import: counted, and then kept for the answer, written to a file line by line, or let go.
 * A row is told when it is in the vault and not before, so what a file of outcomes says holds after a crash.
 */
import { closeSync, openSync, rmSync, writeSync } from 'node:fs'
import type { Doubt, Skipped } from '@amanat/cards'
import type { AddReport, Issue, RowOutcome } from '@amanat/vault'
import { CliError } from './errors'
import { codeOf } from './files'

/** One row of the file: where it is, and what came of it. */
export interface ImportedRow {
  /** Where it begins in the file, from 1; in a file of people with consents, which one it is. */
  readonly line: number
  readonly outcome: RowOutcome['outcome'] | 'unreadable'
  readonly id?: string
  readonly ref?: string
  readonly code?: string
  readonly fix?: string
  /** For a spreadsheet: which cell, from 1. */
  readonly column?: number
  readonly fields?: readonly string[]
  readonly issues?: readonly Issue[]
  readonly leftOut?: readonly string[]
  readonly maybeSame?: readonly string[]
  /** What is kept as it was written, though it can't be right. */
  readonly doubts?: readonly Doubt[]
  /** Lines of the card that were left out or end it too soon; it is good without them. */
  readonly skipped?: readonly Skipped[]
}

/** As many as people are shown. */
const LINES_SHOWN = 20

interface Where {
  /** Every row, for an answer that names them all. */
  readonly keep: boolean
  /** Takes them instead. */
  readonly file?: string
}

export class ImportRows {
  readonly rows: ImportedRow[] = []
  readonly counts: Record<ImportedRow['outcome'], number> = {
    added: 0,
    quarantined: 0,
    known: 0,
    refused: 0,
    unreadable: 0,
  }
  readonly reasons: Record<string, number> = {}
  readonly leftOut: Record<string, number> = {}
  maybeSame = 0
  doubtful = 0
  /** Rows that did not come in, as far as they may be named; and the first of them, which people are shown. */
  bads = 0
  readonly bad: ImportedRow[] = []
  readonly doubts: ({ readonly line: number } & Doubt)[] = []
  readonly skipped: Skipped[] = []
  readonly #keep: boolean
  readonly #path: string | undefined
  readonly #file: number | undefined

  /** @throws CliError `FILE_EXISTS`, `FILE_UNWRITABLE` */
  constructor({ keep, file }: Where) {
    this.#keep = keep && file === undefined
    this.#path = file
    this.#file = file === undefined ? undefined : opened(file)
  }

  get total(): number {
    return Object.values(this.counts).reduce((sum, count) => sum + count, 0)
  }

  /** Rows of one commit, in the order of the file. */
  add(rows: readonly ImportedRow[], report: Pick<AddReport, 'reasons' | 'leftOut' | 'maybeSame'>): void {
    for (const [code, count] of Object.entries(report.reasons)) this.reasons[code] = (this.reasons[code] ?? 0) + count
    for (const [field, count] of Object.entries(report.leftOut))
      this.leftOut[field] = (this.leftOut[field] ?? 0) + count
    this.maybeSame += report.maybeSame
    let lines = ''
    for (const row of rows) {
      const { line, outcome, code, doubts = [], skipped = [] } = row
      this.counts[outcome]++
      // The vault counts its own reasons.
      if (code !== undefined && (outcome === 'unreadable' || code === 'OPTED_OUT'))
        this.reasons[code] = (this.reasons[code] ?? 0) + 1
      // Who may have left is a total, and nobody's row (R11).
      if (outcome === 'refused' && code === undefined) continue
      if (doubts.length > 0) this.doubtful++
      if ((outcome === 'refused' || outcome === 'unreadable') && this.bads++ < LINES_SHOWN) this.bad.push(row)
      for (const doubt of doubts) if (this.doubts.length < LINES_SHOWN) this.doubts.push({ line, ...doubt })
      for (const each of skipped) if (this.skipped.length < LINES_SHOWN) this.skipped.push(each)
      if (this.#keep) this.rows.push(row)
      if (this.#file !== undefined) lines += `${JSON.stringify(row)}\n`
    }
    if (this.#file === undefined || lines === '') return
    try {
      const bytes = Buffer.from(lines)
      for (let at = 0; at < bytes.length; ) at += writeSync(this.#file, bytes, at)
    } catch (error) {
      throw unwritable(error)
    }
  }

  /** Where it failed before anything was told, the file goes again, so that the next try can have its name. */
  close(failed: boolean): void {
    if (this.#file === undefined) return
    closeSync(this.#file)
    if (failed && this.total === 0) rmSync(this.#path as string, { force: true })
  }
}

/** For its owner only: lines and refs say who was in the file. */
function opened(path: string): number {
  try {
    return openSync(path, 'wx', 0o600)
  } catch (error) {
    if (codeOf(error) === 'EEXIST')
      throw new CliError('FILE_EXISTS', 'There is a file already where --report says.', 'Name another one.')
    throw unwritable(error)
  }
}

const unwritable = (error: unknown) =>
  new CliError(
    'FILE_UNWRITABLE',
    `The file given with --report can't be written (${codeOf(error)}).`,
    'Check the folder, its permissions and the room on the disk.',
  )
