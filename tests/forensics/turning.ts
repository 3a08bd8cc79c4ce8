/**
 * A vault that forgets again and again, so that its cell is overwritten again and again, on any store. It runs in Node
 * and in a page. The words that it is told come from outside, and every secret that the cell is given is taken down.
 */
import {
  type Card,
  createVault,
  dropExpired,
  type NewContact,
  openAnyVault,
  type Policy,
  type Store,
  type Vault,
} from '@amanat/vault'
import { type FakeClock, fakeClock, testKey } from '@amanat/vault/testing'
import { Notebook, noted, secretsNow, type Taken } from './secrets'

export interface Given {
  readonly start: string
  readonly policy: Policy
  readonly purpose: string
  /** What is said of people: names, notes, evidence. */
  readonly words: readonly string[]
}

/** Each ends in something that can't be read any more, and so in at least one secret that is replaced. */
export const STEPS = [
  'a consent is withdrawn',
  'a contact is erased',
  'a contact is changed',
  'a day passes while the vault is open',
  'the way of unlocking is replaced',
  'the policy is narrowed',
  'the vault is locked, and what expired is dropped without a key',
  'the vault is opened again',
] as const
export type Step = (typeof STEPS)[number]

export class Turning {
  readonly notebook = new Notebook()
  #vault!: Vault<Policy>
  #clock!: FakeClock
  #store!: Store
  #key = 1
  #told = 0
  /** Whether the vault is, at the moment. */
  open = false

  constructor(
    readonly make: () => Store,
    readonly given: Given,
  ) {}

  async create(): Promise<this> {
    this.#clock = fakeClock(this.given.start)
    this.#store = noted(this.make(), this.notebook)
    this.#vault = await createVault({ ...this.#options(), policy: this.given.policy, slotLabel: this.#word() })
    this.open = true
    return this
  }

  taken(): Taken {
    return this.notebook.taken()
  }

  now(): Promise<Taken> {
    return secretsNow(this.#store)
  }

  guarantees() {
    return this.#vault.guarantees()
  }

  /** Forgets in every way by turns until so many secrets more were replaced. Answers how many were. */
  async turn(count: number): Promise<number> {
    const before = this.#replaced()
    for (let turns = 0; this.#replaced() - before < count; turns++) {
      if (turns > 2 * count + 10) throw new Error('forgetting replaced no secret')
      await this.step(STEPS[turns % 4] as Step)
    }
    return this.#replaced() - before
  }

  async step(step: Step): Promise<void> {
    const before = this.#replaced()
    await this.#carryOut(step)
    if (this.#replaced() === before && step !== 'the vault is opened again') {
      throw new Error(`no secret was replaced when ${step}`)
    }
  }

  async destroy(): Promise<void> {
    await this.#vault.destroy()
  }

  async lock(): Promise<void> {
    this.open = false
    await this.#vault.lock()
  }

  /** Secrets that were, and are no more. */
  #replaced(): number {
    const { epochs, ratchets } = this.taken()
    return epochs.length + ratchets.length - 2
  }

  async #carryOut(step: Step): Promise<void> {
    const vault = this.#vault
    switch (step) {
      case 'a consent is withdrawn':
        await vault.withdraw(await this.#somebody(), this.given.purpose)
        return
      case 'a contact is erased':
        await vault.erase(await this.#somebody())
        return
      case 'a contact is changed':
        await vault.change(await this.#somebody(), { name: { full: this.#word() } })
        return
      case 'a day passes while the vault is open':
        await this.#clock.advance('P1D')
        return
      case 'the way of unlocking is replaced': {
        const [slot] = await vault.slots.list()
        await vault.slots.replace((slot as { id: string }).id, testKey(++this.#key))
        return
      }
      case 'the policy is narrowed': {
        // Somebody has to have what is narrowed away.
        await this.#somebody()
        const next = narrowed(this.given.policy, this.given.purpose)
        this.#vault = await vault.changePolicy(next, { accept: await vault.planPolicy(next) })
        return
      }
      case 'the vault is locked, and what expired is dropped without a key':
        await this.lock()
        await this.#clock.advance('P20D')
        this.#store = noted(this.make(), this.notebook)
        await dropExpired(this.#store, { clock: this.#clock })
        return
      case 'the vault is opened again':
        await this.#store.close()
        this.#store = noted(this.make(), this.notebook)
        this.#vault = await openAnyVault(this.#options())
        this.open = true
    }
  }

  #options() {
    return { store: this.#store, unlock: testKey(this.#key), actor: 'staff:one', clock: this.#clock }
  }

  #word(): string {
    return this.given.words[this.#told++ % this.given.words.length] as string
  }

  async #somebody(): Promise<string> {
    // No number and no address: short fingerprints of so many who left would stop somebody new (R20).
    const contact: NewContact<Policy> = {
      card: {
        name: { full: this.#word() },
        notes: { n1: { note: this.#word() } },
      } as Card,
      source: this.#word(),
      consents: [
        {
          purpose: this.given.purpose,
          given: {
            how: 'paper',
            words: this.#word(),
            evidence: { kind: 'scan', content: new TextEncoder().encode(this.#word()) },
          },
        },
      ],
    }
    return (await this.#vault.add(contact)).id
  }
}

function narrowed(policy: Policy, name: string): Policy {
  const purpose = policy.purposes[name]
  if (!purpose) throw new Error('no such purpose')
  const fields = purpose.fields.filter(field => field !== 'notes')
  return { ...policy, purposes: { ...policy.purposes, [name]: { ...purpose, fields } } }
}
