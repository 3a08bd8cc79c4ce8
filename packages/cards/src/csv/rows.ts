// Text to rows, with papaparse, a piece at a time: its parser is asked for whole rows only, and what it leaves is
// put before the next piece. One quote that is never closed must not swallow the file, nor make it be read again
// and again: past the longest row allowed, or at the end of the file, reading goes on at the next line.
import Papa from 'papaparse'
import type { CardErrorCode } from '../errors'
import type { Limits } from '../limits'

export type Row =
  | { readonly line: number; readonly cells: readonly string[] }
  | { readonly line: number; readonly error: CardErrorCode }

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

  /** How much of `rest` was whole rows. */
  const parse = (ended: boolean) => {
    delimiter ??= delimiterOf(rest)
    let from = 0
    let unclosed = false
    const parser = new Papa.Parser({
      delimiter,
      newline: '\n',
      step: (result: Papa.ParseStepResult<string[]>) => {
        const end = result.meta.cursor
        unclosed = ended && result.errors.some(error => error.code === 'MissingQuotes')
        if (unclosed) return
        const cells = (result.data as unknown as string[][])[0] ?? []
        if (line === 1 && /^"?sep=.?"?$/i.test(cells.join('').trim())) {
          line += newlines(rest, from, end)
          from = end
          return
        }
        rows.push(cells.length > limits.columns ? { line, error: 'TOO_MANY_COLUMNS' } : { line, cells })
        line += newlines(rest, from, end)
        from = end
      },
    } as Papa.ParseConfig)
    ;(parser as unknown as { parse(input: string, base: number, ignoreLast: boolean): unknown }).parse(rest, 0, !ended)
    rest = rest.slice(from)
    return unclosed
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
