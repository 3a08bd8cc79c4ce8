/** A new yes for a purpose: it replaces the one before, also where that ran longer. */
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../../design/dialog'
import { Button } from '../../design/parts'
import { useSay } from '../../design/said'
import { useFormat } from '../../i18n/format'
import { describe } from '../../i18n/policy'
import { useSession } from '../../vaults/session'
import { Trouble } from '../../vaults/trouble'
import { consentOf, type GivenDraft, GivenFields, givenToday, isSaid } from './given-fields'
import type { Consent } from './look-at'

export function Renew({
  id,
  purpose,
  consents,
  onClose,
}: {
  id: string
  purpose: string
  consents: readonly Consent[]
  onClose: () => void
}) {
  const { t } = useTranslation(['person', 'common'])
  const { vault, clock } = useSession()
  const format = useFormat()
  const say = useSay()
  const [draft, setDraft] = useState<GivenDraft>(() => givenToday(clock.now()))
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const before = consents.find(each => each.purpose === purpose && each.state === 'given')

  async function record(event: FormEvent) {
    event.preventDefault()
    if (!isSaid(draft)) return
    setBusy(true)
    setError(undefined)
    try {
      const consent = consentOf(purpose, draft, vault.policy, format.language, clock.now())
      const { until = '' } = await vault.consent(id, consent)
      say(t('renew.done', { date: format.date(until) }))
      onClose()
    } catch (trouble) {
      setError(trouble)
      setBusy(false)
    }
  }

  return (
    <Dialog isOpen title={before ? t('renew.title') : t('renew.titleNew')} onClose={onClose}>
      <form className="stack" onSubmit={record}>
        <p>{describe(vault.policy, purpose, format.language)}</p>
        <GivenFields purpose={purpose} draft={draft} onChange={setDraft} endsNow={before?.until} />
        {before && <p className="soft small">{t('renew.replaces')}</p>}
        <Trouble error={error} />
        <div className="actions">
          <Button onPress={onClose}>{t('common:cancel')}</Button>
          <Button type="submit" look="primary" isPending={isBusy} isDisabled={!isSaid(draft)}>
            {t('renew.yes')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
