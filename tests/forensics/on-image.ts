/** A test that needs a file system of its own; where none can be had, it is skipped and its name says why. */
import { test } from 'vitest'
import { type Image, type Kind, newImage, whyNot } from './image'

const HOUR = 3_600_000

/** Runs on a file system of its own, where one can be had; the name of the test says why not. */
export function onImage(kind: Kind, name: string, run: (image: Image) => Promise<void>, megabytes?: number): void {
  const why = whyNot(kind)
  test.skipIf(why !== undefined)(
    why === undefined ? name : `${name} (not tried: ${why})`,
    async () => {
      const image = newImage(kind, megabytes)
      try {
        await run(image)
      } finally {
        image.remove()
      }
    },
    HOUR,
  )
}
