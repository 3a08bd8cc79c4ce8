/** What a change of the policy would mean, in people: said before it is accepted. */
import type { PolicyPlan } from '@amanat/vault'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../../design/dialog'
import { Button, Say, TextField } from '../../design/parts'
import { useFormat } from '../../i18n/format'
import { textIn } from '../../vaults/notice'

export function PlanDialog({
  plan,
  onAgain,
  onAccept,
  onClose,
}: {
  plan: PolicyPlan
  /** Plans again, as the same group under another name. */
  onAgain: (evidence: string) => Promise<void>
  onAccept: (plan: PolicyPlan) => Promise<void>
  onClose: () => void
}) {
  const { t } = useTranslation(['settings', 'common'])
  const format = useFormat()
  const [evidence, setEvidence] = useState('')
  const [isBusy, setBusy] = useState(false)
  const takes = plan.forgotten + plan.shortened > 0
  const named = (purpose: string) => {
    const spec = plan.next.purposes[purpose]
    return spec ? `«${textIn(spec.description, format.language)}»` : purpose
  }
  const during = (work: () => Promise<void>) => async () => {
    setBusy(true)
    await work()
    setBusy(false)
  }

  return (
    <Dialog title={t('change.planTitle')} isOpen onClose={onClose}>
      <Say tone={takes ? 'stop' : 'good'}>
        <p>{t('change.forgotten', { count: plan.forgotten, people: format.number(plan.forgotten) })}</p>
        <p>{t('change.shortened', { count: plan.shortened, people: format.number(plan.shortened) })}</p>
      </Say>
      {plan.widened.length > 0 && <p>{t('change.widened', { purposes: format.list(plan.widened.map(named)) })}</p>}
      {plan.loosensAt !== undefined && <p>{t('change.loosened', { date: format.date(plan.loosensAt) })}</p>}
      {plan.stopsEveryConsent && (
        <>
          <Say tone="soon">
            <p>{t('change.stops')}</p>
          </Say>
          <TextField
            label={t('change.samePerson')}
            hint={t('change.samePersonHint')}
            value={evidence}
            onChange={setEvidence}
          />
          <Button isDisabled={evidence.trim() === ''} onPress={during(() => onAgain(evidence.trim()))}>
            {t('change.look')}
          </Button>
        </>
      )}
      <div className="actions">
        <Button onPress={onClose}>{t('common:cancel')}</Button>
        <Button look={takes ? 'danger' : 'primary'} isPending={isBusy} onPress={during(() => onAccept(plan))}>
          {t(takes ? 'change.acceptForgets' : 'change.accept')}
        </Button>
      </div>
    </Dialog>
  )
}
