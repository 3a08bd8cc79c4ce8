/**
 * What the trust parts share: how much to try, and where to say what was tried. In the normal run sizes are small
 * enough for every test run; `npm run trust -- --nightly` asks for the large ones. Figures are counted by the tests
 * that did the work and read by `scripts/trust.mjs`, which prints them.
 */
import { appendFileSync } from 'node:fs'
import { env } from 'node:process'

export const nightly = env.AMANAT_TRUST === 'nightly'

/** How many times to try something. */
export const size = (normal: number, large: number): number => (nightly ? large : normal)

/** Adds to the figures of a part: numbers under the same name are summed, over all the tests of the part. */
export function figures(part: string, counted: { readonly [what: string]: number }): void {
  const file = env.AMANAT_TRUST_FIGURES
  if (file) appendFileSync(file, `${JSON.stringify({ part, counted })}\n`)
}
