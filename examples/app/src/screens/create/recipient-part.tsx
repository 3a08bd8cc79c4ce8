/** One recipient in the form: who they are, where, whether members see each other, and the key that only they can open files with. */
import type { RecipientSpec } from '@amanat/vault'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button, Choices, TextField } from '../../design/parts'
import type { RecipientDraft } from '../../vaults/policy-draft'
import { AgeKey } from './age-key'
import { CountrySelect } from './country-select'
import type { WrongAt } from './issues'

export function RecipientPart({
  draft,
  wrongAt,
  onChange,
  onRemove,
}: {
  draft: RecipientDraft
  wrongAt: WrongAt
  onChange: (draft: RecipientDraft) => void
  onRemove: () => void
}) {
  const { t } = useTranslation('create')
  const [isMaking, setMaking] = useState(false)
  const { spec } = draft
  const set = (change: Partial<RecipientSpec>) => onChange({ ...draft, spec: { ...spec, ...change } })
  const setKey = (key: string) => {
    const { ageKeys, ...rest } = spec
    const keys = [key.trim(), ...(ageKeys?.slice(1) ?? [])].filter(each => each !== '')
    onChange({ ...draft, spec: keys.length > 0 ? { ...rest, ageKeys: keys } : rest })
  }
  return (
    <fieldset className="create-recipient" aria-label={spec.name || t('recipient.new')}>
      <div className="create-two">
        <TextField
          label={t('recipient.name')}
          value={spec.name}
          onChange={name => set({ name })}
          wrong={wrongAt('name') ? t('rules.sayIt') : undefined}
        />
        <CountrySelect label={t('recipient.country')} value={spec.country} onChange={country => set({ country })} />
        <Choices
          label={t('recipient.role')}
          value={spec.role}
          onChange={role => set({ role: role === 'controller' ? 'controller' : 'processor' })}
          choices={[
            { value: 'processor', label: t('recipient.processor') },
            { value: 'controller', label: t('recipient.controller') },
          ]}
        />
        <Choices
          label={t('recipient.members')}
          value={spec.members}
          onChange={members => set({ members: members === 'see-each-other' ? 'see-each-other' : 'kept-apart' })}
          choices={[
            { value: 'kept-apart', label: t('recipient.apart') },
            { value: 'see-each-other', label: t('recipient.together') },
          ]}
        />
      </div>
      <TextField
        label={t('recipient.key')}
        hint={t('recipient.keyHint')}
        value={spec.ageKeys?.[0] ?? ''}
        onChange={setKey}
        wrong={wrongAt('ageKeys') ? t('recipient.keyWrong') : undefined}
        placeholder="age1…"
        autoComplete="off"
        spellCheck="false"
        ltr
      />
      <div className="row spread">
        <Button icon="key" onPress={() => setMaking(true)}>
          {t('recipient.makeKey')}
        </Button>
        <Button look="quiet" onPress={onRemove}>
          {t('recipient.remove')}
        </Button>
      </div>
      {isMaking && <AgeKey owner={spec.name} onKey={setKey} onClose={() => setMaking(false)} />}
    </fieldset>
  )
}
