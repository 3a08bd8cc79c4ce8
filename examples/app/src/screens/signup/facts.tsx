/** What a purpose means for the person, fact by fact. */
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Badge } from '../../design/parts'
import { useFormat } from '../../i18n/format'
import { textIn } from '../../i18n/policy'
import { useVault } from '../../vaults/session'
import { outsiders } from './told'

export function Facts({ purpose }: { purpose: string }) {
  const { t } = useTranslation(['signup', 'common'])
  const format = useFormat()
  const { policy } = useVault()
  const { controller } = policy
  const spec = policy.purposes[purpose]
  if (!spec) return null
  const recipients = outsiders(policy, purpose)
  return (
    <dl className="signup-facts">
      <Fact name={t('facts.keep')}>
        {format.list(spec.fields.map(field => t(`common:fields.${field}` as 'common:fields.name', field)))}
      </Fact>
      <Fact name={t('facts.long')}>{t('facts.thenForgotten', { long: format.duration(spec.keepFor) })}</Fact>
      <Fact name={t('facts.who')}>
        {recipients.length === 0 && !spec.self && t('facts.nobodyElse')}
        {spec.self && <p>{textIn(spec.self.why, format.language).text}</p>}
        {recipients.map(({ name, country, role, members }) => (
          <div key={name} className="stack-s">
            <p>
              <bdi>{name}</bdi>
              {`${t('comma')} ${format.country(country)}. `}
              {role === 'processor' ? t('facts.forUs') : t('facts.onTheirOwn')}
            </p>
            {members === 'see-each-other' ? (
              <p>
                <Badge tone="soon">{t('facts.seen')}</Badge>
              </p>
            ) : (
              <p className="soft small">{t('facts.unseen')}</p>
            )}
          </div>
        ))}
      </Fact>
      <Fact name={t('facts.withdraw')}>
        <bdi>{controller.withdraw}</bdi>
      </Fact>
      <Fact name={t('facts.asking')}>
        <bdi>{controller.name}</bdi>
        <p className="soft small">
          <bdi>{controller.address}</bdi>
        </p>
        <p className="soft small">
          <bdi>{controller.contact}</bdi>
        </p>
      </Fact>
    </dl>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
