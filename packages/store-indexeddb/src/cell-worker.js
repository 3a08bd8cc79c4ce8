// @ts-check
/**
 * Writes the cell, an OPFS file of two halves, in place. Only a dedicated worker may: `createSyncAccessHandle` is the
 * one way of writing in a browser that overwrites the bytes where they lie. Every other way makes a new file and
 * leaves the old bytes on the disk.
 *
 * A handle locks its file for one tab, so it is closed after each act, or, while the page holds the lock, when it is asked to let
 * go: opening one takes as long as writing. The file is written whole when it is created, and never truncated, renamed or
 * recreated. Imports nothing: it is served as a file of its own.
 *
 * @typedef {{
 *   id: number, folder: string, act: 'able' | 'create' | 'hold' | 'read' | 'overwrite' | 'letGo' | 'remove', half?: 0 | 1, bytes?: Uint8Array,
 *   keep?: boolean
 * }} Ask
 */

const HALF_BYTES = 4096
/** Another tab holds the file for some 3 ms; one that is busy may take longer. */
const PATIENCE_MS = 5000
const PAUSE_MS = 4

/**
 * Set by a flush that failed, and never tried again: the system counts what it could not write as written from then on, so
 * that an old secret could stay on the disk and pass for overwritten.
 */
let broken = false

/** Found once: walking down the folders takes as long as the writing. @type {FileSystemFileHandle | undefined} */
let known

/** Open from act to act while the page holds the lock, and flushed. @type {FileSystemSyncAccessHandle | undefined} */
let held

/** One act after another: two would want the file at the same time. @type {Promise<void>} */
let last = Promise.resolve()

self.addEventListener('message', (/** @type {MessageEvent<Ask>} */ { data }) => {
  last = last.then(() => answer(data))
})

/** @param {Ask} ask */
async function answer(ask) {
  const { id } = ask
  try {
    self.postMessage({ id, answer: await answerTo(ask) })
  } catch (error) {
    const { name, message } = error instanceof Error || error instanceof DOMException ? error : new Error(String(error))
    self.postMessage({ id, error: { name, message } })
  }
}

/** @param {Ask} ask */
function answerTo({ act, folder, half = 0, bytes = new Uint8Array(), keep = false }) {
  if (broken && act !== 'able' && act !== 'remove' && act !== 'letGo') {
    throw new Error('an earlier flush of the cell failed')
  }
  switch (act) {
    case 'able':
      return able()
    case 'create':
      return create(folder, bytes)
    case 'hold':
      return hold(folder)
    case 'read':
      return read(folder, half, keep)
    case 'overwrite':
      return overwrite(folder, half, bytes, keep)
    case 'letGo':
      return letGo()
    case 'remove':
      return remove(folder)
  }
}

/** Whether this browser offers the file system, now: a private window may not. */
async function able() {
  if (typeof FileSystemFileHandle === 'undefined' || !('createSyncAccessHandle' in FileSystemFileHandle.prototype)) {
    return false
  }
  try {
    await navigator.storage.getDirectory()
    return true
  } catch {
    return false
  }
}

/** @param {string} folder @param {Uint8Array} bytes both halves */
async function create(folder, bytes) {
  const file = await (await vaultFolder(folder, true)).getFileHandle('cell', { create: true })
  letGo()
  act(await openHandle(file), false, handle => writeWhole(handle, bytes, 0))
  return true
}

/** Opens the file before anybody asks for what is in it. @param {string} folder */
async function hold(folder) {
  await withCell(folder, true, () => undefined)
  return true
}

/** @param {string} folder @param {0 | 1} half @param {boolean} keep */
function read(folder, half, keep) {
  return withCell(folder, keep, handle => {
    // Shorter than that is a creation which was cut off: no rows can stand on it.
    if (handle.getSize() < 2 * HALF_BYTES) return undefined
    const bytes = new Uint8Array(HALF_BYTES)
    if (handle.read(bytes, { at: half * HALF_BYTES }) !== HALF_BYTES) throw new Error('the cell was read short')
    return bytes
  })
}

/** Whether there was a cell to overwrite. @param {string} folder @param {0 | 1} half @param {Uint8Array} bytes @param {boolean} keep */
async function overwrite(folder, half, bytes, keep) {
  const done = await withCell(folder, keep, handle => {
    if (handle.getSize() < 2 * HALF_BYTES) return false
    writeWhole(handle, bytes, half * HALF_BYTES)
    return true
  })
  return done ?? false
}

/** The lock goes to somebody else. */
function letGo() {
  held?.close()
  held = undefined
  return true
}

/** Overwrites first: removing a file leaves its bytes on the disk. @param {string} folder */
async function remove(folder) {
  await withCell(folder, false, handle => {
    const noise = crypto.getRandomValues(new Uint8Array(Math.max(handle.getSize(), 2 * HALF_BYTES)))
    writeWhole(handle, noise, 0)
  })
  known = undefined
  try {
    const top = await (await navigator.storage.getDirectory()).getDirectoryHandle('amanat')
    await top.removeEntry(folder, { recursive: true })
  } catch (error) {
    if (!isNotFound(error)) throw error
  }
  return true
}

/** @param {FileSystemSyncAccessHandle} handle @param {Uint8Array} bytes @param {number} at */
function writeWhole(handle, bytes, at) {
  if (handle.write(/** @type {Uint8Array<ArrayBuffer>} */ (bytes), { at }) !== bytes.length) {
    throw new Error('the cell was written short')
  }
  flush(handle)
}

/** @param {FileSystemSyncAccessHandle} handle */
function flush(handle) {
  try {
    handle.flush()
  } catch (error) {
    broken = true
    throw error
  }
}

/**
 * Undefined when there is no cell.
 * @template T
 * @param {string} folder
 * @param {boolean} keep
 * @param {(handle: FileSystemSyncAccessHandle) => T} work
 * @returns {Promise<T | undefined>}
 */
async function withCell(folder, keep, work) {
  if (held) return act(held, keep, work)
  if (known) {
    try {
      return act(await openFlushed(known), keep, work)
    } catch (error) {
      // Another tab removed it, and may have made a new one. What a removed file answers differs from browser to browser
      // (in a private window of Chromium it still opens and then reads short), so look again whatever it was.
      if (isHeld(error) || broken) throw error
    }
  }
  known = await cellFile(folder)
  return known && act(await openFlushed(known), keep, work)
}

/**
 * Kept open only after what went well.
 * @template T
 * @param {FileSystemSyncAccessHandle} handle
 * @param {boolean} keep
 * @param {(handle: FileSystemSyncAccessHandle) => T} work
 */
function act(handle, keep, work) {
  held = undefined
  try {
    const answer = work(handle)
    if (keep) held = handle
    return answer
  } finally {
    if (!held) handle.close()
  }
}

/**
 * What a page that was killed wrote and did not flush can be read, and is not on the disk yet: nobody may rest on it. From here on only
 * this worker writes, and flushes what it writes.
 * @param {FileSystemFileHandle} file
 */
async function openFlushed(file) {
  const handle = await openHandle(file)
  try {
    flush(handle)
    return handle
  } catch (error) {
    handle.close()
    throw error
  }
}

/** Waits for a tab that holds the file. @param {FileSystemFileHandle} file */
async function openHandle(file) {
  for (let waited = 0; ; waited += PAUSE_MS) {
    try {
      return await file.createSyncAccessHandle()
    } catch (error) {
      if (!isHeld(error) || waited >= PATIENCE_MS) throw error
      await new Promise(resolve => setTimeout(resolve, PAUSE_MS))
    }
  }
}

/** @param {string} folder */
async function cellFile(folder) {
  try {
    return await (await vaultFolder(folder, false)).getFileHandle('cell')
  } catch (error) {
    if (isNotFound(error)) return undefined
    throw error
  }
}

/** @param {string} folder @param {boolean} create */
async function vaultFolder(folder, create) {
  const top = await (await navigator.storage.getDirectory()).getDirectoryHandle('amanat', { create })
  return await top.getDirectoryHandle(folder, { create })
}

/** @param {unknown} error */
function isHeld(error) {
  // Some versions of Chromium called it InvalidStateError.
  return error instanceof DOMException && /^(NoModificationAllowed|InvalidState)Error$/.test(error.name)
}

/** @param {unknown} error */
function isNotFound(error) {
  return error instanceof DOMException && error.name === 'NotFoundError'
}
