// @ts-check
/**
 * Opens and closes LMDB environments beside other processes that do the same, and sees to it that a write transaction
 * is one.
 *
 * Whoever leaves an environment last destroys the mutexes in its lock file: with `close`, or because its process ends.
 * A process that opens it at that moment waits until the other is gone, takes itself for the second user all the same,
 * and can't take a mutex. Nothing is lost: once everybody who found them destroyed has left, whoever opens it next
 * makes them. So it is left at once, and opened anew.
 *
 * That an environment can't be used would be seen too late: lmdb-js doesn't ask whether LMDB has begun a transaction,
 * and goes on without. Nor does its `open` leave anything to close then; the process would have that environment, and
 * no other, until its garbage is collected. Hence `openAsClass`, which can be closed before there is an object of it.
 */
import { openAsClass } from 'lmdb'

/** @typedef {import('lmdb').RootDatabase<Buffer, Buffer>} Environment */
/** @typedef {new (name: null, options: object) => Environment} EnvironmentClass */

/** So many openings, with pauses of some milliseconds: others that found the same have to leave meanwhile. */
const TRIES = 50
const LONGEST_PAUSE = 16

class NotBegun extends Error {
  /** EINVAL, as LMDB says of a mutex that was destroyed; what it really said isn't passed on. */
  code = 22
}

/**
 * @param {string} path
 * @param {{ maxDbs?: number }} [more]
 * @returns {Environment}
 */
export function openEnvironment(path, more) {
  const options = {
    path,
    isRoot: true,
    noSubdir: false,
    overlappingSync: false,
    encoding: /** @type {const} */ ('binary'),
    keyEncoding: /** @type {const} */ ('binary'),
    ...more,
  }
  for (let tries = 1; ; tries++) {
    const Opened = checked(/** @type {EnvironmentClass} */ (/** @type {unknown} */ (openAsClass(options))))
    try {
      return new Opened(null, options)
    } catch (error) {
      if (!(error instanceof NotBegun)) throw error
      void Opened.prototype.close.call({ isRoot: true })
      if (tries === TRIES) throw error
    }
    pause(Math.random() * Math.min(tries, LONGEST_PAUSE))
  }
}

/** @param {Environment | undefined} environment */
export async function closeEnvironment(environment) {
  if (environment === undefined) return
  try {
    // Marks of readers that were killed take a mutex to remove: better now than when there is no class to close yet.
    environment.readerCheck()
  } catch {
    // They stay for the next one.
  }
  await environment.close()
}

/**
 * The constructor makes a transaction, too.
 *
 * @param {EnvironmentClass} Opened
 */
function checked(Opened) {
  return class extends Opened {
    /**
     * @template T
     * @param {() => T} act
     * @param {import('lmdb').TransactionFlags} [flags]
     * @returns {T}
     * @override
     */
    transactionSync(act, flags) {
      return super.transactionSync(() => {
        if (this.getWriteTxnId() === 0) throw new NotBegun('LMDB began no transaction')
        return act()
      }, flags)
    }
  }
}

/** @param {number} milliseconds */
function pause(milliseconds) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds)
}
