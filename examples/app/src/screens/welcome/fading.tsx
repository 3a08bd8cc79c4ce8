/** A picture of forgetting: one person's details, each with the date it goes; the last has gone already. */
import { useTranslation } from 'react-i18next'
import { Icon } from '../../design/icon'
import { useFormat } from '../../i18n/format'

const DAY_MS = 86_400_000
const DETAILS = [
  ['phone', 'phone', 41],
  ['mail', 'mail', 6],
  ['address', 'person', 0],
] as const

export function Fading() {
  const { t } = useTranslation('welcome')
  const format = useFormat()
  return (
    <figure className="welcome-fading" aria-hidden="true">
      <figcaption>{t('fading.name')}</figcaption>
      {DETAILS.map(([detail, icon, days]) => (
        <p key={detail} className={days === 0 ? 'gone' : days < 10 ? 'soon' : ''}>
          <Icon name={icon} size={18} />
          <span className="what">
            {days === 0 ? <i /> : <span className="ltr">{t(`fading.${detail}`)}</span>}
            <small>
              {days === 0
                ? t('fading.gone')
                : t('fading.until', { date: format.day(new Date(Date.now() + days * DAY_MS).toISOString()) })}
            </small>
          </span>
        </p>
      ))}
    </figure>
  )
}
