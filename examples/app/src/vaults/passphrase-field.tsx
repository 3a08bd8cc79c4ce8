/** A field for a secret: hidden until somebody wants to see what they type, and left alone by spelling helpers. */
import { useState } from 'react'
import { Input, Label, Text, TextField } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { Button } from '../design/parts'
import './passphrase-field.css'

export function PassphraseField({
  label,
  hint,
  value,
  onChange,
  isNew = false,
  autoFocus = false,
  isOptional = false,
}: {
  label: string
  hint?: string
  value: string
  onChange: (value: string) => void
  /** Whether it is being chosen here, so that a password manager offers to keep it. */
  isNew?: boolean
  autoFocus?: boolean
  isOptional?: boolean
}) {
  const { t } = useTranslation('welcome')
  const [isShown, setShown] = useState(false)
  return (
    <TextField
      className="field"
      type={isShown ? 'text' : 'password'}
      autoComplete={isNew ? 'new-password' : 'current-password'}
      spellCheck="false"
      value={value}
      onChange={onChange}
      autoFocus={autoFocus}
      isRequired={!isOptional}
    >
      <Label className="label">{label}</Label>
      {hint && (
        <Text slot="description" className="hint">
          {hint}
        </Text>
      )}
      <span className="passphrase">
        <Input className="input" dir="auto" autoCapitalize="none" autoCorrect="off" />
        <Button look="quiet" onPress={() => setShown(!isShown)}>
          {t(isShown ? 'hide' : 'show')}
        </Button>
      </span>
    </TextField>
  )
}
