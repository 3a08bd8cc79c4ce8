/** Who counts in a window, said slowly: by going through everything that was looked at. */
import type { Counted } from '../../src/rules/meter'

export interface Reveal {
  readonly actor: string
  readonly person: string
  readonly at: number
}

export const countedIn =
  (reveals: readonly Reveal[]) =>
  (length: number, now: number, actor?: string): Counted => {
    const last = new Map<string, number>()
    for (const reveal of reveals) {
      if (reveal.at <= now - length || (actor !== undefined && reveal.actor !== actor)) continue
      last.set(reveal.person, Math.max(reveal.at, last.get(reveal.person) ?? 0))
    }
    return { size: last.size, has: person => last.has(person), lastLooks: () => last }
  }
