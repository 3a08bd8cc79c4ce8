/** Only what the purposes need to which the person said yes. */
import { cardFrom } from '@amanat/cards'
import type { Card, Policy } from '@amanat/vault'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Check, TextField } from '../../design/parts'
import { useFormat } from '../../i18n/format'
import { describe } from '../../i18n/policy'
import { useVault } from '../../vaults/session'
import { type At, Step } from './step'
import { type Asked, fieldsFor, unreachable } from './told'

export interface Typed {
  readonly name: string
  readonly phones: string
  readonly emails: string
  readonly addresses: string
  readonly organizations: string
  readonly notes: string
  readonly custom: Readonly<Record<string, string>>
}

export const NOTHING_TYPED: Typed = {
  name: '',
  phones: '',
  emails: '',
  addresses: '',
  organizations: '',
  notes: '',
  custom: {},
}

export const typedOf = (typed: Typed, field: Asked): string =>
  (field.startsWith('x:') ? (typed.custom[field] ?? '') : typed[field as Exclude<Asked, `x:${string}`>]).trim()

/** The card of what was typed, without what no yes needs. */
export function cardOf(typed: Typed, policy: Policy, yes: readonly string[]): Card {
  const fields = fieldsFor(policy, yes).filter(field => typedOf(typed, field) !== '')
  const of = (field: Asked) => (fields.includes(field) ? typedOf(typed, field) : '')
  const address = of('addresses')
  return {
    ...cardFrom({
      name: of('name'),
      phone: of('phones'),
      email: of('emails'),
      organization: of('organizations'),
      note: of('notes'),
    }),
    ...(address ? { addresses: { a1: { full: address } } } : {}),
    ...Object.fromEntries(
      fields.filter(field => field.startsWith('x:')).map(field => [field, customValue(field, typed, policy)]),
    ),
  }
}

function customValue(field: Asked, typed: Typed, policy: Policy): unknown {
  const text = typedOf(typed, field)
  const kind = policy.custom?.[field as `x:${string}`]
  return kind === 'number' ? Number(text) : kind === 'boolean' ? text === 'yes' : text
}

const AS_FORM = {
  name: {},
  phones: { type: 'tel', inputMode: 'tel', ltr: true },
  emails: { type: 'email', inputMode: 'email', ltr: true },
  addresses: { lines: 3 },
  organizations: {},
  notes: { lines: 3 },
} as const

export function Details({
  purposes,
  at,
  typed,
  onType,
  onBack,
  onNext,
}: {
  purposes: readonly string[]
  at: At
  typed: Typed
  onType: (typed: Typed) => void
  onBack: () => void
  onNext: () => void
}) {
  const { t } = useTranslation(['signup', 'common'])
  const format = useFormat()
  const { policy } = useVault()
  const [isTried, setTried] = useState(false)
  const fields = fieldsFor(policy, purposes)
  const wrong = wrongIn(typed, fields, policy)
  const filled = new Set<string>(fields.filter(field => typedOf(typed, field) !== ''))
  const out = unreachable(policy, purposes, filled)
  const isRight = Object.keys(wrong).length === 0 && out.length === 0
  const text = (field: Asked, problem: 'name' | 'number' | 'phone' | 'email' | undefined) =>
    isTried && problem ? t(`details.wrong.${problem}`, { field }) : undefined
  const describeAll = format.list(out.map(purpose => `«${describe(policy, purpose, format.language)}»`))
  return (
    <Step
      title={t('details.title')}
      lead={t('details.lead')}
      at={at}
      next={t('common:continue')}
      onBack={onBack}
      onNext={() => (isRight ? onNext() : setTried(true))}
    >
      <div className="sheet">
        {fields.map(field =>
          field.startsWith('x:') ? (
            <Custom key={field} field={field} typed={typed} onType={onType} wrong={text(field, wrong[field])} />
          ) : (
            <TextField
              key={field}
              label={t(`details.${field as 'name'}`)}
              value={typed[field as 'name']}
              onChange={value => onType({ ...typed, [field]: value })}
              wrong={text(field, wrong[field])}
              autoComplete="off"
              {...AS_FORM[field as 'name']}
            />
          ),
        )}
        {isTried && out.length > 0 && (
          <p className="signup-wrong" role="alert">
            {t('details.unreachable', { purposes: describeAll })}
          </p>
        )}
      </div>
    </Step>
  )
}

function Custom({
  field,
  typed,
  onType,
  wrong,
}: {
  field: Asked
  typed: Typed
  onType: (typed: Typed) => void
  wrong: string | undefined
}) {
  const { policy } = useVault()
  const kind = policy.custom?.[field as `x:${string}`]
  const label = field.slice(2)
  const say = (value: string) => onType({ ...typed, custom: { ...typed.custom, [field]: value } })
  if (kind === 'boolean')
    return (
      <Check isSelected={typed.custom[field] === 'yes'} onChange={is => say(is ? 'yes' : '')}>
        {label}
      </Check>
    )
  const type = kind === 'date' ? { type: 'date' as const } : kind === 'number' ? { inputMode: 'numeric' as const } : {}
  return (
    <TextField
      label={label}
      value={typed.custom[field] ?? ''}
      onChange={say}
      wrong={wrong}
      autoComplete="off"
      {...type}
    />
  )
}

type Problem = 'name' | 'number' | 'phone' | 'email'
type Problems = { [field in Asked]?: Problem }

const DIGITS = /\p{Nd}/gu

/** What can't be right; the vault itself takes whatever was written. */
function wrongIn(typed: Typed, fields: readonly Asked[], policy: Policy): Problems {
  const wrong: Problems = {}
  const of = (field: Asked) => (fields.includes(field) ? typedOf(typed, field) : '')
  if (fields.includes('name') && of('name') === '') wrong.name = 'name'
  const phone = of('phones')
  if (phone !== '' && (phone.match(DIGITS)?.length ?? 0) < 6) wrong.phones = 'phone'
  const email = of('emails')
  if (email !== '' && !/^\S+@\S+\.\S+$/.test(email)) wrong.emails = 'email'
  for (const [field, kind] of Object.entries(policy.custom ?? {}))
    if (kind === 'number' && of(field as Asked) !== '' && !Number.isFinite(Number(of(field as Asked))))
      wrong[field as Asked] = 'number'
  return wrong
}
