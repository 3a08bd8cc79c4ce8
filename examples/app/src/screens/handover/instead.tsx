/** What can lawfully be done instead of what was refused: ask people, each for themselves; or hand over only those who agreed. */
import type { Decision } from '@amanat/vault'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon, type IconName } from '../../design/icon'
import { Button, ButtonLink } from '../../design/parts'
import { useAnswer } from '../../vaults/answer'
import { useVault } from '../../vaults/session'
import { Ask } from './act'
import { Invitation } from './invitation'
import { type Receiver, receiversOf, type Wish } from './request'

export function Instead({
  wish,
  receiver,
  decision,
  onBack,
  onHandOver,
}: {
  wish: Wish
  receiver: Receiver
  decision: Decision
  onBack: () => void
  onHandOver: () => Promise<void>
}) {
  const { t } = useTranslation('handover')
  const { policy } = useVault()
  const [isAsking, setAsking] = useState(false)
  const { value: waiting = 0 } = useAnswer(vault => vault.quarantine.count(), [])
  const hasOthers = receiversOf(policy, wish.purpose).length > 1
  return (
    <section className="stack" aria-labelledby="handover-instead">
      <h2 id="handover-instead" className="handover-instead">
        {t('refusal.instead')}
      </h2>
      {decision.allowed > 0 && (
        <Way icon="hand" title={t('instead.covered')} text={t('instead.coveredText', { count: decision.allowed })}>
          <Button look="primary" onPress={() => setAsking(true)}>
            {t('act.covered', { count: decision.allowed })}
          </Button>
          <Ask
            isOpen={isAsking}
            wish={wish}
            receiver={receiver}
            decision={decision}
            onClose={() => setAsking(false)}
            onYes={() => void onHandOver()}
          />
        </Way>
      )}
      <Way icon="mail" title={t('instead.ask')} text={t('instead.askText')}>
        <Invitation wish={wish} receiver={receiver} />
      </Way>
      <div className="handover-ways">
        <Way icon="sign" title={t('instead.door')} text={t('instead.doorText')}>
          <ButtonLink to="/signup">{t('instead.doorLink')}</ButtonLink>
        </Way>
        {waiting > 0 && (
          <Way icon="soon" title={t('instead.waiting')} text={t('instead.waitingText', { count: waiting })}>
            <ButtonLink to="/bring/quarantine">{t('instead.waitingLink')}</ButtonLink>
          </Way>
        )}
        {hasOthers && (
          <Way icon="person" title={t('instead.other')} text={t('instead.otherText')}>
            <Button onPress={onBack}>{t('instead.back')}</Button>
          </Way>
        )}
      </div>
      {!hasOthers && (
        <div>
          <Button look="quiet" onPress={onBack}>
            {t('instead.back')}
          </Button>
        </div>
      )}
    </section>
  )
}

function Way({ icon, title, text, children }: { icon: IconName; title: string; text: string; children: ReactNode }) {
  return (
    <div className="sheet handover-way">
      <Icon name={icon} size={24} />
      <div className="stack">
        <div className="stack-s">
          <h3>{title}</h3>
          <p className="soft">{text}</p>
        </div>
        <div>{children}</div>
      </div>
    </div>
  )
}
