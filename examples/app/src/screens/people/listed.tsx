/** Everybody of one purpose, however many, drawn as far as they are on the screen. */
import { useTranslation } from 'react-i18next'
import { ButtonLink, Empty } from '../../design/parts'
import { useFormat } from '../../i18n/format'
import { Trouble } from '../../vaults/trouble'
import { type Sort, useListing } from './listing'
import { type Coming, Rows } from './rows'

export function Listed({
  purpose,
  sort,
  coming,
}: {
  purpose: string
  sort: Sort
  /** Where one was on this list, for coming back to it. */
  coming: Coming
}) {
  const { t } = useTranslation('people')
  const { locale } = useFormat()
  const { people, total, error, need } = useListing(purpose, sort, locale)
  if (error) return <Trouble error={error} />
  if (total === undefined) return <div className="people-waiting" aria-busy="true" />
  if (total === 0)
    return (
      <Empty icon="people" title={t('nobody.title')}>
        <p>{t('nobody.what')}</p>
        <WaysIn />
      </Empty>
    )
  return <Rows label={t('title')} people={people} total={total} onNeed={need} {...coming} />
}

export function WaysIn() {
  const { t } = useTranslation('people')
  return (
    <div className="row people-ways">
      <ButtonLink to="/people/new" look="primary" icon="plus">
        {t('add')}
      </ButtonLink>
      <ButtonLink to="/signup" icon="sign">
        {t('signUp')}
      </ButtonLink>
      <ButtonLink to="/bring" icon="bring">
        {t('bring')}
      </ButtonLink>
    </div>
  )
}
