/** A bar for long work, on stderr, where that is a terminal. Elsewhere nothing is shown. */
import { SingleBar } from 'cli-progress'
import type { Cli } from './command'

export interface Progress {
  to(done: number): void
  end(): void
}

export function progress({ io: { stderr } }: Cli, what: string, total: number): Progress {
  if (stderr.isTTY !== true || total <= 0) return { to: () => undefined, end: () => undefined }
  const bar = new SingleBar({
    stream: stderr,
    format: `${what} {bar} {percentage} %`,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    hideCursor: true,
    clearOnComplete: true,
    // Ctrl-C is the program's to hear.
    gracefulExit: false,
  })
  bar.start(total, 0)
  return { to: done => bar.update(Math.min(done, total)), end: () => bar.stop() }
}
