/** What each of many asks, by chance: mostly of the same few people, so that they meet. Runs anywhere. */
import type { Chance } from '../kills/chance'
import { PURPOSES } from '../kills/people'
import type { Answered, Asked } from './register'

/** One of those who work at the same time: asks one thing after the other. */
export class Lane {
  readonly #revisions = new Map<string, number>()
  #last = 0

  constructor(
    readonly who: string,
    readonly number: number,
    readonly keys: readonly string[],
    readonly chance: Chance,
    /** Asks only what changes nothing: it sees what others did, or it doesn't. */
    readonly reads = false,
  ) {}

  next(): Asked {
    const { chance } = this
    // Half of it is about two people, who stay: what never meets shows nothing, and who is gone shows little.
    const hot = chance.once(2)
    const key = hot ? chance.pick(this.keys.slice(2, 4)) : chance.pick(this.keys)
    const purpose = chance.pick(PURPOSES)
    const thrown = this.reads ? 50 + chance.below(50) : chance.below(100)
    if (thrown < 40) {
      const revision = this.#revisions.get(key)
      this.#last++
      return {
        do: 'change',
        key,
        ...(chance.once(3) ? { phone: this.#phone() } : { name: `Name-${key}-${this.who}-${this.#last}` }),
        ...(revision !== undefined && chance.once(2) ? { ifRevision: revision } : {}),
      }
    }
    if (thrown < 44) return { do: 'consent', key, purpose }
    if (thrown < 48) return { do: 'withdraw', key, ...(!hot && chance.once(4) ? {} : { purpose }) }
    if (thrown < 50 && !hot) return { do: 'erase', key }
    if (thrown < 72) return { do: 'get', key, purpose }
    if (thrown < 82) return { do: 'reveal', key, purpose }
    if (thrown < 86) return { do: 'exist' }
    return { do: chance.pick(['list', 'list', 'find', 'count', 'check']), purpose }
  }

  heard(asked: Asked, answered: Answered): void {
    if (!('key' in asked)) return
    if ('revision' in answered) this.#revisions.set(asked.key, answered.revision)
    if ('shown' in answered && answered.shown) this.#revisions.set(asked.key, answered.shown.revision)
  }

  /** Numbers that Ofcom keeps for drama, others for each lane as long as they last. */
  #phone(): string {
    return `+44 7700 900${String((this.number + 16 * this.#last) % 1000).padStart(3, '0')}`
  }
}
