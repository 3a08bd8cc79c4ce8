/** What people read: tables and lists in plain lines, a little colour where there is a terminal that wants it. */
import type { Io, Output } from './io'
import { plain } from './terminal'

export type Style = 'bold' | 'dim' | 'red' | 'yellow'
export type Paint = (style: Style, text: string) => string

const CODES: { readonly [style in Style]: readonly [on: number, off: number] } = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  yellow: [33, 39],
}

/** NO_COLOR as on no-color.org: present and not empty. */
export function paintFor(stream: Output, { env }: Io): Paint {
  const colour = stream.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb'
  return (style, text) => (colour ? `\x1b[${CODES[style][0]}m${text}\x1b[${CODES[style][1]}m` : text)
}

const GAP = '  '
const width = (text: string): number => [...text].length

/**
 * Rows under their headers, aligned. Cells are made safe here. What comes from people (a name, in any script and
 * direction) belongs into the last column, where nothing has to line up behind it.
 */
export function table(headers: readonly string[], rows: readonly (readonly unknown[])[], paint: Paint): string {
  const cells = rows.map(row => row.map(cell => plain(cell ?? '')))
  // A ledger has more rows than a call takes arguments.
  const widths = headers.map((header, i) =>
    cells.reduce((widest, row) => Math.max(widest, width(row[i] ?? '')), width(header)),
  )
  const line = (row: readonly string[]) =>
    row
      .map((cell, i) => (i === row.length - 1 ? cell : cell + ' '.repeat((widths[i] ?? 0) - width(cell))))
      .join(GAP)
      .trimEnd()
  return [paint('dim', line(headers)), ...cells.map(line)].join('\n')
}

/** `name: value` lines, the values aligned. */
export function pairs(entries: readonly (readonly [string, unknown])[]): string {
  const longest = Math.max(...entries.map(([name]) => width(name)))
  return entries.map(([name, value]) => `${name}${' '.repeat(longest - width(name))}${GAP}${plain(value)}`).join('\n')
}

/** Counts beside what they count, numbers to the right. */
export function counts(entries: readonly (readonly [number, string])[]): string {
  const longest = Math.max(...entries.map(([count]) => number(count).length))
  return entries.map(([count, what]) => `${GAP}${number(count).padStart(longest)}  ${plain(what)}`).join('\n')
}

const NUMBER = new Intl.NumberFormat('en')
export const number = (count: number): string => NUMBER.format(count)
export const people = (count: number): string => `${number(count)} ${count === 1 ? 'person' : 'people'}`

const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' })
const TIME = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: 'UTC' })

/** An ISO 8601 instant as a day; with its time where it isn't midnight. */
export function date(iso: string): string {
  const at = new Date(iso)
  const day = DAY.format(at)
  return at.getTime() % 86_400_000 === 0 ? day : `${day}, ${TIME.format(at)} UTC`
}
