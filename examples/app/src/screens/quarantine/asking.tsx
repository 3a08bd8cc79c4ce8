/** One person who waits: how to reach them once they are revealed, what may be said, and what came of it. */
import { isVaultError, type Quarantine, type QuarantinedPerson } from '@amanat/vault'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button, Say } from '../../design/parts'
import { useFormat } from '../../i18n/format'
import { Trouble } from '../../vaults/trouble'
import { Script } from './script'

export type Revealed = NonNullable<Awaited<ReturnType<Quarantine['reveal']>>>

export function Asking({
  person,
  revealed,
  error,
  onReveal,
  onAnswer,
  onLeave,
}: {
  person: QuarantinedPerson
  revealed: Revealed | undefined
  error: unknown
  onReveal: () => Promise<void>
  onAnswer: (answer: 'yes' | 'no' | 'delete') => void
  onLeave: () => void
}) {
  const { t } = useTranslation(['quarantine', 'common'])
  const [isBusy, setBusy] = useState(false)
  const reveal = async () => {
    setBusy(true)
    await onReveal()
    setBusy(false)
  }
  if (!revealed)
    return (
      <>
        <Refused error={error} />
        {!isNoGround(error) && <p className="soft small">{t('reveal.metered')}</p>}
        <div className="row">
          {!isNoGround(error) && (
            <Button look="primary" icon="eye" isPending={isBusy} onPress={reveal}>
              {t('reveal.button')}
            </Button>
          )}
          <Button onPress={onLeave}>{t('later')}</Button>
          <Button look="quiet" icon="gone" onPress={() => onAnswer('delete')}>
            {t('delete.button')}
          </Button>
        </div>
      </>
    )
  return (
    <>
      <Points revealed={revealed} />
      <Say title={t(`ground.${revealed.mayAsk}.name`)}>
        <p>{t(`ground.${revealed.mayAsk}.means`)}</p>
      </Say>
      <Script name={person.name} source={Object.values(revealed.source)[0]} />
      <Refused error={error} />
      <h3>{t('answer')}</h3>
      <div className="quarantine-answers">
        <Button look="primary" icon="check" onPress={() => onAnswer('yes')}>
          {t('yes.button')}
        </Button>
        <Button icon="cross" onPress={() => onAnswer('no')}>
          {t('no.button')}
        </Button>
        <Button onPress={onLeave}>{t('notReached')}</Button>
      </div>
    </>
  )
}

function Points({ revealed: { card, source } }: { revealed: Revealed }) {
  const { t } = useTranslation(['quarantine', 'common'])
  const points = [
    ...Object.entries(card.phones ?? {}).map(([key, { number }]) => [`phones/${key}`, 'phones', number] as const),
    ...Object.entries(card.emails ?? {}).map(([key, { address }]) => [`emails/${key}`, 'emails', address] as const),
    ...Object.entries(card.addresses ?? {}).map(
      ([key, { full, components }]) =>
        [`addresses/${key}`, 'addresses', full ?? components?.map(({ value }) => value).join(' ') ?? ''] as const,
    ),
    ...Object.entries(card.onlineServices ?? {}).map(
      ([key, { user, uri, service }]) =>
        [`onlineServices/${key}`, 'onlineServices', [service, user ?? uri].filter(Boolean).join(' ')] as const,
    ),
  ]
  const sources = [...new Set(Object.values(source))]
  return (
    <dl className="quarantine-points">
      {points.map(([path, field, text]) => (
        <div key={path}>
          <dt>{t(`common:fields.${field}`)}</dt>
          <dd className={field === 'addresses' ? undefined : 'ltr'} dir={field === 'addresses' ? 'auto' : undefined}>
            {text}
          </dd>
        </div>
      ))}
      {points.length === 0 && <p>{t('noPoints')}</p>}
      {sources.length > 0 && (
        <div>
          <dt>{t('source')}</dt>
          <dd>
            <bdi>{sources.join(' · ')}</bdi>
          </dd>
        </div>
      )}
    </dl>
  )
}

const isNoGround = (error: unknown): boolean =>
  isVaultError(error, 'ASK_REFUSED') && (error.data.reason === 'no-ground' || error.data.reason === 'no-contact-point')

/** Why somebody may not be shown or asked, in words; whatever else failed, as everywhere. */
function Refused({ error }: { error: unknown }) {
  const { t } = useTranslation('quarantine')
  const format = useFormat()
  if (isVaultError(error, 'ASK_REFUSED')) {
    const { reason, again } = error.data
    return (
      <Say tone="soon" title={t('refused.title')} live>
        <p>{t(`refused.${reason}`, { date: again ? format.date(again) : '' })}</p>
      </Say>
    )
  }
  if (isVaultError(error, 'BULK_READ_REFUSED'))
    return (
      <Say tone="soon" title={t('enough.title')} live>
        <p>
          {error.data.resets ? t('enough.resets', { when: format.dateTime(error.data.resets) }) : t('enough.later')}
        </p>
      </Say>
    )
  return <Trouble error={error} />
}
