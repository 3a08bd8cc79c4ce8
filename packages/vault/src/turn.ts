/**
 * Long work gives others a turn now and then: a page draws and answers, a server takes other requests. How often is counted in
 * work, not in time, which nothing here may ask for.
 */

/** Resolves in a later turn of the event loop. A message comes at once, where a timer would wait for milliseconds. */
export function laterTurn(): Promise<void> {
  const { port1, port2 } = new MessageChannel()
  return new Promise(resolve => {
    port1.onmessage = () => {
      port1.close()
      resolve()
    }
    port2.postMessage(undefined)
  })
}

/** @param pieces so many between two turns. Awaited after each piece; the last one is followed by none. */
export class InTurns {
  #left: number

  constructor(readonly pieces: number) {
    this.#left = pieces
  }

  /** Before the next piece. */
  async next(): Promise<void> {
    if (this.#left-- > 0) return
    this.#left = this.pieces - 1
    await laterTurn()
  }
}
