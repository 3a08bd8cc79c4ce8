/** The policy of this vault in words. */
import type { BulkWindow, Policy } from '@amanat/vault'
import { useTranslation } from 'react-i18next'
import { Badge, ButtonLink } from '../../design/parts'
import { type Format, useFormat } from '../../i18n/format'
import { durationWords } from '../../vaults/duration'
import { textIn } from '../../vaults/notice'
import { useVault, useVersion } from '../../vaults/session'

export function RulesPart() {
  const { t } = useTranslation(['settings', 'common'])
  const format = useFormat()
  const { language } = format
  useVersion()
  const { policy } = useVault()
  return (
    <section className="sheet">
      <h2>{t('rules.title')}</h2>
      <dl className="settings-facts">
        {(['name', 'contact', 'address', 'withdraw'] as const).map(fact => (
          <Fact key={fact} term={t(`rules.${fact}`)} said={policy.controller[fact]} />
        ))}
        <Fact term={t('rules.limits')} said={<Limits policy={policy} format={format} />} />
      </dl>
      <ul className="settings-rules">
        {Object.entries(policy.purposes).map(([id, spec]) => (
          <li key={id}>
            <strong>{textIn(spec.description, language)}</strong>
            <span>{format.list(spec.fields.map(field => t(`common:fields.${field as 'name'}`)))}</span>
            <span className="soft small">{t('rules.kept', { keepFor: durationWords(language, spec.keepFor) })}</span>
            <span className="soft small">
              {t('rules.handed', {
                recipients:
                  Object.values(spec.recipients ?? {})
                    .map(({ name }) => name)
                    .join(language === 'fa' ? '، ' : ', ') || t('rules.nobody'),
              })}
            </span>
            {(policy.special || spec.special) && (
              <span>
                <Badge tone="accent">{t('rules.secret')}</Badge>
              </span>
            )}
          </li>
        ))}
      </ul>
      <div>
        <ButtonLink to="/settings/rules">{t('rules.change')}</ButtonLink>
      </div>
    </section>
  )
}

const Fact = ({ term, said }: { term: string; said: React.ReactNode }) => (
  <>
    <dt>{term}</dt>
    <dd>{said}</dd>
  </>
)

function Limits({ policy, format }: { policy: Policy; format: Format }) {
  const { t } = useTranslation('settings')
  const inWords = (window: BulkWindow) => {
    const within = durationWords(format.language, window.within)
    return 'people' in window
      ? t('rules.people', { people: format.number(window.people), within })
      : t('rules.share', { share: format.percent(window.share), within })
  }
  return (
    <ul className="stack-s">
      {(['perActor', 'vault'] as const).map(who => (
        <li key={who}>
          {t(`rules.${who}`)}
          {': '}
          {policy.bulk[who].map(inWords).join(format.language === 'fa' ? '؛ ' : '; ')}
        </li>
      ))}
    </ul>
  )
}
