/** A text by which each person can join by themselves, in both languages whichever is being read, to be changed and copied. */
import { useState } from 'react'
import { ToggleButton, ToggleButtonGroup } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { Button, TextField } from '../../design/parts'
import { useSay } from '../../design/said'
import { describe } from '../../i18n/policy'
import { addLanguage, i18n, LANGUAGE_NAMES, LANGUAGES, type Language } from '../../i18n/setup'
import { useAnswer } from '../../vaults/answer'
import { useVault } from '../../vaults/session'
import type { Receiver, Wish } from './request'

export function Invitation({ wish, receiver }: { wish: Wish; receiver: Receiver }) {
  const { t, i18n: reading } = useTranslation(['handover', 'common'])
  const say = useSay()
  const { policy } = useVault()
  const [language, setLanguage] = useState(reading.language as Language)
  const [changed, setChanged] = useState<Partial<Record<Language, string>>>({})
  const { value: words } = useAnswer(async () => {
    await addLanguage(language)
    return { language, t: i18n.getFixedT(language, 'handover') }
  }, [language])
  const written = words?.t('invitation', {
    controller: policy.controller.name,
    contact: policy.controller.contact,
    recipient: receiver.name,
    purpose: describe(policy, wish.purpose, words.language),
    together: receiver.together ? words.t('invitationTogether') : '',
  })
  const text = changed[language] ?? (words?.language === language ? written : undefined) ?? ''
  const copy = async () => {
    await navigator.clipboard.writeText(text)
    say(t('common:copied'))
  }
  return (
    <div className="stack">
      <ToggleButtonGroup
        className="handover-languages"
        aria-label={t('instead.language')}
        disallowEmptySelection
        selectedKeys={[language]}
        onSelectionChange={([key]) => setLanguage(key as Language)}
      >
        {LANGUAGES.map(each => (
          <ToggleButton key={each} id={each} lang={each}>
            {LANGUAGE_NAMES[each]}
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
      <TextField
        label={t('instead.text')}
        lines={11}
        value={text}
        onChange={next => setChanged(last => ({ ...last, [language]: next }))}
      />
      <div>
        <Button icon="mail" onPress={copy}>
          {t('instead.copy')}
        </Button>
      </div>
    </div>
  )
}
