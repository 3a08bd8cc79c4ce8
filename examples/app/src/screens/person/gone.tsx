/** Instead of a person who isn't here any more: what was just forgotten, and what forgetting doesn't reach. */
import { useTranslation } from 'react-i18next'
import { ButtonLink, Empty, Page, Say } from '../../design/parts'
import { useArrival } from './arrive'

export interface Left {
  readonly kind: 'erased' | 'withdrawn'
  /** Whether a mark stays that keeps them from being brought back. */
  readonly isMarked: boolean
}

export function Gone({ left }: { left: Left | undefined }) {
  const { t } = useTranslation(['person', 'common'])
  useArrival()
  const back = { to: '/people', label: t('common:nav.people') }
  if (!left)
    return (
      <Page title={t('gone.title')} back={back} narrow>
        <Empty icon="gone" title={t('gone.what')}>
          <p>{t('gone.why')}</p>
          <ButtonLink to="/people" look="primary">
            {t('gone.list')}
          </ButtonLink>
        </Empty>
      </Page>
    )
  return (
    <Page title={t('gone.forgotten')} back={back} narrow>
      <Say tone="good" title={t(`gone.${left.kind}`)} live>
        <p>{t('gone.unreadable')}</p>
      </Say>
      <section className="sheet">
        <h2>{t('gone.notReached.title')}</h2>
        <ul className="person-list">
          <li>{t('gone.notReached.handedOver')}</li>
          <li>{t('gone.notReached.backups')}</li>
          {left.isMarked && <li>{t('gone.notReached.mark')}</li>}
        </ul>
      </section>
      <div className="row">
        <ButtonLink to="/people" look="primary">
          {t('gone.list')}
        </ButtonLink>
        <ButtonLink to="/forgetting/record">{t('gone.record')}</ButtonLink>
      </div>
    </Page>
  )
}
