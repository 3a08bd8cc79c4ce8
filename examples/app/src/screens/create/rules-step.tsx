/** The rules, before there is a vault: nothing is forgotten by changing them yet. */
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../design/parts'
import { type PolicyDraft, policyOf } from '../../vaults/policy-draft'
import { NOTHING_WRONG, wrongIn } from './issues'
import { PolicyForm } from './policy-form'
import { Wrong } from './wrong'

export function RulesStep({
  draft,
  onChange,
  onBack,
  onDone,
}: {
  draft: PolicyDraft
  onChange: (draft: PolicyDraft) => void
  onBack: () => void
  onDone: () => void
}) {
  const { t } = useTranslation(['create', 'common'])
  const { wrongAt, isWrong, isSound } = useChecked(draft)
  return (
    <div className="stack-l">
      <PolicyForm draft={draft} onChange={onChange} wrongAt={wrongAt} />
      {isWrong && <Wrong />}
      <div className="row">
        <Button look="primary" onPress={() => isSound() && onDone()}>
          {t('common:continue')}
        </Button>
        <Button look="quiet" onPress={onBack}>
          {t('common:back')}
        </Button>
      </div>
    </div>
  )
}

/** Nothing is called wrong before somebody wants to go on; from then on as it is typed. */
export function useChecked(draft: PolicyDraft) {
  const [isAsked, setAsked] = useState(0)
  const wrong = wrongIn(policyOf(draft))
  const isFirst = useRef(true)
  useEffect(() => {
    if (isFirst.current) isFirst.current = false
    else if (isAsked > 0)
      // One tick later, when what was folded has been unfolded.
      requestAnimationFrame(() => document.querySelector<HTMLElement>('input[data-invalid]')?.focus())
  }, [isAsked])
  return {
    wrongAt: (isAsked > 0 && wrong) || NOTHING_WRONG,
    isWrong: isAsked > 0 && wrong !== undefined,
    isSound() {
      if (wrong) setAsked(isAsked + 1)
      return wrong === undefined
    },
  }
}
