/**
 * A few lines out of a source file, found by words that stand in the first of them: on to where its brackets are closed again.
 * So what the page shows is what runs, and a test fails when the words are gone.
 */
export function excerpt(source: string, words: string): string | undefined {
  const lines = source.split('\n')
  const first = lines.findIndex(line => line.includes(words))
  if (first < 0) return undefined
  let open = 0
  let last = first
  for (; last < lines.length; last++) {
    for (const letter of lines[last] ?? '') {
      if ('([{'.includes(letter)) open++
      else if (')]}'.includes(letter)) open--
    }
    if (open <= 0) break
  }
  const taken = lines.slice(first, last + 1)
  const indent = /^ */.exec(taken[0] ?? '')?.[0].length ?? 0
  return taken.map(line => line.slice(Math.min(indent, line.length - line.trimStart().length))).join('\n')
}
