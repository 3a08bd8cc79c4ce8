/** What a process does until it is killed: operations by chance, of which each says beforehand what it would change. */
import type { Acknowledged, Operation } from './acknowledged'
import type { Chance } from './chance'
import { type Fields, type Person, PURPOSES, type Purpose } from './people'

/** Numbers that Ofcom keeps for drama: 07700 900000 to 900999. */
const PHONES = 1000

/** Makes words that no other detail of the same vault has. */
export class Words {
  #last = 0
  #phones = 0
  #people = 0

  /** Another one for each writer of one vault, so that two don't name the same person. */
  constructor(
    readonly writer = 0,
    readonly writers = 1,
  ) {
    this.#phones = writer
    this.#people = writer
  }

  word(kind: string, key: string): string {
    return `${kind}-${key}${this.writer}w${++this.#last}q`
  }

  person(chance: Chance, narrowed: boolean): Person {
    this.#people += this.writers
    const key = `p${this.#people}x`
    const purposes = chance.some(PURPOSES, 1 + chance.below(3))
    const phone = this.#phones
    this.#phones += this.writers
    const fields: Fields = {
      name: this.word('Name', key),
      ...(phone < PHONES ? { phone: `+44 7700 900${String(phone).padStart(3, '0')}` } : {}),
      email: `${this.word('mail', key)}@people.example`,
      ...(narrowed ? {} : { note: this.word('Note', key) }),
    }
    return { key, fields, consents: Object.fromEntries(purposes.map(each => [each, this.word(`Scan-${each}`, key)])) }
  }
}

export interface Choice {
  /** Also what concerns the whole vault: its policy, its key, its time. */
  readonly whole: boolean
  readonly steps: number
}

/** @param known what is there now; the plan goes on from it, taking for granted that everything succeeds */
export function planOf(known: Acknowledged, words: Words, chance: Chance, choice: Choice): Operation[][] {
  const plan: Operation[][] = []
  let present = known.present().map(({ key, held }) => ({ key, purposes: Object.keys(held.live) as Purpose[] }))
  // Two writers must not meet here: who else may change somebody is for tests/many.
  present = present.filter(({ key }) => Number(/\d+/.exec(key)?.[0]) % words.writers === words.writer)
  let narrowed = known.isNarrowed
  let slot = known.slots[0] ?? 1
  let day = known.today

  const add = (count: number): Operation => {
    const people = Array.from({ length: count }, () => words.person(chance, narrowed))
    present.push(...people.map(({ key, consents }) => ({ key, purposes: Object.keys(consents) as Purpose[] })))
    return { do: 'add', people }
  }
  const about = (key: string, purposes: Purpose[]): Operation => {
    const gone = () => {
      present = present.filter(each => each.key !== key)
    }
    const throwOf = chance.below(12)
    if (throwOf < 3) {
      const noted = !narrowed && purposes.includes('chat') && chance.once(2)
      return {
        do: 'change',
        key,
        fields: noted ? { note: words.word('Note', key) } : { name: words.word('Name', key) },
      }
    }
    if (throwOf < 6) {
      const purpose = chance.pick(PURPOSES)
      if (!purposes.includes(purpose)) purposes.push(purpose)
      return { do: 'consent', key, purpose, word: words.word(`Scan-${purpose}`, key) }
    }
    if (throwOf < 9) {
      const purpose = chance.once(4) ? undefined : chance.pick(purposes)
      if (purpose === undefined || purposes.length === 1) gone()
      else purposes.splice(purposes.indexOf(purpose), 1)
      return { do: 'withdraw', key, ...(purpose === undefined ? {} : { purpose }) }
    }
    if (throwOf < 11) {
      gone()
      return { do: 'erase', key }
    }
    return { do: 'reveal', key, purpose: chance.pick(purposes) }
  }
  const whole = (): Operation => {
    const throwOf = chance.below(5)
    if (throwOf === 0 && !narrowed) {
      narrowed = true
      return { do: 'narrow' }
    }
    if (throwOf <= 1) return { do: 'replace-slot', to: ++slot }
    day += 1 + chance.below(9)
    return { do: 'expire', day, by: chance.pick(['purge', 'drop']) }
  }

  while (plan.length < choice.steps) {
    if (present.length < 6) plan.push([add(chance.once(3) ? 1 : 4 + chance.below(16))])
    else if (choice.whole && chance.once(6)) plan.push([whole()])
    else if (chance.once(8)) plan.push([{ do: chance.pick(['deliver', 'export']), purpose: chance.pick(PURPOSES) }])
    else if (chance.once(6)) plan.push([add(1), add(1)])
    else plan.push(chance.some(present, 1 + chance.below(4)).map(({ key, purposes }) => about(key, purposes)))
  }
  return plan
}
