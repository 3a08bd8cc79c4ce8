/** One of many, in a list that unfolds. Nothing is chosen where `value` says nothing. */
import { Select as AriaSelect, Button, Label, ListBox, ListBoxItem, Popover, SelectValue } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { Icon } from './icon'

export function Select<T extends string>({
  label,
  value,
  options,
  onChange,
}: {
  label: string
  value: T | undefined
  options: readonly { readonly value: T; readonly label: string }[]
  onChange: (value: T) => void
}) {
  const { t } = useTranslation()
  return (
    <AriaSelect
      className="field select"
      value={value ?? null}
      placeholder={t('choose')}
      onChange={key => onChange(key as T)}
    >
      <Label className="label">{label}</Label>
      <Button className="button">
        <SelectValue />
        <Icon name="down" size={16} />
      </Button>
      <Popover className="popover">
        <ListBox items={options.map(option => ({ id: option.value, ...option }))}>
          {option => (
            <ListBoxItem id={option.id} textValue={option.label} className="option">
              {option.label}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </AriaSelect>
  )
}
