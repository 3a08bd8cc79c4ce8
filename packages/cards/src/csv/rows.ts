// Text to rows, with papaparse, a piece at a time: its parser is asked for whole rows only, and what it leaves is
// put before the next piece. One quote that is never closed must not swallow the file, nor make it be read again
// and again: past the longest row allowed, or at the end of the file, reading goes on at the next line.
import Papa from 'papaparse'
import type { CardErrorCode } from '../errors'
import type { Limits } from '../limits'

export type Row =
  | { readonly line: number; readonly cells: readonly string[] }
  | { readonly line: number; readonly error: CardErrorCode }

// A quote that closes in the middle of a cell makes papaparse look for another one, in the rows below. Only so far down is
// it taken back: each such row is read twice.
const SPAN = 8

// How often one file may end inside a quote and be read again from the line after.
const RETRIES = 16

export async function* csvRows(text: AsyncIterable<string>, limits: Limits): AsyncGenerator<Row> {
  let rest = ''
  let line = 1
  let delimiter: string | undefined
  let heldCr = false
  let parsed = 0
  // Past a row that was too long, to its end.
  let skipping = false
  const rows: Row[] = []

  /** Takes the whole rows of `rest`; whether a quote is never closed. */
  const parse = (ended: boolean): boolean => {
    for (;;) {
      const { unclosed, torn } = parseOn(ended)
      if (!torn) return unclosed
    }
  }
  /** `torn`: stopped behind a row that had swallowed the next ones. */
  const parseOn = (ended: boolean) => {
    delimiter ??= delimiterOf(rest)
    let from = 0
    let unclosed = false
    let torn = false
    const parser = new Papa.Parser({
      delimiter,
      newline: '\n',
      step: (result: Papa.ParseStepResult<string[]>) => {
        let end = result.meta.cursor
        unclosed = ended && result.errors.some(error => error.code === 'MissingQuotes')
        if (unclosed) return
        let cells = (result.data as unknown as string[][])[0] ?? []
        let lines = newlines(rest, from, end)
        if (lines > 1 && lines <= SPAN && result.errors.some(error => error.code === 'InvalidQuotes')) {
          const stop = rest.indexOf('\n', from)
          const alone = cellsOf(rest.slice(from, stop), delimiter as string)
          torn = alone.length === cells.length
          if (torn) {
            parser.abort()
            cells = alone
            lines = 1
            end = stop + 1
          }
        }
        if (line === 1 && /^"?sep=.?"?$/i.test(cells.join('').trim())) {
          line += lines
          from = end
          return
        }
        rows.push(cells.length > limits.columns ? { line, error: 'TOO_MANY_COLUMNS' } : { line, cells })
        line += lines
        from = end
      },
    } as Papa.ParseConfig)
    ;(parser as unknown as { parse(input: string, base: number, ignoreLast: boolean): unknown }).parse(rest, 0, !ended)
    rest = rest.slice(from)
    return { unclosed, torn }
  }
  const skipLine = (error: CardErrorCode, length: number) => {
    rows.push({ line, error })
    const end = rest.indexOf('\n', length)
    const skipped = end < 0 ? rest.length : end + 1
    skipping = end < 0
    line += newlines(rest, 0, skipped)
    rest = rest.slice(skipped)
  }

  for await (let piece of text) {
    if (heldCr) piece = `\r${piece}`
    heldCr = piece.endsWith('\r')
    if (heldCr) piece = piece.slice(0, -1)
    let text = piece.includes('\r') ? piece.replace(/\r\n?/g, '\n') : piece
    if (text.includes('\0')) text = text.replaceAll('\0', '')
    if (skipping) {
      const end = text.indexOf('\n')
      if (end < 0) continue
      skipping = false
      line++
      text = text.slice(end + 1)
    }
    rest += text
    // Only when there is enough new text: a long row is not parsed again for each piece that arrives.
    if (rest.length < parsed * 2 || !rest.includes('\n')) {
      if (rest.length <= limits.row) continue
    }
    parse(false)
    parsed = rest.length
    if (rest.length > limits.row) {
      skipLine('ROW_TOO_LONG', limits.row)
      parsed = 0
    }
    yield* rows.splice(0)
  }
  if (heldCr) rest += '\n'
  for (let tries = 0; rest !== ''; tries++) {
    if (!parse(true)) break
    skipLine('ROW_UNREADABLE', tries < RETRIES ? 0 : rest.length)
    yield* rows.splice(0)
  }
  yield* rows.splice(0)
}

/** A line as a spreadsheet reads it: what stands behind a closed quote is text like any other. */
function cellsOf(line: string, delimiter: string): string[] {
  const cells: string[] = []
  for (let at = 0; at <= line.length; at++) {
    let cell = ''
    if (line[at] === '"') {
      for (at++; at < line.length && (line[at] !== '"' || line[at + 1] === '"'); at++) {
        if (line[at] === '"') at++
        cell += line[at]
      }
      at++
    }
    const end = line.indexOf(delimiter, at)
    const stop = end < 0 ? line.length : end
    cells.push(cell + line.slice(at, stop))
    at = stop
  }
  return cells
}

function newlines(text: string, from: number, to: number): number {
  let count = 0
  for (let at = text.indexOf('\n', from); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) count++
  return count
}

const DELIMITERS = [',', ';', '\t', '|']

// Spreadsheets in much of Europe and in Iran write semicolons; the first line that is parted by any shows which, since
// notes may stand before the header. Excel takes a first line `sep=;` as said, and so does this.
function delimiterOf(text: string): string {
  const said = /^"?sep=(.)"?[ ;,\t]*(?:\n|$)/i.exec(text)?.[1]
  if (said) return said
  for (const line of text.slice(0, 65_536).split('\n', 10)) {
    const header = line.replace(/"[^"]*"/g, '')
    const count = (delimiter: string) => header.split(delimiter).length
    const best = DELIMITERS.reduce((best, other) => (count(other) > count(best) ? other : best))
    if (count(best) > 1) return best
  }
  return ','
}
