/**
 * An error of the library in the reader's words: its code chooses the sentence, its data fills it. Domain answers (a refusal of
 * one person, a state) are values and have words of their own, on the screens that show them.
 */
import { type AnyVaultError, isCryptoError, isVaultError } from '@amanat/vault'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Say } from '../design/parts'
import { type Format, useFormat } from '../i18n/format'
import { isMissingPart } from '../kept'

export interface TroubleWords {
  readonly what: string
  readonly fix: string
}

/** Words for any error; for a code that has none here, the library's own sentence in English. */
export function useTroubleWords(): (error: unknown) => TroubleWords {
  const { t, i18n } = useTranslation(['trouble', 'common'])
  const format = useFormat()
  return error => {
    const key = keyOf(error)
    if (!i18n.exists(`trouble:${key}.what`)) {
      return { what: t('unforeseen.what'), fix: isVaultError(error) ? error.fix : t('unforeseen.fix') }
    }
    const fieldName = (field: string) =>
      i18n.exists(`common:fields.${field}`) ? t(`common:fields.${field}` as 'common:fields.name') : field
    // A record of strings alone is taken for tagged template words by the types of i18next.
    const words: Record<string, unknown> = isVaultError(error) ? shown(error, format, fieldName) : {}
    return {
      what: t(`${key}.what` as 'unforeseen.what', words),
      fix: t(`${key}.fix` as 'unforeseen.fix', words),
    }
  }
}

function keyOf(error: unknown): string {
  if (isVaultError(error) || isCryptoError(error)) return error.code
  return isMissingPart(error) ? 'notLoaded' : 'unforeseen'
}

/** The data of an error as a sentence takes it: numbers, dates and lists in the reader's way of writing. */
function shown(error: AnyVaultError, format: Format, fieldName: (field: string) => string): Record<string, string> {
  const data: Record<string, unknown> = { ...error.data }
  const entries = Object.entries(data).flatMap(([key, value]) => {
    if (key === 'bytes' || key === 'limit') return [[key, format.bytes(Number(value))] as const]
    if (typeof value === 'number') return [[key, format.number(value)] as const]
    if (typeof value === 'string') return [[key, isInstant(value) ? format.dateTime(value) : value] as const]
    if (!Array.isArray(value)) return []
    const items = value.map((item: string | { readonly path: string }) => (typeof item === 'string' ? item : item.path))
    return [[key, format.list(key === 'fields' ? items.map(fieldName) : items)] as const]
  })
  return { ...Object.fromEntries(entries), context: contextOf(data) }
}

const isInstant = (text: string) => /^\d{4}-\d\d-\d\dT/.test(text)

/** Which of several sentences of one code: by the reason, by whether it says when, by what it was about. */
function contextOf({ reason, resets, what }: Record<string, unknown>): string {
  if (typeof reason === 'string') return reason
  if (typeof resets === 'string') return 'when'
  return what === 'backup' ? 'backup' : ''
}

/** @param children what can be done about it, below the sentences */
export function Trouble({ error, children }: { error: unknown; children?: ReactNode }) {
  const words = useTroubleWords()
  if (error === undefined || error === null) return null
  const { what, fix } = words(error)
  return (
    <Say tone="stop" title={what} live>
      <p>{fix}</p>
      {children}
    </Say>
  )
}
