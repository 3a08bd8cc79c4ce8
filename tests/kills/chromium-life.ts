/**
 * The long life of one vault in the profile of a browser that is killed again and again: what its pages are told, what
 * they acknowledged, and what is seen when the profile is opened the next time.
 */
import { spawnSync } from 'node:child_process'
import { rm } from 'node:fs/promises'
import type { Page as Tab } from 'playwright'
import { everythingIn, type ImageRow } from '../../packages/vault/test/protocol/adversary'
import { type Launched, launch } from '../chromium/browser'
import { Acknowledged, type Operation } from './acknowledged'
import type { Said } from './act'
import type { Chance } from './chance'
import type { KilledPage, Way } from './chromium-page'
import { FIRST_DAY } from './people'
import { type Choice, planOf, Words } from './plan'

declare const page: KilledPage

/** What LevelDB writes where there was no folder. A page that deletes its database leaves the folder: tried with Chromium 156. */
const MADE_ANEW = /Creating DB .*IndexedDB.* since it was missing/

/**
 * The browser itself removed the site's IndexedDB with its folder when it was started again, while the cell's file stayed.
 * Chromium 156 did so twice, and perhaps a third time, in some eight hundred kills. Why isn't known.
 */
export class StorageLost extends Error {}

/** What lies in a profile where sites store things, and what the browser says of it. */
function profileOf(profile: string): string {
  const show = `find . -path '*Default/IndexedDB*' -type f -printf '%p %s %T+\\n' -o -path '*Default/File System*' -type f -printf '%p %s %T+\\n' -o -path '*WebStorage*' -type f -printf '%p %s %T+\\n'; tail -n 30 Default/IndexedDB/*/LOG Default/IndexedDB/*/LOG.old`
  return spawnSync('sh', ['-c', show], { cwd: profile, encoding: 'utf8' }).stdout
}

const bytesOf = (letters: string) => new Uint8Array(Buffer.from(letters, 'latin1'))

export class ChromiumLife {
  readonly known = new Acknowledged(FIRST_DAY)
  readonly #words = new Words()
  /** Everything that was ever seen in the store. */
  readonly #rows = new Map<string, ImageRow>()
  readonly #roots = new Map<string, Uint8Array>()
  #isNew = true
  #number = 0
  #plan: { readonly steps: readonly (readonly Operation[])[]; readonly first: number } | undefined
  #heard: (said: Said) => void = () => {}
  wordsLookedFor = 0

  constructor(
    readonly profile: string,
    readonly address: string,
    readonly broken?: string,
  ) {}

  end(): Promise<void> {
    return rm(this.profile, { recursive: true, force: true })
  }

  /** A new browser on the profile, that tells us what its pages say. */
  async launch(): Promise<Launched> {
    const browser = await launch(this.profile)
    await browser.context.exposeBinding('stepBegins', (_, step: number) => this.#begins(step))
    await browser.context.exposeBinding('say', (_, said: Said) => this.#hear(said))
    return browser
  }

  /** Opens the vault in this tab and holds everything it shows against what was acknowledged. Answers what contradicts it. */
  async open(tab: Tab, { adversary }: { readonly adversary: boolean }): Promise<string[]> {
    const wrong = adversary ? await this.#leaks(tab, 'before it was opened again') : []
    const ways: Way[] = this.known.slots.flatMap(slot => this.known.narrowed.map(narrowed => ({ slot, narrowed })))
    const asked = [this.known.today, ways, this.#isNew, this.broken] as const
    const how = await tab
      .evaluate(given => page.open(...given), asked)
      .catch(error => {
        const profile = profileOf(this.profile)
        const isLost = error.message.includes('the vault is gone') && MADE_ANEW.test(profile)
        throw new (isLost ? StorageLost : Error)(`${error.message}\n${profile}`)
      })
    this.#isNew = false
    this.known.slots = [how.slot]
    const looked = await tab.evaluate(ids => page.look(ids), [...this.known.ids])
    wrong.push(
      ...this.known.see({
        narrowed: how.narrowed,
        people: new Map(looked.people),
        entries: new Map(looked.entries),
        existing: new Set(looked.existing),
      }),
    )
    if (adversary) wrong.push(...(await this.#leaks(tab, 'after it was opened again')))
    return wrong
  }

  /**
   * Lets the tab use the vault. `ended` resolves when all is done, or the tab has come to its end; `enough` after so many
   * operations were acknowledged.
   */
  use(tab: Tab, chance: Chance, choice: Choice, answers: number): { enough: Promise<void>; ended: Promise<string> } {
    const steps = planOf(this.known, this.#words, chance, choice)
    const plan = { steps, first: this.#number }
    this.#plan = plan
    this.#number += steps.flat().length
    let heard = 0
    const enough = new Promise<void>(resolve => {
      if (answers === 0) resolve()
      this.#heard = said => {
        if (said.say === 'all-done' || (said.say === 'done' && ++heard >= answers)) resolve()
      }
    })
    const ended = tab
      .evaluate(given => page.use(...given), [plan.steps, plan.first, [...this.known.ids]] as const)
      .then(
        () => 'all done',
        error => (error as Error).message,
      )
    return { enough, ended }
  }

  /** Nothing that is still said counts: a page that was killed can't say it. */
  cut(): void {
    this.#plan = undefined
  }

  #begins(step: number): void {
    if (!this.#plan) return
    const { steps, first } = this.#plan
    const number = first + steps.slice(0, step).flat().length
    for (const [i, operation] of (steps[step] ?? []).entries()) this.known.begin(number + i, operation)
  }

  #hear(said: Said): void {
    if (!this.#plan) return
    if (said.say === 'row') this.known.row(said.key, said.id)
    if (said.say === 'done') this.known.done(said.number)
    if (said.say === 'refused') this.known.refused(said.number)
    this.#heard(said)
  }

  /** What an adversary with all rows that were ever seen, every key there ever was and today's cell reads of what is forgotten. */
  async #leaks(tab: Tab, when: string): Promise<string[]> {
    const written = await tab.evaluate(() => page.written())
    if (written.root === undefined) return []
    this.#roots.set(written.root, bytesOf(written.root))
    for (const { table, id, bucket, bytes } of written.rows) {
      this.#rows.set(`${table} ${id} ${bytes}`, { table, id: bytesOf(id), bucket, bytes: bytesOf(bytes) })
    }
    const keys = Array.from({ length: Math.max(...this.known.slots) }, (_, i) => ({
      secretKey: new Uint8Array(32).fill(i + 1),
    }))
    const image = {
      roots: [...this.#roots.values()],
      rows: [...this.#rows.values()],
      halves: written.halves.map(bytesOf),
    }
    const haul = await everythingIn(image, keys)
    const forgotten = this.known.forgotten()
    this.wordsLookedFor += forgotten.length
    const wrong = forgotten.flatMap(word => {
      const where = haul.where(word)
      return where.length > 0 ? [`${when}: ${word} was forgotten, and can be read in ${where.join(', ')}`] : []
    })
    if (haul.openedRoots === 0) wrong.push(`${when}: the adversary opened nothing: it looks in the wrong place`)
    for (const word of this.known.kept().slice(0, 3)) {
      if (haul.where(word).length === 0) wrong.push(`${when}: ${word} is kept, and can't be read`)
    }
    return wrong
  }
}
