/** One purpose, with everything that belongs to it, and yes or no: neither is chosen beforehand, and without one it is asked again. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Choices, Say } from '../../design/parts'
import { useFormat } from '../../i18n/format'
import { describe, noticeFor } from '../../i18n/policy'
import { useVault } from '../../vaults/session'
import { Facts } from './facts'
import { type At, Step } from './step'
import { saysItAll } from './told'

export type Answer = 'yes' | 'no'

export function Question({
  purpose,
  at,
  answer,
  onAnswer,
  onBack,
  onNext,
}: {
  purpose: string
  at: At
  answer: Answer | undefined
  onAnswer: (answer: Answer) => void
  onBack: () => void
  onNext: () => void
}) {
  const { t } = useTranslation(['signup', 'common'])
  const { language } = useFormat()
  const { policy } = useVault()
  const [isMissed, setMissed] = useState(false)
  const notice = noticeFor(policy, purpose, language)
  const isSpecial = policy.special || policy.purposes[purpose]?.special
  return (
    <Step
      title={<bdi>{describe(policy, purpose, language)}</bdi>}
      lead={t('question.lead')}
      at={at}
      next={t('common:continue')}
      onBack={onBack}
      onNext={() => (answer ? onNext() : setMissed(true))}
    >
      <div className="sheet">
        {notice && (
          <p className="signup-notice" lang={notice.language} dir="auto">
            {notice.text}
          </p>
        )}
        {notice && saysItAll(policy, purpose, notice.text) ? (
          <details className="signup-more">
            <summary>{t('question.facts')}</summary>
            <Facts purpose={purpose} />
          </details>
        ) : (
          <Facts purpose={purpose} />
        )}
        {isSpecial && <Say>{t('question.special')}</Say>}
      </div>
      <div className="signup-answer">
        <Choices
          label={t('question.label')}
          value={answer ?? null}
          onChange={value => {
            setMissed(false)
            onAnswer(value as Answer)
          }}
          wrong={isMissed && !answer ? t('question.missed') : undefined}
          choices={[
            { value: 'yes', label: t('question.yes') },
            { value: 'no', label: t('question.no') },
          ]}
        />
      </div>
    </Step>
  )
}
