/** After somebody was written down: until when, what was left out, and who may be the same person. */
import type { Added } from '@amanat/vault'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { Button, ButtonLink, Page, Say } from '../../design/parts'
import { useFormat } from '../../i18n/format'
import { describe } from '../../i18n/policy'
import { useAnswer } from '../../vaults/answer'
import { useVault } from '../../vaults/session'
import { useArrival } from './arrive'
import { lookAt } from './look-at'
import { useFieldName } from './words'

export function AddedSaid({ added, onAgain }: { added: Added; onAgain: () => void }) {
  const { t } = useTranslation(['person', 'common'])
  const { policy } = useVault()
  const format = useFormat()
  const fieldName = useFieldName()
  useArrival()
  return (
    <Page title={t('added.title')} back={{ to: '/people', label: t('common:nav.people') }} narrow>
      <Say tone="good" title={added.quarantined ? t('added.waits') : t('added.in')} live>
        {added.receipts.map(({ purpose, until = '', assurance = 'claimed' }) => (
          <p key={purpose}>
            {t('added.until', {
              what: describe(policy, purpose, format.language),
              date: format.date(until),
              proof: t(`common:assurance.${assurance}`),
            })}
          </p>
        ))}
      </Say>
      {added.notKept.length > 0 && (
        <Say tone="soon" title={t('notKept.title', { fields: format.list(added.notKept.map(fieldName)) })}>
          <p>{t('notKept.what')}</p>
        </Say>
      )}
      {added.maybeSame.length > 0 && <MaybeSame ids={added.maybeSame} />}
      <div className="row">
        {added.quarantined ? (
          <ButtonLink to="/bring/quarantine" look="primary">
            {t('waits.go')}
          </ButtonLink>
        ) : (
          <ButtonLink to={`/people/${added.id}`} look="primary">
            {t('added.look')}
          </ButtonLink>
        )}
        <Button icon="plus" onPress={onAgain}>
          {t('added.again')}
        </Button>
      </div>
    </Page>
  )
}

function MaybeSame({ ids }: { ids: readonly string[] }) {
  const { t } = useTranslation('person')
  const { value: people } = useAnswer(
    vault => Promise.all(ids.map(async id => ({ id, name: (await lookAt(vault, id))?.name }))),
    [ids],
  )
  return (
    <Say tone="note" title={t('maybeSame.title')}>
      <p>{t('maybeSame.what')}</p>
      <ul className="person-list">
        {people?.map(({ id, name }) => (
          <li key={id}>
            <Link href={`/people/${id}`}>
              <bdi>{name ?? t('noName')}</bdi>
            </Link>
          </li>
        ))}
      </ul>
    </Say>
  )
}
