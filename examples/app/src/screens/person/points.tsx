/** Numbers and addresses after a reveal: as they were typed, to tap, and where each came from. */
import { type Card, e164 } from '@amanat/vault'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from '../../design/icon'
import { useVault } from '../../vaults/session'

export function Points({
  field,
  card,
  sources,
}: {
  field: 'phones' | 'emails'
  card: Card
  sources: Readonly<Record<string, string>>
}) {
  const { t } = useTranslation('person')
  const points =
    field === 'phones'
      ? Object.entries(card.phones ?? {}).map(([key, { number }]) => [key, number] as const)
      : Object.entries(card.emails ?? {}).map(([key, { address }]) => [key, address] as const)
  return points.map(([key, text]) => (
    <span key={key} className="person-point">
      {field === 'phones' ? <PhoneLink number={text} /> : <MailLink address={text} />}
      {sources[`${field}/${key}`] && (
        <span className="soft small">{t('source', { source: sources[`${field}/${key}`] })}</span>
      )}
    </span>
  ))
}

/** The phone of this device is asked to call; nothing is sent from here. */
function PhoneLink({ number }: { number: string }) {
  const { policy } = useVault()
  const [called, setCalled] = useState<string>()
  useEffect(() => {
    void e164(number, policy.region).then(setCalled)
  }, [number, policy.region])
  return (
    <a className="person-reach" href={called && `tel:${called}`}>
      <Icon name="phone" size={18} />
      <span className="ltr">{number}</span>
    </a>
  )
}

const MailLink = ({ address }: { address: string }) => (
  <a className="person-reach" href={`mailto:${encodeURIComponent(address).replaceAll('%40', '@')}`}>
    <Icon name="mail" size={18} />
    <span className="ltr">{address}</span>
  </a>
)
