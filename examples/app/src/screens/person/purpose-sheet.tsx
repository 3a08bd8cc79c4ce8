/** What one purpose holds of a person: why, until when, how well it is proved, who may receive it. */
import { useTranslation } from 'react-i18next'
import { Icon } from '../../design/icon'
import { Badge, Bar, Button, Say } from '../../design/parts'
import { useFormat } from '../../i18n/format'
import { describe } from '../../i18n/policy'
import { useSession } from '../../vaults/session'
import type { Act } from './acting'
import { Held } from './held'
import type { Consent, Seen } from './look-at'
import { useRecipientName, useWayName } from './words'

const DAY_MS = 86_400_000
const SOON_DAYS = 14

export function PurposeSheet({
  id,
  purpose,
  consent,
  seen,
  onAct,
}: {
  id: string
  purpose: string
  consent: Consent | undefined
  seen: Seen | undefined
  onAct: (act: Act) => void
}) {
  const { t } = useTranslation(['person', 'common'])
  const { vault, clock } = useSession()
  const format = useFormat()
  const wayName = useWayName()
  const recipientName = useRecipientName()
  if (!consent?.until || !consent.given) return null
  const { until, given, assurance = 'claimed', recipients = [] } = consent
  const now = clock.now()
  const days = Math.max(0, Math.floor((Date.parse(until) - now) / DAY_MS))
  const share = (Date.parse(until) - now) / (Date.parse(until) - Date.parse(given))
  const lastGiven = consent.events.findLast(({ kind }) => kind === 'given' || kind === 'renewed')
  const tone = assurance === 'claimed' ? 'note' : 'good'
  return (
    <section className="sheet person-purpose">
      <header className="stack-s">
        <h2>{describe(vault.policy, purpose, format.language)}</h2>
        <div className="row">
          <Badge tone={tone}>
            <Icon name={tone === 'good' ? 'check' : 'note'} size={14} />
            {t(`common:assurance.${assurance}`)}
          </Badge>
          {days <= SOON_DAYS && (
            <Badge tone="soon">
              <Icon name="soon" size={14} />
              {t('endsSoon')}
            </Badge>
          )}
        </div>
      </header>
      <Bar
        label={t('until', { date: format.date(until) })}
        share={share}
        said={t('daysLeft', { count: days, n: format.number(days) })}
      />
      {seen ? (
        <Held id={id} purpose={purpose} seen={seen} fields={consent.fields ?? []} />
      ) : (
        <Say tone="soon" title={t('notSeen.title')}>
          <p>{t('notSeen.what')}</p>
        </Say>
      )}
      <dl className="person-facts">
        <div>
          <dt>{t('facts.yes')}</dt>
          <dd>
            {t('facts.given', { date: format.date(given), how: wayName(lastGiven?.how ?? '') })}
            <span className="soft small">{t(`proof.${assurance}`)}</span>
          </dd>
        </div>
        <div>
          <dt>{t('facts.recipients')}</dt>
          <dd>
            {recipients.length > 0
              ? format.list(recipients.map(recipient => recipientName(purpose, recipient)))
              : t('facts.nobody')}
          </dd>
        </div>
      </dl>
      <div className="row">
        <Button icon="check" onPress={() => onAct({ kind: 'renew', purpose })}>
          {t('renew.do')}
        </Button>
        <Button look="quiet" onPress={() => onAct({ kind: 'withdraw', purpose })}>
          {t('withdraw.do')}
        </Button>
      </div>
    </section>
  )
}
