/**
 * The grammar of a policy: which words there are and what each may look like on its own. How they
 * must fit together is in `define.ts`.
 */
import * as v from 'valibot'
import { addDuration, durationMs, parseDuration } from '../time/calendar'
import { isAgeRecipient } from './age-recipient'

/** Purposes, recipients and notices are named in addresses, files and ledgers: one plain spelling. */
const KEBAB = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/
/** RFC 5646 in shape: a language and its subtags. */
const LANGUAGE = /^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*$/
const NAME_LENGTH = 64

const DAY = 86_400_000
// Durations with months and years differ by where they begin. Compared from here, February can't shorten one.
const REFERENCE = Date.UTC(2000, 0, 1)
const from = (duration: string) => addDuration(REFERENCE, duration)
const LONGEST = from('P100Y')

const holds = (rule: (text: string) => unknown) => (text: string) => {
  try {
    return rule(text) !== false
  } catch {
    return false
  }
}

/** Names that every object inherits: valibot's records pass them by, whatever stands under them. */
const INHERITED = ['__proto__', 'constructor', 'prototype']
/** An object whose keys are its author's own. */
const map = <K extends v.GenericSchema<string, string>, V extends v.GenericSchema>(key: K, value: V) =>
  v.pipe(
    v.custom<{ [key: string]: unknown }>(
      entries =>
        !(typeof entries === 'object' && entries !== null && INHERITED.some(name => Object.hasOwn(entries, name))),
      'must not use a name that every object has',
    ),
    v.custom<{ [key: string]: unknown }>(entries => !Array.isArray(entries), 'must be an object'),
    v.record(key, value),
  )

const words = v.pipe(
  v.string(),
  v.check(text => text.trim() !== '', 'must say something'),
)
const name = v.pipe(
  v.string(),
  v.check(
    text => KEBAB.test(text) && text.length <= NAME_LENGTH && !Object.hasOwn(Object.prototype, text),
    'must be a name in small letters, digits and hyphens, such as group-chat',
  ),
)
const country = v.pipe(v.string(), v.regex(/^[A-Z]{2}$/, 'must be a country of ISO 3166-1, such as GB'))
const language = v.pipe(v.string(), v.regex(LANGUAGE, 'must be a language tag, such as fa or en-GB'))
const byLanguage = v.pipe(
  map(language, words),
  v.check(text => Object.keys(text).length > 0, 'must say something in at least one language'),
)
const text = v.union([words, byLanguage], issue => {
  const inner = issue.issues?.find(each => each.message.startsWith('must'))
  return inner?.message ?? 'must be a text, or texts by language'
})

const duration = v.pipe(
  v.string(),
  v.check(holds(parseDuration), 'must be an ISO 8601 duration, such as P90D'),
  v.check(text => !holds(parseDuration)(text) || holds(text => from(text) <= LONGEST)(text), 'must end: at most P100Y'),
)
/** A duration that is none was reported already; what it should have been isn't reported on top. */
const durationThat = (rule: (text: string) => boolean, message: string) =>
  v.pipe(
    duration,
    v.check(text => !holds(parseDuration)(text) || holds(rule)(text), message),
  )
const keepFor = durationThat(text => from(text) >= REFERENCE + 2 * DAY, 'must be at least P2D (R4)')
const notice = durationThat(text => from(text) >= REFERENCE + 7 * DAY, 'must be at least P7D (R3)')
const inQuarantine = durationThat(
  text => durationMs(text) >= 2 * DAY && durationMs(text) <= 30 * DAY,
  'must be from P2D to P30D (R22)',
)
const within = durationThat(
  text => durationMs(text) <= 400 * DAY,
  'must be a window in days or less, such as PT1H or P30D, of at most P400D',
)

export const NOTHING_IN_IT = 'must not be empty'

const ageKey = v.pipe(v.string(), v.check(isAgeRecipient, 'must be an age recipient (age1…) with a right checksum'))
const some = <T extends v.GenericSchema>(item: T, least = 1) =>
  v.pipe(
    v.array(item),
    v.check(list => list.length >= least, NOTHING_IN_IT),
    v.check(list => new Set(list).size === list.length, 'must not name anything twice'),
  )

const assurance = v.picklist(['claimed', 'evidenced', 'confirmed'])
const ageKeys = v.optional(some(ageKey))

const recipient = v.strictObject({
  name: words,
  role: v.picklist(['processor', 'controller']),
  country,
  members: v.picklist(['kept-apart', 'see-each-other']),
  ageKeys,
  via: v.optional(some(v.picklist(['sealed-file', 'delivery', 'plaintext-file']))),
  destroyAfter: v.optional(duration),
})

const self = v.strictObject({
  why: text,
  via: v.optional(some(v.picklist(['sealed-file', 'delivery'], 'must be sealed-file or delivery (R2)'))),
  ageKeys,
})

const recipientName = v.pipe(
  name,
  v.check(id => id !== 'self', 'is a word of its own: declare `self` beside `recipients`'),
)

const purpose = v.strictObject({
  description: text,
  fields: some(v.string()),
  keepFor,
  recipients: v.optional(map(recipientName, recipient)),
  self: v.optional(self),
  assurance: v.optional(v.strictObject({ use: v.optional(assurance), export: v.optional(assurance) })),
  special: v.optional(v.boolean()),
  was: v.optional(name),
})

const window = v.pipe(
  v.strictObject({
    people: v.optional(
      v.pipe(
        v.number(),
        v.check(n => Number.isSafeInteger(n) && n > 0, 'must be a whole number above 0'),
      ),
    ),
    share: v.optional(
      v.pipe(
        v.number(),
        v.check(n => n > 0 && n <= 1, 'must be above 0 and at most 1'),
      ),
    ),
    within,
  }),
  v.check(({ people, share }) => (people === undefined) !== (share === undefined), 'must say either people or share'),
)

export const purposesShape = v.pipe(
  map(name, purpose),
  v.check(purposes => Object.keys(purposes).length > 0, 'must have at least one purpose'),
)

export const policyShape = v.strictObject({
  controller: v.strictObject({ name: words, contact: words, address: words, jurisdiction: country, withdraw: words }),
  region: v.optional(country),
  custom: v.optional(
    map(
      v.pipe(v.string(), v.regex(/^x:[A-Za-z0-9_-]{1,64}$/, 'must be a name such as x:diet')),
      v.picklist(['text', 'number', 'date', 'boolean']),
    ),
  ),
  notices: v.optional(map(name, v.strictObject({ version: words, text: byLanguage }))),
  purposes: purposesShape,
  special: v.optional(v.boolean()),
  bulk: v.strictObject({
    perActor: some(window),
    vault: some(window),
    missesPerHour: v.optional(
      v.pipe(
        v.number(),
        v.check(n => Number.isSafeInteger(n) && n > 0, 'must be a whole number above 0'),
      ),
    ),
  }),
  quarantine: v.optional(v.strictObject({ keepFor: v.optional(inQuarantine), perActor: v.optional(some(window)) })),
  notice: v.optional(notice),
  maxJump: v.optional(duration),
  nameStoppedRows: v.optional(v.boolean()),
})
