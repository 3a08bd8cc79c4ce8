/** What can be done about a person's consents, each asked for first with what it takes along, and said afterwards. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Confirm } from '../../design/dialog'
import { Check } from '../../design/parts'
import { useSay } from '../../design/said'
import { Select } from '../../design/select'
import { useFormat } from '../../i18n/format'
import { describe } from '../../i18n/policy'
import { useVault } from '../../vaults/session'
import { Trouble } from '../../vaults/trouble'
import { ForgetsSaid } from './forgets-said'
import type { Left } from './gone'
import type { Consent } from './look-at'
import { Renew } from './renew'
import { useWayName, WAYS, type Way } from './words'

export type Act =
  | { readonly kind: 'renew' | 'refuse'; readonly purpose: string }
  /** Without a purpose: from all of them. */
  | { readonly kind: 'withdraw'; readonly purpose?: string }
  | { readonly kind: 'erase' }

interface Props {
  readonly id: string
  readonly act: Act | undefined
  readonly consents: readonly Consent[]
  readonly onClose: () => void
  readonly onLeft: (left: Left) => void
}

export function Acting({ id, act, consents, onClose, onLeft }: Props) {
  const [error, setError] = useState<unknown>()
  const shared = { id, consents, onClose, onLeft, onTrouble: setError }
  return (
    <>
      <Trouble error={error} />
      {act?.kind === 'renew' && <Renew {...shared} purpose={act.purpose} />}
      {act?.kind === 'withdraw' && <Withdraw {...shared} purpose={act.purpose} />}
      {act?.kind === 'refuse' && <Refuse {...shared} purpose={act.purpose} />}
      {act?.kind === 'erase' && <Erase {...shared} />}
    </>
  )
}

interface Ask extends Omit<Props, 'act'> {
  readonly onTrouble: (error: unknown) => void
}

function Withdraw({ id, consents, purpose, onClose, onLeft, onTrouble }: Ask & { purpose: string | undefined }) {
  const { t } = useTranslation(['person', 'common'])
  const vault = useVault()
  const { language } = useFormat()
  const say = useSay()
  const [how, setHow] = useState<Way>('verbal')
  const going = purpose === undefined ? consents.map(each => each.purpose) : [purpose]
  return (
    <Confirm
      isOpen
      danger
      title={
        purpose === undefined
          ? t('withdraw.all')
          : t('withdraw.title', { what: describe(vault.policy, purpose, language) })
      }
      yes={t('withdraw.yes')}
      no={t('common:cancel')}
      onClose={onClose}
      onTrouble={onTrouble}
      onYes={async () => {
        onLeft({ kind: 'withdrawn', isMarked: true })
        await vault.withdraw(id, purpose, how)
        say(t('withdraw.done'))
      }}
    >
      <ForgetsSaid consents={consents} going={going} />
      <HowField label={t('withdraw.how')} how={how} onChange={setHow} />
      <p className="soft small">{t('withdraw.stays')}</p>
    </Confirm>
  )
}

function Refuse({ id, consents, purpose, onClose, onLeft, onTrouble }: Ask & { purpose: string }) {
  const { t } = useTranslation(['person', 'common'])
  const vault = useVault()
  const { language } = useFormat()
  const say = useSay()
  const [how, setHow] = useState<Way>('verbal')
  return (
    <Confirm
      isOpen
      title={t('refuse.title', { what: describe(vault.policy, purpose, language) })}
      yes={t('refuse.yes')}
      no={t('common:cancel')}
      onClose={onClose}
      onTrouble={onTrouble}
      onYes={async () => {
        onLeft({ kind: 'withdrawn', isMarked: true })
        await vault.refuse(id, purpose, how)
        say(t('refuse.done'))
      }}
    >
      <p>{t('refuse.what')}</p>
      <ForgetsSaid consents={consents} going={[purpose]} />
      <HowField label={t('refuse.how')} how={how} onChange={setHow} />
    </Confirm>
  )
}

function Erase({ id, onClose, onLeft, onTrouble }: Ask) {
  const { t } = useTranslation(['person', 'common'])
  const vault = useVault()
  const say = useSay()
  const [suppress, setSuppress] = useState(true)
  return (
    <Confirm
      isOpen
      danger
      title={t('erase.title')}
      yes={t('erase.yes')}
      no={t('common:cancel')}
      onClose={onClose}
      onTrouble={onTrouble}
      onYes={async () => {
        onLeft({ kind: 'erased', isMarked: suppress })
        await vault.erase(id, { suppress })
        say(t('erase.done'))
      }}
    >
      <p>{t('erase.what')}</p>
      <Check isSelected={suppress} onChange={setSuppress}>
        {t('erase.never')}
      </Check>
      <p className="soft small">{suppress ? t('erase.neverWhat') : t('erase.againWhat')}</p>
      <p className="soft small">{t('erase.notReached')}</p>
    </Confirm>
  )
}

function HowField({ label, how, onChange }: { label: string; how: Way; onChange: (how: Way) => void }) {
  const wayName = useWayName()
  return (
    <Select
      label={label}
      value={how}
      options={WAYS.map(value => ({ value, label: wayName(value) }))}
      onChange={onChange}
    />
  )
}
