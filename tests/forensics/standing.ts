/** Which secrets stand on a disk, and whether those are the ones that may: shared by the disk's part and the browser's. */
import { expect } from 'vitest'
import type { Image } from './image'
import { eachChunk, SecretSearch } from './raw'
import type { Finding, Search } from './search'
import type { Taken } from './secrets'

export const all = ({ epochs, ratchets }: Taken): string[] => [...epochs, ...ratchets]

/** Those that are no more. */
export function oldOf(taken: Taken, now: Taken): string[] {
  const today = new Set(all(now))
  return all(taken).filter(secret => !today.has(secret))
}

/** Which of the secrets stand anywhere on the disk. */
export function standing(image: Image, secrets: Iterable<string>): Set<string> {
  image.sync()
  return new Set(new SecretSearch(secrets).inFile(image.file).hits.map(({ secret }) => secret))
}

/** Old secrets: none. Today's: both, or the search would be looking in the wrong place. Answers how many were sought and found. */
export function expectForgotten(image: Image, taken: Taken, now: Taken): { sought: number; found: number } {
  const old = oldOf(taken, now)
  const today = all(now)
  const found = standing(image, [...old, ...today])
  const stayed = old.filter(secret => found.has(secret))
  expect(stayed).toEqual([])
  expect(today).toHaveLength(2)
  expect(today.filter(secret => !found.has(secret))).toEqual([])
  return { sought: old.length, found: stayed.length }
}

/** Every word that stands anywhere on the disk. */
export function told(image: Image, search: Search): Omit<Finding, 'file'>[] {
  image.sync()
  const findings: Omit<Finding, 'file'>[] = []
  eachChunk(image.file, buffer => findings.push(...search.in(buffer)))
  return findings
}
