/**
 * Deliveries, as whoever receives them notes them: who was handed over in which run. The ledger must know of every batch
 * of which anybody saw a person, of the end of every delivery that was answered for, and nobody is handed over twice,
 * whatever ended a run and whoever resumed it.
 */
import type { AnyVault, Card, LedgerLine } from '@amanat/vault'

interface HandedOver {
  readonly batches: string[][]
  answer?: { readonly id: string; readonly delivered: number }
}

export class Deliveries {
  /** By actor: each run has one of its own, so that the ledger's entries tell whose they are. */
  readonly #runs = new Map<string, HandedOver>()
  #unfinished: readonly string[] = []
  #count = 0
  #checked = 0

  /** Batches and answers that were found in the ledger. */
  get checked(): number {
    return this.#checked
  }

  /** The runs that a vault as it stands now knows. */
  get runs(): ReadonlySet<string> {
    return new Set(this.#runs.keys())
  }

  /** An older vault stands again: it knows of these runs only. */
  keep(runs: ReadonlySet<string>): void {
    for (const actor of this.#runs.keys()) if (!runs.has(actor)) this.#runs.delete(actor)
    this.#unfinished = []
  }

  /** Hands everybody over who may be, or goes on with what was broken off; `sees` hears of each person. */
  async deliver(vault: AnyVault, resume: boolean, sees: (id: string, name: string | undefined) => void): Promise<void> {
    const id = resume ? this.#unfinished.at(-1) : undefined
    const actor = `staff:run${this.#count++}`
    const run: HandedOver = { batches: [] }
    this.#runs.set(actor, run)
    const { id: answered, delivered } = await vault
      .as(actor)
      .for('news')
      .deliver({
        recipient: 'gateway',
        batch: 1,
        whenRefused: 'leave-out',
        ...(id === undefined ? {} : { resume: id }),
        to: async (people: readonly { readonly id: string; readonly card: Card }[]) => {
          run.batches.push(people.map(person => person.id))
          for (const person of people) sees(person.id, person.card.name?.full)
        },
      } as never)
    run.answer = { id: answered, delivered }
  }

  /** What is wrong with the ledger of a vault that was just opened. */
  async wrongs(vault: AnyVault): Promise<string[]> {
    if (this.#runs.size === 0) return []
    const wrongs: string[] = []
    const lines: LedgerLine[] = []
    for await (const line of vault.ledger.entries({})) if ('export' in line) lines.push(line)
    const told = (type: string, more: object) =>
      lines.filter(line => line.type === type && Object.entries(more).every(([name, is]) => line[name] === is))
    const handed = new Map<unknown, string[]>()
    for (const [actor, { batches, answer }] of this.#runs) {
      const known = told('delivery-batch', { actor })
      if (known.length < batches.length)
        wrongs.push(`${actor} handed over ${batches.length} batches, and the ledger knows ${known.length}`)
      if (answer && told('export-ended', { export: answer.id, people: answer.delivered, actor }).length !== 1)
        wrongs.push(`the ledger doesn't know that ${actor} handed over ${answer.delivered}`)
      if (batches.length > 0) handed.set(known[0]?.export, [...(handed.get(known[0]?.export) ?? []), ...batches.flat()])
      this.#checked += batches.length + (answer ? 1 : 0)
    }
    for (const [delivery, ids] of handed)
      if (new Set(ids).size !== ids.length) wrongs.push(`${delivery} handed somebody over twice`)
    this.#unfinished = told('export-started', {})
      .map(line => line.export as string)
      .filter(id => told('export-ended', { export: id }).length === 0)
    return wrongs
  }
}
