/** An error of the library in the reader's words: its code chooses the sentence, its data fills it. */
import { type AnyVaultError, isVaultError } from '@amanat/vault'
import { useTranslation } from 'react-i18next'
import { Say } from '../design/parts'
import { type Format, useFormat } from '../i18n/format'

export interface TroubleWords {
  readonly what: string
  readonly fix: string
}

/** Words for any error; for a code that has none here, the library's own sentence in English. */
export function useTroubleWords(): (error: unknown) => TroubleWords {
  const { t, i18n } = useTranslation('trouble')
  const format = useFormat()
  return error => {
    const unforeseen = { what: t('unforeseen.what'), fix: t('unforeseen.fix') }
    if (!isVaultError(error)) return unforeseen
    if (!i18n.exists(`trouble:${error.code}.what`)) return { ...unforeseen, fix: error.fix }
    // A record of strings alone is taken for tagged template words by the types of i18next.
    const data: Record<string, unknown> = shown(error, format)
    return {
      what: t(`${error.code}.what` as 'unforeseen.what', data),
      fix: t(`${error.code}.fix` as 'unforeseen.fix', data),
    }
  }
}

/** The data of an error as a sentence takes it: numbers and dates in the reader's way of writing. */
function shown(error: AnyVaultError, format: Format): Record<string, string> {
  const entries = Object.entries(error.data ?? {}).flatMap(([key, value]) => {
    if (typeof value === 'number') return [[key, format.number(value)] as const]
    if (typeof value !== 'string') return []
    return [[key, /^\d{4}-\d\d-\d\dT/.test(value) ? format.dateTime(value) : value] as const]
  })
  return Object.fromEntries(entries)
}

export function Trouble({ error }: { error: unknown }) {
  const words = useTroubleWords()
  if (error === undefined || error === null) return null
  const { what, fix } = words(error)
  return (
    <Say tone="stop" title={what} live>
      <p>{fix}</p>
    </Say>
  )
}
