// @ts-check
// What the scenes share: the vault, the clock, what was counted, and what was expected. Everything that is printed or
// counted comes from an answer of the vault; what the files say is kept beside it only to compare.

/**
 * Somebody of the address book, as the demo knows them from the files that were imported. A real app would forget
 * these when the import is done.
 * @typedef {object} Entry
 * @property {string} file
 * @property {string} name
 * @property {readonly string[]} numbers as written
 * @property {readonly string[]} emails
 * @property {string | undefined} id in the vault, if they came in
 */

/**
 * @typedef {object} SignUp
 * @property {{ phone?: string, email?: string }} who
 * @property {'prayer-times' | 'group-chat'} [purpose] none: all
 * @property {'given' | 'refused' | 'never-again'} answer
 * @property {string} how
 * @property {string} on
 * @property {string} [language]
 * @property {{ kind: string, reference: string }} [evidence]
 * @property {string} [method]
 */

/**
 * @typedef {object} Stage
 * @property {import('./tell.mjs').Tell} tell
 * @property {import('@amanat/vault/testing').FakeClock} clock
 * @property {string} folder where everything of this run lies
 * @property {string} vaultFolder
 * @property {string} passphrase
 * @property {string} identity the SMS provider's age identity: made for this run, in a real life never here
 * @property {import('./policy.mjs').CentrePolicy} policy
 * @property {import('@amanat/vault').Vault<import('./policy.mjs').CentrePolicy>} vault
 * @property {Entry[]} entries
 * @property {readonly SignUp[]} signUps
 * @property {Map<string, SignUp>} agreed who agreed to prayer times, with evidence: by contact id
 * @property {Record<string, unknown>} counts what `--json` prints
 * @property {(found: unknown, wanted: unknown, what: string) => void} expect
 */

/** What was expected and is not so. */
export function expectations() {
  /** @type {string[]} */
  const failures = []
  return {
    failures,
    /** @param {unknown} found @param {unknown} wanted @param {string} what */
    expect(found, wanted, what) {
      const [is, should] = [JSON.stringify(found), JSON.stringify(wanted)]
      if (is !== should) failures.push(`${what}: expected ${should}, found ${is}`)
    },
  }
}

/** The digits of a number in any script, without country code: enough to know one number of the demo from another. @param {string} number */
export const digitsOf = number =>
  [...number.matchAll(/\p{Nd}/gu)]
    .map(([digit]) => asciiDigit(digit))
    .join('')
    .slice(-9)

/** Unicode keeps the ten digits of a script together, in order; those of Persian and Arabic begin at U+06F0 and U+0660. @param {string} digit */
function asciiDigit(digit) {
  const point = /** @type {number} */ (digit.codePointAt(0))
  return String(
    point >= 0x6f0 && point <= 0x6f9 ? point - 0x6f0 : point >= 0x660 && point <= 0x669 ? point - 0x660 : digit,
  )
}

/** All entries of the person who wrote this number or address: one for each file that they are in. @param {readonly Entry[]} entries @param {SignUp['who']} who */
export function entriesOf(entries, { phone, email }) {
  const byEmail = entries.filter(entry => email !== undefined && entry.emails.includes(email))
  const numbers = new Set(
    [...(phone === undefined ? [] : [phone]), ...byEmail.flatMap(({ numbers }) => numbers)].map(digitsOf),
  )
  return entries.filter(entry => entry.numbers.some(number => numbers.has(digitsOf(number))))
}

/** @template T @param {AsyncIterable<T>} items @returns {Promise<T[]>} */
export async function all(items) {
  /** @type {T[]} */
  const list = []
  for await (const item of items) list.push(item)
  return list
}

/**
 * The refusal that a call was answered with.
 * @param {Promise<unknown>} call
 * @returns {Promise<import('@amanat/vault').AnyVaultError | undefined>} undefined when it was not refused
 */
export async function refusalOf(call) {
  const { isVaultError } = await import('@amanat/vault')
  try {
    await call
    return undefined
  } catch (error) {
    if (isVaultError(error)) return error
    throw error
  }
}

const REASONS = /** @type {const} */ ({
  'no-consent': 'agreed to something else',
  'not-given': 'were asked and have not answered',
  refused: 'said no',
  withdrawn: 'took their consent back',
  expired: 'agreed once, and that is over',
  'recipient-not-agreed': 'never agreed to this recipient',
  'field-not-agreed': 'never agreed to these fields',
  'assurance-too-low': 'have a consent that is not proved well enough',
  quarantined: 'never agreed to anything (quarantine)',
})

/** Reasons as rows of a table, most people first. @param {{ readonly [reason in keyof typeof REASONS]?: number }} reasons */
export const reasonsInWords = reasons =>
  /** @type {[keyof typeof REASONS, number][]} */ (Object.entries(reasons))
    .sort(([, one], [, other]) => other - one)
    .map(([reason, people]) => [people, REASONS[reason], reason])
