// Finds the objects in a stream of JSON: one object, an array of them, or one to a line. Each is cut out as text and
// parsed by itself, so that a broken one doesn't cost the others and no file is held whole.
import type { CardErrorCode } from '../errors'
import type { Limits } from '../limits'

export type Found =
  | { readonly line: number; readonly text: string }
  | { readonly line: number; readonly error: CardErrorCode }

export async function* jsonObjects(text: AsyncIterable<string>, limits: Limits): AsyncGenerator<Found> {
  let line = 1
  let starts = 1
  let parts: string[] = []
  let size = 0
  let depth = 0
  let deepest = 0
  let string = false
  let escaped = false
  let stray = false
  const found: Found[] = []

  const finish = () => {
    if (deepest > limits.depth) found.push({ line: starts, error: 'TOO_DEEP' })
    else if (size > limits.card) found.push({ line: starts, error: 'CARD_TOO_LARGE' })
    else found.push({ line: starts, text: parts.join('') })
    reset()
  }
  const reset = () => {
    parts = []
    size = 0
    depth = 0
    deepest = 0
    string = false
    escaped = false
  }

  for await (const piece of text) {
    let from = 0
    for (let at = 0; at < piece.length; at++) {
      const char = piece.charCodeAt(at)
      if (char === 0x0a) {
        line++
        stray = false
        if (string) {
          // No string of JSON holds a newline: whatever this was, the next line begins anew.
          found.push({ line: starts, error: 'NOT_JSON' })
          reset()
        }
      } else if (depth === 0) {
        if (char === 0x7b) {
          starts = line
          depth = 1
          deepest = 1
          from = at
        } else if (!/[\s,[\]\ufeff]/.test(piece[at] as string) && !stray) {
          stray = true
          found.push({ line, error: 'NOT_JSON' })
        }
      } else if (string) {
        if (escaped) escaped = false
        else if (char === 0x5c) escaped = true
        else if (char === 0x22) string = false
      } else if (char === 0x22) string = true
      else if (char === 0x7b || char === 0x5b) {
        depth++
        deepest = Math.max(deepest, depth)
      } else if (char === 0x7d || char === 0x5d) {
        depth--
        if (depth === 0) {
          parts.push(piece.slice(from, at + 1))
          size += at + 1 - from
          finish()
        }
      }
    }
    if (depth > 0) {
      size += piece.length - from
      // Too large already: counted to the end, and not kept.
      if (size <= limits.card) parts.push(piece.slice(from))
      else parts = []
    }
    yield* found.splice(0)
  }
  if (depth > 0) yield { line: starts, error: 'CARD_UNFINISHED' }
}
