import { expect, test } from 'vitest'
import { lotsOf } from '../src/lots'

async function sizes(rows: number, bytesEach: number): Promise<number[]> {
  let read = 0
  async function* each() {
    for (let n = 0; n < rows; n++) {
      read += bytesEach
      yield n
    }
  }
  const found: number[] = []
  let next = 0
  for await (const lot of lotsOf(each(), () => read)) {
    for (const row of lot) expect(row).toBe(next++)
    found.push(lot.length)
  }
  expect(next).toBe(rows)
  return found
}

test('rows go by lots of two thousand, or of eight megabytes of the file, in their order', async () => {
  expect(await sizes(4_500, 100)).toEqual([2_000, 2_000, 500])
  // Cards with pictures: no more is held than of small ones.
  expect(await sizes(100, 1024 * 1024)).toEqual([...Array(12).fill(8), 4])
  expect(await sizes(0, 0)).toEqual([])
})
