/** Changing the policy: written, then planned, so that everybody sees what it would forget; only then accepted. */
import { isVaultError, type PolicyPlan } from '@amanat/vault'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { Button, Page } from '../../design/parts'
import { useSay } from '../../design/said'
import { Unsaved } from '../../design/unsaved'
import { draftOf, policyOf } from '../../vaults/policy-draft'
import { useSessions, useVault } from '../../vaults/session'
import { Trouble } from '../../vaults/trouble'
import { PolicyForm } from '../create/policy-form'
import { useChecked } from '../create/rules-step'
import { Wrong } from '../create/wrong'
import { PlanDialog } from './plan-dialog'

export default function ChangeRules() {
  const { t } = useTranslation(['settings', 'common'])
  const vault = useVault()
  const { session, enter } = useSessions()
  const say = useSay()
  const [, go] = useLocation()
  const [before] = useState(() => draftOf(vault.policy))
  const [draft, setDraft] = useState(before)
  const [isAccepted, setAccepted] = useState(false)
  const { wrongAt, isWrong, isSound } = useChecked(draft)
  const [plan, setPlan] = useState<PolicyPlan>()
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()

  async function look(evidence?: string) {
    if (!isSound()) return
    setBusy(true)
    setError(undefined)
    try {
      setPlan(await vault.planPolicy(policyOf(draft), evidence ? { sameLegalPerson: { evidence } } : {}))
    } catch (trouble) {
      setError(trouble)
    }
    setBusy(false)
  }

  async function accept(accepted: PolicyPlan) {
    try {
      const changed = await vault.changePolicy(accepted.next, { accept: accepted })
      setAccepted(true)
      if (session) enter({ ...session, vault: changed })
      say(t('change.done'))
      go('/settings')
    } catch (trouble) {
      setPlan(undefined)
      // Somebody changed the vault meanwhile: what it would forget is counted again.
      if (isVaultError(trouble, 'PLAN_OUTDATED')) await look(accepted.sameLegalPerson?.evidence)
      setError(trouble)
    }
  }

  return (
    <Page title={t('change.title')} lead={t('change.lead')} back={{ to: '/settings', label: t('common:back') }} narrow>
      <Unsaved isChanged={draft !== before && !isAccepted} />
      <PolicyForm draft={draft} onChange={setDraft} wrongAt={wrongAt} />
      {isWrong && <Wrong />}
      <Trouble error={error} />
      <div>
        <Button look="primary" isPending={isBusy} onPress={() => look()}>
          {t(isBusy ? 'change.looking' : 'change.look')}
        </Button>
      </div>
      {plan && <PlanDialog plan={plan} onAgain={look} onAccept={accept} onClose={() => setPlan(undefined)} />}
    </Page>
  )
}
