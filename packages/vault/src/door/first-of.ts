/** The first few of many, in order: whoever shows one page needn't put everybody in order for it. */

/**
 * @param most how many at most
 * @param compare an order in which no two are alike
 */
export function firstOf<T>(all: Iterable<T>, most: number, compare: (a: T, b: T) => number): T[] {
  const first: T[] = []
  // Whoever comes after this one is none of them.
  let last: T | undefined
  for (const one of all) {
    if (last !== undefined && compare(one, last) > 0) continue
    first.push(one)
    if (first.length < 2 * most) continue
    first.sort(compare).length = most
    last = first[most - 1]
  }
  first.sort(compare)
  return first.slice(0, most)
}
