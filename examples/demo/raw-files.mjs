// @ts-check
// Looks into the files of a vault as somebody who stole the disk would: byte by byte, knowing what to look for.
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * How many of these texts stand somewhere in the files: as UTF-8, as UTF-16 or in base64.
 * @param {readonly (string | URL)[]} files @param {readonly string[]} texts
 */
export async function searchFiles(files, texts) {
  const contents = await Promise.all(files.map(file => readFile(file)))
  const found = texts.filter(text => contents.some(bytes => spellings(text).some(spelling => bytes.includes(spelling))))
  return { files: files.length, bytes: contents.reduce((sum, { length }) => sum + length, 0), found: found.length }
}

/** @param {string} text @returns {Buffer[]} */
const spellings = text => {
  const bytes = Buffer.from(text)
  // In base64 a text looks different at each of three offsets; its ends depend on what stands beside it.
  const inBase64 = [0, 1, 2].map(offset => {
    const whole = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .replace(/=+$/, '')
    return Buffer.from(whole.slice(offset === 0 ? 0 : offset + 1, -1))
  })
  return [bytes, Buffer.from(text, 'utf16le'), ...inBase64]
}

/** Every file below a folder. @param {string} folder @returns {Promise<string[]>} */
export async function filesUnder(folder) {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true })
  return entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath ?? entry.path, entry.name))
}
