// A second reading of a spreadsheet that shares nothing with the first: every cell that isn't empty must turn up
// somewhere in what was read from its row. Columns are named by their headers.
import { count } from './differences.mjs'
import { Said, squash, textOf } from './words.mjs'

/** Headers of the cells that reached nothing, and of those the ones that the reader itself says it left out. */
export function unreachedCells(bytes, items, columns) {
  const { text, sure } = textOf(bytes)
  const byLine = new Map(items.map(item => [item.line, item]))
  const losses = {}
  const reported = {}
  const leftOut = new Set((columns?.unplaced ?? []).map(({ column }) => column))
  // What a cell says of a consent becomes a status, and is not repeated.
  const consents = new Set()
  for (const { column, place } of columns?.placed ?? []) {
    if (place === 'ignore') leftOut.add(column)
    if (place.startsWith('consent-')) consents.add(column)
  }
  const lines = {}
  // Some programs write a few words of their own first: the header is the last row before the first person.
  const first = Math.min(...items.map(({ line }) => line))
  let header = []
  for (const { line, cells } of rowsOf(text.replace(/^\ufeff/, ''))) {
    if (cells.every(cell => cell.trim() === '')) continue
    if (line < first) {
      header = cells
      continue
    }
    const item = byLine.get(line)
    const lost = name => {
      count(losses, name)
      lines[name] ??= line
    }
    if (item === undefined) lost('row')
    if (item?.card === undefined) continue
    const { line: _, ...rest } = item
    const said = new Said(rest)
    for (const [at, cell] of cells.entries()) {
      if (reached(cell, said, sure) || (consents.has(at + 1) && item.consents?.length > 0)) continue
      const name = (header[at] ?? `column ${at + 1}`).trim()
      lost(name)
      if (leftOut.has(at + 1) || item.doubts?.some(({ column }) => column === at + 1)) count(reported, name)
    }
  }
  return { losses, lines, reported }
}

// Outlook's and Google's way to write nothing.
const NOTHING = new Set(['', '000', '0000', 'mycontacts', 'other', 'false', 'unspecified', 'nichtspecifiziert'])

function reached(cell, said, sure) {
  return cell.split(/ ?::: ?|;/).every(part => {
    const text = part.trim().replace(/^'(?=[=+\-@])/, '')
    if (/^0+[/.-]0+[/.-]0+$/.test(text) || NOTHING.has(squash(text))) return true
    if (/^[\d\s./:-]+$/.test(text) && /\d[./-]\d/.test(text) && said.hasDate(text)) return true
    if (!sure) return text.split(/[^\x20-\x7e]+/).every(piece => said.has(piece))
    const day = plainDigits(text).replace(/[T ]\d{1,2}:.*$/, '')
    if (/^(?:\d{4}[-/]\d{1,2}[-/]\d{1,2}|\d{8})$/.test(day) && said.hasDate(day)) return true
    // Several numbers or addresses may stand in one cell.
    const between = /[\d@]/.test(text) ? /[,|/\s]+/ : ','
    return said.has(text) || text.split(between).every(piece => said.has(piece))
  })
}

const plainDigits = text =>
  text.replace(/[۰-۹٠-٩]/g, digit => String((digit.charCodeAt(0) - (digit < '۰' ? 0x660 : 0x6f0)) % 10))

function* rowsOf(text) {
  const outside = text.slice(0, 8192).replace(/"[^"]*"/g, '')
  const [delimiter] = [',', ';', '\t', '|'].sort((a, b) => outside.split(b).length - outside.split(a).length)
  let line = 1
  let started = 1
  let cells = []
  let cell = ''
  let quoted = false
  for (let at = 0; at < text.length; at++) {
    const char = text[at]
    const ends = char === '\n' || (char === '\r' && text[at + 1] !== '\n')
    if (ends) line++
    if (quoted) {
      if (char !== '"') cell += char
      else if (text[at + 1] === '"') cell += text[++at]
      else quoted = false
    } else if (char === '"' && cell === '') quoted = true
    else if (char === delimiter) {
      cells.push(cell)
      cell = ''
    } else if (ends) {
      yield { line: started, cells: [...cells, cell] }
      cells = []
      cell = ''
      started = line
    } else if (char !== '\r') cell += char
  }
  if (cell !== '' || cells.length > 0) yield { line: started, cells: [...cells, cell] }
}
