/** What came back, and what stayed away. */
import type { Restored } from '@amanat/vault'
import { useTranslation } from 'react-i18next'
import { ButtonLink, Page, Say } from '../../design/parts'
import { useFormat } from '../../i18n/format'

export function Report({ report, name }: { report: Restored; name: string }) {
  const { t } = useTranslation('settings')
  const format = useFormat()
  const { people, made } = report
  return (
    <Page title={t('restore.done')} narrow>
      <section className="sheet">
        <Say tone="good" live>
          <p>{t('restore.people', { count: people, people: format.number(people), date: format.date(made) })}</p>
        </Say>
        {(['expired', 'gone', 'damaged'] as const)
          .filter(what => report[what] > 0)
          .map(what => (
            <p key={what}>{format.digits(t(`restore.${what}`, { count: report[what] }))}</p>
          ))}
        <p className="soft">{t('restore.reminder')}</p>
        <div>
          <ButtonLink to={`/open/${encodeURIComponent(name)}`} look="primary" icon="key">
            {t('restore.open')}
          </ButtonLink>
        </div>
      </section>
    </Page>
  )
}
