/** The rules of a vault as a form: who keeps it, and what for. What is typed becomes a policy by `policyOf`, and is checked by the library. */
import type { Controller } from '@amanat/vault'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { Button, TextField } from '../../design/parts'
import { newKey, type PolicyDraft, type PurposeDraft, policyOf } from '../../vaults/policy-draft'
import { EMPTY_PURPOSE } from '../../vaults/templates'
import { CountrySelect } from './country-select'
import type { WrongAt } from './issues'
import { PurposePart } from './purpose-part'
import './create.css'

const TEXTS = ['name', 'contact', 'address', 'withdraw'] as const

export function PolicyForm({
  draft,
  onChange,
  wrongAt,
}: {
  draft: PolicyDraft
  onChange: (draft: PolicyDraft) => void
  wrongAt: WrongAt
}) {
  const { t } = useTranslation('create')
  const { base, purposes } = draft
  /** The names that purposes have, or will have: by them the library says what is wrong. */
  const policy = useMemo(() => policyOf(draft), [draft])
  const names = Object.keys(policy.purposes)

  const setController = (change: Partial<Controller>) =>
    onChange({ ...draft, base: { ...base, controller: { ...base.controller, ...change } } })
  const setPurposes = (next: readonly PurposeDraft[]) => onChange({ ...draft, purposes: next })

  return (
    <div className="stack-l">
      <section className="sheet">
        <h2>{t('rules.who')}</h2>
        <div className="stack">
          {TEXTS.map(text => (
            <TextField
              key={text}
              label={t(`rules.${text}`)}
              hint={t(`rules.${text}Hint`)}
              value={base.controller[text]}
              onChange={value => setController({ [text]: value })}
              wrong={wrongAt('controller', text) ? t('rules.sayIt') : undefined}
            />
          ))}
          <CountrySelect
            label={t('rules.country')}
            value={base.controller.jurisdiction}
            onChange={jurisdiction =>
              onChange({
                ...draft,
                base: { ...base, region: jurisdiction, controller: { ...base.controller, jurisdiction } },
              })
            }
          />
        </div>
      </section>
      <section className="stack">
        <h2>{t('rules.purposes')}</h2>
        <p className="soft">{t('rules.purposesHint')}</p>
        {purposes.map((purpose, at) => (
          <PurposePart
            key={purpose.key}
            draft={purpose}
            name={names[at] ?? ''}
            controller={base.controller}
            isSpecialGroup={base.special === true}
            wrongAt={wrongAt}
            onChange={next => setPurposes(purposes.map(each => (each.key === purpose.key ? next : each)))}
            onRemove={
              purposes.length > 1 ? () => setPurposes(purposes.filter(each => each.key !== purpose.key)) : undefined
            }
          />
        ))}
        <Button
          icon="plus"
          onPress={() => setPurposes([...purposes, { key: newKey(), spec: EMPTY_PURPOSE, recipients: [] }])}
        >
          {t('rules.addPurpose')}
        </Button>
      </section>
    </div>
  )
}
