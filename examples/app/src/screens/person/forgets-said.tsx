/** Said before it is done: which fields go with these consents, and which stay for another purpose. */
import { useTranslation } from 'react-i18next'
import { Say } from '../../design/parts'
import { useFormat } from '../../i18n/format'
import { useVault } from '../../vaults/session'
import { forgets } from './forgets'
import type { Consent } from './look-at'
import { useFieldName } from './words'

export function ForgetsSaid({ consents, going }: { consents: readonly Consent[]; going: readonly string[] }) {
  const { t } = useTranslation('person')
  const { policy } = useVault()
  const format = useFormat()
  const fieldName = useFieldName()
  const { fields, sooner, everything } = forgets(consents, going, policy)
  const isHeld = consents.some(({ purpose, state }) => going.includes(purpose) && state === 'given')
  if (!isHeld) return null
  if (everything)
    return (
      <Say tone="stop" title={t('forgets.everything')}>
        <p>{t('forgets.everythingWhat', { fields: format.list(fields.map(fieldName)) })}</p>
      </Say>
    )
  return (
    <Say
      tone={fields.length > 0 ? 'stop' : 'note'}
      title={fields.length > 0 ? t('forgets.fields') : t('forgets.nothing')}
    >
      {fields.length > 0 && (
        <ul className="person-list">
          {fields.map(field => (
            <li key={field}>{fieldName(field)}</li>
          ))}
        </ul>
      )}
      {sooner.map(({ field, until }) => (
        <p key={field}>{t('forgets.sooner', { field: fieldName(field), date: format.date(until) })}</p>
      ))}
    </Say>
  )
}
