import { useTranslation } from 'react-i18next'
import { Say } from '../../design/parts'

/** That something is missing above, where it is marked. */
export function Wrong() {
  const { t } = useTranslation('trouble')
  return (
    <Say tone="stop" title={t('POLICY_INVALID.what')} live>
      <p>{t('POLICY_INVALID.fix')}</p>
    </Say>
  )
}
