/**
 * What a command touches outside itself: three streams, the environment, and a way to be interrupted. `run` gets them
 * handed in, so that a test runs a command in its own process and sees every byte.
 */
import type { Clock } from '@amanat/vault'

export interface Input extends NodeJS.ReadableStream {
  readonly isTTY?: boolean
}

export interface Output extends NodeJS.WritableStream {
  readonly isTTY?: boolean
}

export interface Io {
  readonly stdin: Input
  readonly stdout: Output
  readonly stderr: Output
  readonly env: Readonly<Record<string, string | undefined>>
  /** Fires when the process is to end: the vault is locked, and the command stops. */
  readonly signal?: AbortSignal
  /** Default: the machine's. */
  readonly clock?: Clock
}

/** Whether questions can be asked: they are typed on stdin and shown on stderr, so that stdout stays the answer's. */
export const canAsk = ({ stdin, stderr }: Io): boolean => stdin.isTTY === true && stderr.isTTY === true

/** All of a stream, such as a patch on stdin. */
export async function readAll(stream: AsyncIterable<unknown>): Promise<Uint8Array> {
  const pieces: Buffer[] = []
  for await (const piece of stream) pieces.push(typeof piece === 'string' ? Buffer.from(piece) : (piece as Buffer))
  return Buffer.concat(pieces)
}
