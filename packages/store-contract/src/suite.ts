/**
 * What every store must do, as tests. A store proves itself by running this suite in one line; nothing else says
 * what the words of the port mean. It asks for no test framework: any `describe` and `test` will do, in Node as in
 * a browser. Speed, and what a power cut leaves behind, are left to each store's own tests.
 */
import type { Store } from './port'
import { testCell } from './suite/cell'
import { testCommit, testRoot } from './suite/commits'
import type { Each } from './suite/each'
import { testExclusive } from './suite/exclusive'
import { testEnd, testWatching } from './suite/life'
import { testDropping, testRows, testScan } from './suite/rows'

export interface StoreUnderTest {
  readonly store: Store
  /** A second object on the same vault, as another tab or process would have. */
  another(): Promise<Store>
  /** Closes every store handed out and takes all traces away. */
  remove(): Promise<void>
}

export interface Runner {
  describe(name: string, body: () => void): void
  test(name: string, body: () => Promise<void>): void
}

export function testStore(name: string, make: () => Promise<StoreUnderTest>, { describe, test }: Runner): void {
  const each: Each = (sentence, body) =>
    test(sentence, async () => {
      const under = await make()
      try {
        await under.store.open()
        const other = await under.another()
        await other.open()
        await body(under.store, other)
      } finally {
        await under.remove()
      }
    })

  describe(`${name}: the root`, () => testRoot(each))
  describe(`${name}: a commit`, () => testCommit(each))
  describe(`${name}: rows`, () => testRows(each))
  describe(`${name}: a scan`, () => testScan(each))
  describe(`${name}: dropping rows by their bucket`, () => testDropping(each))
  describe(`${name}: the cell`, () => testCell(each))
  describe(`${name}: exclusive`, () => testExclusive(each))
  describe(`${name}: watching`, () => testWatching(each))
  describe(`${name}: the end`, () => testEnd(each))
}
