/**
 * Whether a history of timed operations, by many at once, could have come from one thing that does one operation at a
 * time: each at some instant between its start and its answer, each answering what that thing would have answered. It
 * is the search of Wing and Gong (Testing and Verifying Concurrent Objects, JPDC 1993) with Lowe's memory of what was
 * tried (Testing for Linearizability, CCPE 2017). It knows nothing of vaults, nor of where it runs.
 *
 * An operation that was never answered, because its process was killed, may have happened at any time after its start,
 * or never.
 */

export interface Timed<A, R> {
  /** For whoever reads a history that doesn't fit. */
  readonly who: string
  /** Of one clock that never runs back, shared by all: the unit doesn't matter. Equal instants count as overlapping. */
  readonly start: number
  /** Absent: never answered. */
  readonly end?: number
  readonly asked: A
  readonly answered?: R
}

/** What one operation at a time would do. */
export interface Thing<S, A, R> {
  readonly initial: S
  /**
   * In which states this operation may leave the thing when it answers so; none: it can't have answered so. For an
   * operation that was never answered, `answered` is undefined: whatever it may do, doing nothing left out.
   */
  step(state: S, asked: A, answered: R | undefined): readonly S[]
  /** Equal for equal states. */
  key(state: S): string
}

export interface Verdict<S, A, R> {
  readonly linearizable: boolean
  /** One order that fits; or the longest that was found. */
  readonly order: readonly Timed<A, R>[]
  /** Where that order leads. */
  readonly state: S
  /** What can't come next: empty when all fits. */
  readonly stuck: readonly Timed<A, R>[]
}

interface Frame<S> {
  readonly state: S
  /** What may come next, as pairs of an operation and the state after it. */
  readonly next: readonly (readonly [operation: number, after: S])[]
  at: number
}

export function linearizable<S, A, R>(
  history: readonly Timed<A, R>[],
  { initial, step, key }: Thing<S, A, R>,
): Verdict<S, A, R> {
  const all = [...history].sort((a, b) => a.start - b.start)
  const done = new Uint8Array(all.length)
  let left = all.filter(({ end }) => end !== undefined).length
  const unanswered = all.flatMap(({ end }, i) => (end === undefined ? [i] : []))
  /** Of what was answered, all before it are done; none after the other is. */
  let low = 0
  let furthest = -1
  const tried = new Set<string>()
  const path: number[] = []
  let longest: { order: number[]; state: S; stuck: number[] } = { order: [], state: initial, stuck: [] }

  const raise = () => {
    while (low < all.length && (done[low] || all[low]?.end === undefined)) low++
  }

  /** Nothing may come before what was answered before it began. */
  const candidates = (): number[] => {
    raise()
    const some: number[] = []
    let firstEnd = Number.POSITIVE_INFINITY
    for (let i = low; i < all.length; i++) {
      const { start, end } = all[i] as Timed<A, R>
      if (start > firstEnd) break
      if (done[i] || end === undefined) continue
      firstEnd = Math.min(firstEnd, end)
      some.push(i)
    }
    const able = (i: number) => !done[i] && (all[i] as Timed<A, R>).start <= firstEnd
    const endOf = (i: number) => all[i]?.end as number
    return [...some.filter(able).sort((a, b) => endOf(a) - endOf(b)), ...unanswered.filter(able)]
  }

  const frame = (state: S): Frame<S> => {
    const able = candidates()
    const next = able.flatMap(i => {
      const { asked, answered, end } = all[i] as Timed<A, R>
      return step(state, asked, end === undefined ? undefined : answered).map(after => [i, after] as const)
    })
    if (path.length >= longest.order.length) longest = { order: [...path], state, stuck: able }
    return { state, next, at: 0 }
  }

  const here = (state: S): string => {
    raise()
    const beyond: number[] = []
    for (let i = low + 1; i <= furthest; i++) if (done[i] && all[i]?.end !== undefined) beyond.push(i)
    return `${low};${beyond};${unanswered.filter(i => done[i])};${key(state)}`
  }

  const frames = [frame(initial)]
  while (left > 0) {
    const top = frames.at(-1)
    if (!top) {
      const { order, state, stuck } = longest
      return { linearizable: false, order: pick(all, order), state, stuck: pick(all, stuck) }
    }
    const next = top.next[top.at++]
    if (!next) {
      frames.pop()
      const undone = path.pop()
      if (undone !== undefined) {
        done[undone] = 0
        if (all[undone]?.end !== undefined) left++
        low = Math.min(low, undone)
      }
      continue
    }
    const [i, after] = next
    done[i] = 1
    furthest = Math.max(furthest, i)
    const before = low
    const known = here(after)
    if (tried.has(known)) {
      done[i] = 0
      low = Math.min(before, i)
      continue
    }
    tried.add(known)
    path.push(i)
    if (all[i]?.end !== undefined) left--
    frames.push(frame(after))
  }
  return { linearizable: true, order: pick(all, path), state: frames.at(-1)?.state ?? initial, stuck: [] }
}

const pick = <T>(all: readonly T[], numbers: readonly number[]): T[] => numbers.map(i => all[i] as T)

/** For messages: a verdict in words, the end of the order and what can't follow it. */
export function told<S, A, R>({ linearizable: fits, order, state, stuck }: Verdict<S, A, R>): string {
  if (fits) return `fits, in an order of ${order.length}`
  const line = ({ who, start, end, asked, answered }: Timed<A, R>) =>
    `  ${start}–${end ?? 'never'} ${who}: ${JSON.stringify(asked)} -> ${JSON.stringify(answered)}`
  const last = order.slice(-8).map(line)
  return [
    `no order fits; the longest has ${order.length}, and ends`,
    ...last,
    `in ${JSON.stringify(state instanceof Map ? [...state] : state)}; none of these can follow:`,
    ...stuck.map(line),
  ].join('\n')
}
