/**
 * Defining a policy: every mistake is found before a vault is ruled by it, and all of them at once.
 * The same check serves a policy written in TypeScript and one that was read from JSON.
 */
import * as v from 'valibot'
import { utf8 } from '../bytes'
import { CARD_FIELDS } from '../contact/jscontact'
import { type Issue, VaultError } from '../errors'
import { durationMs } from '../time/calendar'
import type { BulkLimits, Policy, PurposeSpec } from './policy'
import { NOTHING_IN_IT, policyShape, purposesShape } from './shape'

/** Sliding windows this long or longer stop a patient reader; at most this share of the vault (R25). */
const LONG_WINDOW = 30 * 86_400_000
const LARGEST_SHARE = 0.1

/** Two policies, one that rules and one that ruled before it, stand in one row of at most 60,000 bytes (docs/format.md), in CBOR, which is shorter. */
const MOST_BYTES = 28_000

type Purposes = { readonly [name: string]: PurposeSpec }

/**
 * The policy as it was written, checked. Literal types are kept: they say which fields and recipients a door has.
 * @throws VaultError `POLICY_INVALID`, with all mistakes.
 */
export function definePolicy<const P extends Policy>(policy: P): P {
  parsePolicy(policy)
  return policy
}

/**
 * Purposes that are written in a file of their own, checked as far as they can be without their policy.
 * @throws VaultError `POLICY_INVALID`, with all mistakes.
 */
export function definePurposes<const T extends Purposes>(purposes: T): T {
  const issues = shapeIssues(purposesShape, purposes, 'purposes')
  refuse([...issues, ...purposesIssues(purposes, issues, field => field.startsWith('x:'), false)])
  return purposes
}

/**
 * A policy from anywhere, such as a file of JSON.
 * @throws VaultError `POLICY_INVALID`, with all mistakes.
 */
export function parsePolicy(policy: unknown): Policy {
  const issues = shapeIssues(policyShape, policy)
  const checked = (policy ?? {}) as Policy
  const isField = (field: string) =>
    field.startsWith('x:') && isSound(issues, 'custom') && Object.hasOwn(checked.custom ?? {}, field)
  const more =
    typeof policy === 'object'
      ? [
          ...purposesIssues(checked.purposes, issues, isField, checked.special === true),
          ...bulkIssues(checked.bulk, issues),
        ]
      : []
  refuse([...issues, ...more])
  const { length } = utf8(JSON.stringify(checked))
  if (length > MOST_BYTES)
    refuse([{ path: '', message: `must be at most ${MOST_BYTES} bytes of JSON with its notices, and is ${length}` }])
  return checked
}

function refuse(issues: readonly Issue[]): void {
  if (issues.length > 0) throw new VaultError('POLICY_INVALID', { data: { issues } })
}

/** Whether this may stand in a vault as the stricter of two policies: lists that nothing is left of may be empty. */
export const isRuling = (policy: unknown): policy is Policy =>
  shapeIssues(policyShape, policy).every(({ message }) => message === NOTHING_IN_IT)

/** How the purposes fit together, and each one's parts. Looks only at what has the right shape. */
function* purposesIssues(
  purposes: Purposes,
  found: readonly Issue[],
  isCustom: (field: string) => boolean,
  special: boolean,
): Iterable<Issue> {
  if (typeof purposes !== 'object' || purposes === null || Array.isArray(purposes)) return
  const renamed = new Set<string>()
  for (const [name, purpose] of Object.entries(purposes)) {
    const path = `purposes.${name}`
    if (!isSound(found, path)) continue
    for (const [index, field] of purpose.fields.entries()) {
      if (isCustom(field) || (CARD_FIELDS as readonly string[]).includes(field)) continue
      const message = field.startsWith('x:')
        ? 'must be declared in `custom` (R1)'
        : 'is no field of a JSContact card (R1)'
      yield { path: `${path}.fields.${index}`, message }
    }
    yield* specialIssues(path, purpose, special || purpose.special === true)
    if (purpose.was === undefined) continue
    if (Object.hasOwn(purposes, purpose.was))
      yield { path: `${path}.was`, message: 'is a purpose of this policy still (R3)' }
    if (renamed.has(purpose.was)) yield { path: `${path}.was`, message: 'was renamed to another purpose already (R3)' }
    renamed.add(purpose.was)
  }
}

/** What may never leave in the clear, and where a claim is never enough (R2, R30). */
function* specialIssues(path: string, purpose: PurposeSpec, special: boolean): Iterable<Issue> {
  for (const [id, { via, members }] of Object.entries(purpose.recipients ?? {})) {
    if (!via?.includes('plaintext-file')) continue
    const at = `${path}.recipients.${id}.via`
    if (special) yield { path: at, message: 'nothing leaves a special purpose as plaintext (R2)' }
    else if (members === 'see-each-other')
      yield { path: at, message: 'nothing leaves as plaintext where members see each other (R30)' }
  }
  if (!special) return
  if (purpose.assurance?.use === 'claimed') {
    yield { path: `${path}.assurance.use`, message: 'a claim permits nothing in a special purpose (R2)' }
  }
  if (purpose.assurance?.export !== undefined && purpose.assurance.export !== 'confirmed') {
    yield { path: `${path}.assurance.export`, message: 'an export needs confirmed in a special purpose (R2)' }
  }
}

function* bulkIssues(bulk: BulkLimits, found: readonly Issue[]): Iterable<Issue> {
  if (!isSound(found, 'bulk')) return
  const stopsThePatient = bulk.vault.some(
    window => 'share' in window && window.share <= LARGEST_SHARE && durationMs(window.within) >= LONG_WINDOW,
  )
  if (!stopsThePatient) {
    yield { path: 'bulk.vault', message: 'must have a window of P30D or more with a share of at most 0.1 (R25)' }
  }
}

/** Whether nothing is wrong at a path or below it. */
const isSound = (issues: readonly Issue[], path: string): boolean =>
  !issues.some(
    issue =>
      issue.path === '' ||
      issue.path === path ||
      issue.path.startsWith(`${path}.`) ||
      path.startsWith(`${issue.path}.`),
  )

function shapeIssues(shape: v.GenericSchema, value: unknown, root = ''): readonly Issue[] {
  return (v.safeParse(shape, value).issues ?? []).map(issue => ({
    path: [...(root === '' ? [] : [root]), ...(issue.path ?? []).map(({ key }) => String(key))].join('.'),
    message: inWords(issue),
  }))
}

function inWords(issue: v.BaseIssue<unknown>): string {
  if (issue.kind === 'validation' || issue.type === 'union') return issue.message
  if (issue.expected === 'never') return 'is not a word of a policy'
  if (issue.received === 'undefined' || issue.message.startsWith('Invalid key')) return 'is missing'
  if (issue.message.startsWith('must')) return issue.message
  return `must be ${issue.expected}`
}
