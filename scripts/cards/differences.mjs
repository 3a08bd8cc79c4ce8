// What two cards differ in, as property paths in which ids and numbers are `*`, so that files can be added up.
// Exact: another id, another order of a list and another way of writing a date are all differences.

/** Properties of a card that don't match, such as `phones/id/features`, each with how often. */
export function differences(before, after, found = {}) {
  compare(before, after, [], found)
  return found
}

export function count(found, property, times = 1) {
  found[property] = (Object.hasOwn(found, property) ? found[property] : 0) + times
}

/** Adds the counts of one to the other. */
export function addTo(sum, more) {
  for (const [property, times] of Object.entries(more)) count(sum, property, times)
  return sum
}

export const total = found => Object.values(found).reduce((sum, times) => sum + times, 0)

function compare(before, after, path, found) {
  if (Object.is(before, after)) return
  if (Array.isArray(before) && Array.isArray(after)) {
    for (let at = 0; at < Math.max(before.length, after.length); at++) {
      const next = path[0] === 'vCardProps' && path.length === 1 ? String(before[at]?.[0] ?? after[at]?.[0]) : '*'
      compare(before[at], after[at], [...path, next], found)
    }
    return
  }
  if (isObject(before) && isObject(after)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
      const [mine, theirs] = [before, after].map(one => (Object.hasOwn(one, key) ? one[key] : undefined))
      compare(mine, theirs, [...path, named(path, key)], found)
    }
    return
  }
  count(found, path.join('/'))
}

const isObject = value => typeof value === 'object' && value !== null && !Array.isArray(value)

// Whose members have names of their own; those of every other property of a card have ids, or are what was written.
const NAMED = new Set(['name', 'speakToAs', 'vCardParams'])

function named(path, key) {
  if (path.length === 0) return key
  if (path[0] === 'localizations') return '*'
  if (path[0] === 'speakToAs' && path[1] === 'pronouns') return path.length === 2 ? '*' : key
  return path.length === 1 && !NAMED.has(path[0]) ? '*' : key
}
