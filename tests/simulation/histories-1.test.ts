/** One half of the histories; in two files, so that two workers share them. */
import { test } from 'vitest'
import { playSeeds, REPLAYED } from './seeds'
import { FROM, MIDDLE } from './size'

test.skipIf(REPLAYED !== undefined)(
  'R15: whatever happens to processes and disk, what was answered for holds (half 1)',
  () => playSeeds(FROM, MIDDLE),
  21_600_000,
)
