// What the tests of sheets share: one sheet read as a whole, rows filled by header, and bytes of old code pages.
import { type CsvColumns, type CsvOptions, type ReadCard, readCards } from '../src'
import { all } from './reading'

export type Good = Extract<ReadCard, { card: unknown }>

export async function read(header: string, row: string, options: CsvOptions = {}) {
  let columns: CsvColumns | undefined
  const text = `${header}\r\n${row}\r\n`
  const items = (await all(readCards(text, { ...options, onColumns: found => (columns = found) }))) as Good[]
  return { item: items[0] as Good, items, columns }
}

export const quoted = (cells: readonly string[]) => cells.map(cell => `"${cell}"`).join(',')

/** A row with some cells filled, by header; a header that comes twice is filled in order. */
export function rowOf(header: readonly string[], cells: readonly (readonly [string, string])[]): string {
  const row = header.map(() => '')
  for (const [name, text] of cells) {
    const at = header.findIndex((word, index) => word === name && row[index] === '')
    if (at < 0) throw new Error(`no column ${name}`)
    row[at] = text
  }
  return quoted(row)
}

export const utf16 = (text: string, big = false, mark = true) => {
  const bytes = new Uint8Array((text.length + (mark ? 1 : 0)) * 2)
  const view = new DataView(bytes.buffer)
  for (const [at, char] of [...(mark ? '\ufeff' : ''), ...text.split('')].entries())
    view.setUint16(at * 2, char.charCodeAt(0), !big)
  return bytes
}
/** Text in a code page: what its decoder gives for each byte, turned round. */
export function encoded(text: string, charset: string): Uint8Array {
  const all256 = [...new TextDecoder(charset).decode(Uint8Array.from({ length: 256 }, (_, byte) => byte))]
  return Uint8Array.from([...text].map(char => all256.indexOf(char)))
}
