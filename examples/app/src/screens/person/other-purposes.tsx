/** The purposes that don't hold this person: what they said, and what they may say now. */
import { useTranslation } from 'react-i18next'
import { Badge, Button } from '../../design/parts'
import { useFormat } from '../../i18n/format'
import { describe } from '../../i18n/policy'
import { useVault } from '../../vaults/session'
import type { Act } from './acting'
import type { Consent } from './look-at'

export function OtherPurposes({
  purposes,
  consents,
  onAct,
}: {
  purposes: readonly string[]
  consents: readonly Consent[]
  onAct: (act: Act) => void
}) {
  const { t } = useTranslation('person')
  const { policy } = useVault()
  const format = useFormat()
  if (purposes.length === 0 || consents.length === 0) return null
  return (
    <section className="stack-s" aria-label={t('others.title')}>
      <h2>{t('others.title')}</h2>
      <ul className="person-others">
        {purposes.map(purpose => {
          const state = consents.find(each => each.purpose === purpose)?.state
          return (
            <li key={purpose}>
              <div className="stack-s grow">
                <span>{describe(policy, purpose, format.language)}</span>
                <span>
                  <Badge tone={state === 'refused' || state === 'withdrawn' ? 'stop' : 'note'}>
                    {t(`state.${state === undefined || state === 'given' ? 'never' : state}`)}
                  </Badge>
                </span>
              </div>
              <div className="row">
                <Button onPress={() => onAct({ kind: 'renew', purpose })}>{t('others.yes')}</Button>
                {state !== 'refused' && (
                  <Button look="quiet" onPress={() => onAct({ kind: 'refuse', purpose })}>
                    {t('others.no')}
                  </Button>
                )}
              </div>
            </li>
          )
        })}
      </ul>
    </section>
  )
}
