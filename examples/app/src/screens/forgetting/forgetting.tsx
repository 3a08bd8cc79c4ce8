/** Forgetting made visible: what goes when, who goes next, what went lately, and what going means on this device. */
import { useTranslation } from 'react-i18next'
import { ButtonLink, Page, Say } from '../../design/parts'
import { useAnswer } from '../../vaults/answer'
import { Trouble } from '../../vaults/trouble'
import { endingsOf } from './calendar'
import { Calendar } from './calendar-sheet'
import { forgettingsOf, Lately } from './lately'
import { NextDays } from './next-days'
import './forgetting.css'

export default function Forgetting() {
  const { t } = useTranslation(['forgetting', 'common'])
  const { value: endings, error } = useAnswer(endingsOf, [])
  const { value: forgettings = [] } = useAnswer(forgettingsOf, [])
  const { value: guarantees } = useAnswer(vault => vault.guarantees(), [])
  return (
    <Page
      title={t('title')}
      lead={t('lead')}
      actions={
        <ButtonLink to="/forgetting/record" icon="record">
          {t('toRecord')}
        </ButtonLink>
      }
    >
      <Trouble error={error} />
      <Calendar endings={endings} forgettings={forgettings} />
      <div className="forgetting-two">
        <NextDays endings={endings} />
        <div className="stack-l">
          <Lately forgettings={forgettings} />
          {guarantees && (
            <Say title={t('means.title')}>
              <p>{t(`means.${guarantees.forgetting}`)}</p>
              <p>{t('means.reach')}</p>
            </Say>
          )}
        </div>
      </div>
    </Page>
  )
}
