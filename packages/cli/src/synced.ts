/** Folders that something copies elsewhere. Such a copy keeps what a vault forgets, on machines it never hears of. */
import { realpathSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'

const KNOWN: readonly (readonly [RegExp, string])[] = [
  [/^dropbox\b/i, 'Dropbox'],
  [/^onedrive\b/i, 'OneDrive'],
  [/^(icloud|mobile documents$|com~apple~clouddocs$)/i, 'iCloud'],
  [/^(google ?drive|my drive$|drivefs$)/i, 'Google Drive'],
  [/^(nextcloud|owncloud)\b/i, 'Nextcloud'],
  [/^pcloud/i, 'pCloud'],
  [/^(box|box sync)$/i, 'Box'],
  [/^(syncthing|seafile|tresorit|mega|megasync)\b/i, 'a sync program'],
  [/^cloudstorage$/i, 'a cloud drive'],
]

/** The name of what seems to copy this folder, told by the names of the folders above it; never the path. */
export function syncedBy(folder: string): string | undefined {
  const parts = whereItIs(resolve(folder)).split(/[/\\]/)
  return KNOWN.find(([name]) => parts.some(part => name.test(part)))?.[1]
}

/** With links followed, as far as the folder is there yet. */
function whereItIs(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    const above = dirname(path)
    return above === path ? path : join(whereItIs(above), basename(path))
  }
}
