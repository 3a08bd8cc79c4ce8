/** Above every screen while the story runs: that nothing of it is real, which day it is in it, and the way out. */
import { useTranslation } from 'react-i18next'
import { Icon } from '../../design/icon'
import { Button } from '../../design/parts'
import { useFormat } from '../../i18n/format'

export function Band({ now, onLeave }: { now: number; onLeave: () => Promise<void> }) {
  const { t } = useTranslation('tour')
  const { date } = useFormat()
  const today = new Date(now).toISOString()
  return (
    <section className="story-band" aria-label={t('band.label')}>
      <Icon name="walk" size={18} />
      <p>
        <strong>{t('band.title')}</strong> <span>{t('band.kept')}</span>
      </p>
      <time dateTime={today} className="numbers">
        {date(today)}
      </time>
      <Button look="quiet" onPress={onLeave}>
        {t('band.leave')}
      </Button>
    </section>
  )
}
