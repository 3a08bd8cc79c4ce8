/**
 * What may come in as a card: JSContact in shape, and only fields that a purpose declares (R1). What describes the
 * card and not the person (`uid`, `prodId`, `created`, …) is left behind: the vault has an id of its own, and a number
 * that is the same in every address book is how people are matched across them.
 */
import * as v from 'valibot'
import { type Issue, isVaultError, VaultError } from '../errors'
import type { Policy } from '../policy/policy'
import { bytesOver, copyRecord } from '../record/copy'
import { fieldsOf, undeclaredFields } from '../rules/declared'
import { CARD_FIELDS, type Card } from './jscontact'
import { mistyped, mistypedPatch } from './typed'

/** Of a card without its media: with its consents, a contact fits into one page however it is cut. */
export const MAX_CARD_BYTES = 32_768
/** Photos and other documents, all together. */
export const MAX_MEDIA_BYTES = 2 * 1024 * 1024
/** Entries of one field, such as phones of one person. */
const MAX_ENTRIES = 200

const isList = (value: unknown): boolean => Array.isArray(value)
const object = v.custom<unknown>(value => !isList(value), 'must be an object, not a list')
/** Names that valibot's records pass by, whatever stands under them. */
const PASSED_BY = ['constructor', 'prototype']
/** An object whose keys are its author's own. */
const mapOf = <K extends v.GenericSchema<string, string>>(key: K, shape: v.GenericSchema) =>
  v.pipe(
    object,
    v.custom<{ [key: string]: unknown }>(
      map =>
        typeof map !== 'object' ||
        map === null ||
        PASSED_BY.every(name => !Object.hasOwn(map, name) || v.is(shape, (map as Record<string, unknown>)[name])),
      'must hold what JSContact says under every name',
    ),
    v.record(key, shape),
  )

const entry = v.pipe(object, v.looseObject({}))
const entriesOf = (shape: v.GenericSchema) =>
  v.pipe(
    mapOf(
      v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{1,255}$/, 'must be keyed by ids of letters, digits, - and _')),
      v.pipe(object, shape),
    ),
    v.check(entries => Object.keys(entries).length <= MAX_ENTRIES, `must have at most ${MAX_ENTRIES} entries`),
  )
const words = mapOf(v.string(), v.boolean())
const component = v.looseObject({ kind: v.string(), value: v.string() })

const SHAPES: { readonly [field: string]: v.GenericSchema } = {
  name: v.pipe(
    object,
    v.looseObject({ full: v.optional(v.string()), components: v.optional(v.array(component)) }),
    v.check(name => name.full !== undefined || name.components !== undefined, 'must have full or components'),
  ),
  nicknames: entriesOf(v.looseObject({ name: v.string() })),
  organizations: entriesOf(v.looseObject({ name: v.optional(v.string()) })),
  titles: entriesOf(v.looseObject({ name: v.string() })),
  phones: entriesOf(v.looseObject({ number: v.pipe(v.string(), v.regex(/\S/, 'must not be empty')) })),
  emails: entriesOf(v.looseObject({ address: v.pipe(v.string(), v.regex(/\S/, 'must not be empty')) })),
  onlineServices: entriesOf(v.looseObject({ uri: v.optional(v.string()), user: v.optional(v.string()) })),
  addresses: entriesOf(v.looseObject({ full: v.optional(v.string()), components: v.optional(v.array(component)) })),
  notes: entriesOf(v.looseObject({ note: v.string() })),
  media: entriesOf(v.looseObject({ kind: v.string(), uri: v.string() })),
  links: entriesOf(v.looseObject({ uri: v.string() })),
  keywords: words,
  relatedTo: mapOf(v.string(), entry),
  speakToAs: entry,
  personalInfo: entriesOf(v.looseObject({ value: v.string() })),
  preferredLanguages: entriesOf(v.looseObject({ language: v.string() })),
}

const CUSTOM: { readonly [type: string]: v.GenericSchema } = {
  text: v.string(),
  number: v.pipe(v.number(), v.finite('must be a finite number')),
  boolean: v.boolean(),
  date: v.pipe(v.string(), v.isoDate('must be an ISO 8601 date')),
}

/**
 * The card as it may be kept: a copy, without envelope, in shape.
 * @throws VaultError `CARD_INVALID`, `FIELD_NOT_DECLARED`, `CARD_TOO_LARGE`
 */
export function checkCard(card: unknown, policy: Policy): Card {
  if (typeof card !== 'object' || card === null || Array.isArray(card)) {
    throw new VaultError('CARD_INVALID', { data: { issues: [{ path: '', message: 'must be an object' }] } })
  }
  const undeclared = undeclaredFields(card as Card, policy)
  if (undeclared.length > 0) throw new VaultError('FIELD_NOT_DECLARED', { data: { fields: undeclared.map(nameable) } })
  const issues: Issue[] = []
  const kept: Record<string, unknown> = {}
  for (const field of [...fieldsOf(card as Card), 'localizations']) {
    const value = (card as Record<string, unknown>)[field]
    if (value === undefined) continue
    const shape = shapeOf(field, policy)
    const result = v.safeParse(shape, value)
    if (result.success) {
      kept[field] = value
      issues.push(...typeIssues(field, value))
    } else for (const issue of result.issues) issues.push({ path: pathOf(field, issue), message: plainly(issue) })
  }
  if (issues.length > 0) throw new VaultError('CARD_INVALID', { data: { issues } })
  return sized(kept)
}

function typeIssues(field: string, value: unknown): Issue[] {
  const issue = (property: string) => ({
    path: `${nameable(field)}/*/${property}`,
    message: 'must have its type of JSContact',
  })
  const wrong =
    field === 'localizations'
      ? Object.values(value as object).map(patch => (isPatch(patch) ? mistypedPatch(patch) : 'patch'))
      : [field.startsWith('x:') ? undefined : mistyped(field, value)]
  return wrong.flatMap(property => (property === undefined ? [] : [issue(property)]))
}

const isPatch = (value: unknown): value is { readonly [pointer: string]: unknown } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function sized(card: Record<string, unknown>): Card {
  const { media, ...rest } = card
  const copy = copyOf(rest, MAX_CARD_BYTES)
  return (media === undefined ? copy : { ...copy, media: copyOf(media, MAX_MEDIA_BYTES) }) as Card
}

function copyOf<T>(value: T, limit: number): T {
  try {
    const copy = copyRecord(value)
    const bytes = bytesOver(limit, copy)
    if (bytes !== undefined) throw new VaultError('CARD_TOO_LARGE', { data: { bytes, limit } })
    return copy as T
  } catch (error) {
    if (isVaultError(error)) throw error
    throw new VaultError('CARD_INVALID', {
      data: { issues: [{ path: '', message: 'holds what JSON can not, or is nested too deeply' }] },
    })
  }
}

function shapeOf(field: string, policy: Policy): v.GenericSchema {
  if (field.startsWith('x:')) return CUSTOM[policy.custom?.[field as `x:${string}`] ?? 'text'] as v.GenericSchema
  if (field === 'localizations') return mapOf(v.string(), mapOf(v.string(), v.unknown()))
  return SHAPES[field] ?? entriesOf(entry)
}

/** R37: a property's name may be anything a stranger wrote; only names of JSContact and of custom fields are repeated. */
export const nameable = (field: string): string =>
  (CARD_FIELDS as readonly string[]).includes(field) || field === 'vCardProps' || /^x:[a-z][a-z0-9-]{0,63}$/.test(field)
    ? field
    : '(a property that is no field of JSContact)'

/** The path without the ids that a stranger chose. */
function pathOf(field: string, issue: v.BaseIssue<unknown>): string {
  const below = issue.path?.map(item => String(item.key)) ?? []
  return [
    nameable(field),
    ...below.map((key, depth) =>
      depth === 0 && below.length > 1 ? '*' : /^[a-zA-Z@]{1,32}$/.test(key) && depth > 0 ? key : '*',
    ),
  ].join('/')
}

/** What was expected, never what was found: valibot's own message repeats the value. */
const plainly = (issue: v.BaseIssue<unknown>): string =>
  issue.message.startsWith('must')
    ? issue.message
    : issue.received === 'undefined'
      ? 'is missing'
      : `must be ${issue.expected ?? 'in the shape that JSContact gives it'}`
