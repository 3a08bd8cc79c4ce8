// @ts-check
// How the demo talks: scenes, sentences, small tables, pauses. On a terminal with colours and time to read; anywhere
// else plain text at once; with --json not at all. It decides nothing and counts nothing.
import { stdin, stdout } from 'node:process'

const WIDTH = 88
const READING_MS = 1_300

/** @typedef {ReturnType<typeof teller>} Tell */

/** @param {{ silent: boolean, fast: boolean }} how */
export function teller({ silent, fast }) {
  const coloured = stdout.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== 'dumb'
  const paint = (/** @type {string} */ code) => (/** @type {string} */ text) =>
    coloured ? `\u001b[${code}m${text}\u001b[0m` : text
  const bold = paint('1')
  const dim = paint('2')
  const refusedColour = paint('1;31')
  const doneColour = paint('32')
  const print = (/** @type {string} */ line) => {
    if (!silent) stdout.write(`${line}\n`)
  }

  return {
    /** @param {number} number @param {string} title @param {string} day */
    scene(number, title, day) {
      print('')
      print(bold(`${number}  ${title} `.padEnd(WIDTH - (day ? day.length + 1 : 0), '─')) + (day && dim(` ${day}`)))
    },
    /** A paragraph. @param {string} text */
    say(text) {
      print('')
      for (const line of wrapped(text, WIDTH - 3)) print(`   ${line}`)
    },
    /** What somebody does, as code would. @param {string} who @param {string} call */
    asks(who, call) {
      print('')
      print(`   ${dim(`${who} ›`)} ${bold(call)}`)
    },
    /** @param {string} text */
    refused(text) {
      lead(refusedColour('✗'), text)
    },
    /** @param {string} text */
    done(text) {
      lead(doneColour('✓'), text)
    },
    /** Rows of cells; cells that are numbers stand to the right. @param {readonly (readonly (string | number)[])[]} rows */
    table(rows) {
      const columns = Math.max(...rows.map(row => row.length))
      const widths = Array.from({ length: columns }, (_, at) => Math.max(...rows.map(row => seen(row[at] ?? ''))))
      for (const row of rows) {
        const cells = row.map((cell, at) => {
          const gap = ' '.repeat(/** @type {number} */ (widths[at]) - seen(cell))
          return typeof cell === 'number' ? gap + cell : at === row.length - 1 ? cell : cell + gap
        })
        print(`     ${cells.join('  ')}`.trimEnd())
      }
    },
    /** Time to read, on a terminal; any key goes on. */
    async pause() {
      if (silent || fast || !stdout.isTTY || !stdin.isTTY) return
      await keyOrTime(READING_MS)
    },
  }

  function lead(/** @type {string} */ mark, /** @type {string} */ text) {
    const [first, ...rest] = wrapped(text, WIDTH - 5)
    print(`   ${mark} ${first}`)
    for (const line of rest) print(`     ${line}`)
  }
}

/** A name or number in its own direction, whatever it stands beside (Unicode UAX 9: FSI and PDI). @param {string} text */
export const isolated = text => `\u2068${text}\u2069`

/** @param {number} count @param {string} one @param {string} [many] */
export const counted = (count, one, many = `${one}s`) => `${count} ${count === 1 ? one : many}`

/** `31 May 2026`, in UTC, as the vault counts days. @param {string | number} instant */
export const day = instant =>
  new Date(instant).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' })

/** `1 Mar 2026, 10:00`, in UTC. @param {string | number} instant */
export const time = instant => `${day(instant)}, ${new Date(instant).toISOString().slice(11, 16)}`

/** How wide a cell looks: marks of direction, joiners and vowel signs take no room. @param {string | number} cell */
const seen = cell => String(cell).replace(/\p{M}|\p{Cf}/gu, '').length

/** @param {string} text @param {number} width */
function wrapped(text, width) {
  /** @type {string[]} */
  const lines = []
  let line = ''
  for (const word of text.split(/\s+/)) {
    if (line !== '' && seen(line) + 1 + seen(word) > width) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}

/** @param {number} ms */
function keyOrTime(ms) {
  return /** @type {Promise<void>} */ (
    new Promise(resolve => {
      const go = (/** @type {Buffer | undefined} */ key) => {
        clearTimeout(timer)
        stdin.off('data', go)
        stdin.setRawMode(false)
        stdin.pause()
        // In raw mode Ctrl-C is a key like any other.
        if (key?.[0] === 3) process.kill(process.pid, 'SIGINT')
        resolve()
      }
      const timer = setTimeout(go, ms)
      stdin.setRawMode(true)
      stdin.resume()
      stdin.on('data', go)
    })
  )
}
