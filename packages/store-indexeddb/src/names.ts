/**
 * What things are called on this origin, which a vault shares with the app and with other vaults: databases, a lock,
 * a channel and a folder, each named after the vault. Everything begins with `amanat`.
 */

/** Longest folder name, in its written form: file systems stop at 255 bytes. */
const MAX_FOLDER = 200

export interface Names {
  /** The Dexie database with the rows; the Web Lock and the channel have the same name. */
  readonly rows: string
  /** The database with the cell, where there is no OPFS. */
  readonly cell: string
  /** The folder below `amanat` in OPFS. */
  readonly folder: string
}

/**
 * @param vault the app's name for the vault, in any script: 1 to 200 characters once written as a folder, where a
 * letter outside ASCII takes six or more.
 * @throws TypeError when it is empty, too long or no well-formed text.
 */
export function namesOf(vault: string): Names {
  const folder = folderOf(vault)
  if (folder.length === 0 || folder.length > MAX_FOLDER) throw new TypeError('a vault needs a name, and not a long one')
  return { rows: `amanat:${vault}`, cell: `amanat-cell:${vault}`, folder }
}

/** Percent-encoded, dots too: `.` and `..` name other folders, and `/` none. */
function folderOf(vault: string): string {
  try {
    return encodeURIComponent(vault).replace(/[.!'()*~]/g, char => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
  } catch (cause) {
    throw new TypeError('a name must be well-formed text', { cause })
  }
}
