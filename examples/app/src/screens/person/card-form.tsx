/** The boxes of a card: those fields that some purpose of the policy asks for, and no others. */
import type { Policy } from '@amanat/vault'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button, Check, TextField } from '../../design/parts'
import { useFormat } from '../../i18n/format'
import { type Box, type CardDraft, ENTRY_FIELDS, type EntryField, newKey, withName } from './card-draft'
import { useFieldName } from './words'

interface Props {
  readonly draft: CardDraft
  readonly onChange: (draft: CardDraft) => void
  /** The fields that may be filled in. */
  readonly fields: readonly string[]
  readonly policy: Policy
}

export function CardForm({ draft, onChange, fields, policy }: Props) {
  const { t } = useTranslation('person')
  const fieldName = useFieldName()
  const { language, date } = useFormat()
  const [isApart] = useState(draft.given !== '' || draft.surname !== '')
  const name = (part: 'full' | 'given' | 'surname') => (text: string) => onChange(withName(draft, part, text))
  return (
    <div className="stack-l">
      {fields.includes('name') && (
        <div className="stack">
          <TextField label={fieldName('name')} value={draft.full} onChange={name('full')} autoComplete="off" />
          {/* Open where there is something in it: else it is two more boxes that look as if they had to be filled in. */}
          <details className="person-apart" open={isApart}>
            <summary>{t('form.apart')}</summary>
            <div className="person-two">
              <TextField label={t('form.given')} value={draft.given} onChange={name('given')} autoComplete="off" />
              <TextField
                label={t('form.surname')}
                value={draft.surname}
                onChange={name('surname')}
                autoComplete="off"
              />
            </div>
          </details>
        </div>
      )}
      {ENTRY_FIELDS.filter(field => fields.includes(field)).map(field => (
        <Boxes
          key={field}
          field={field}
          boxes={draft.entries[field]}
          onChange={boxes => onChange({ ...draft, entries: { ...draft.entries, [field]: boxes } })}
        />
      ))}
      {fields.includes('anniversaries') && (
        <TextField
          label={t('form.birthday')}
          type="date"
          value={draft.birthday}
          onChange={birthday => onChange({ ...draft, birthday })}
          hint={language === 'fa' && draft.birthday ? date(draft.birthday) : undefined}
        />
      )}
      {fields
        .filter(field => field.startsWith('x:'))
        .map(field => (
          <CustomBox
            key={field}
            label={fieldName(field)}
            type={policy.custom?.[field as `x:${string}`] ?? 'text'}
            text={draft.custom[field] ?? ''}
            onChange={text => onChange({ ...draft, custom: { ...draft.custom, [field]: text } })}
          />
        ))}
    </div>
  )
}

const TYPE: Partial<Record<EntryField, 'tel' | 'email'>> = { phones: 'tel', emails: 'email' }

function Boxes({
  field,
  boxes,
  onChange,
}: {
  field: EntryField
  boxes: readonly Box[]
  onChange: (boxes: Box[]) => void
}) {
  const { t } = useTranslation('person')
  const fieldName = useFieldName()
  const { number } = useFormat()
  const shown = boxes.length > 0 ? boxes : [{ key: newKey(field, []), text: '' }]
  const set = (key: string, text: string) => onChange(shown.map(box => (box.key === key ? { key, text } : box)))
  return (
    <fieldset className="stack-s person-boxes">
      <legend>{fieldName(field)}</legend>
      {shown.map(({ key, text }, at) => (
        <div key={key} className="person-box">
          <TextField
            label={t('form.nth', { what: fieldName(field), n: number(at + 1) })}
            value={text}
            onChange={typed => set(key, typed)}
            autoComplete="off"
            {...(TYPE[field] ? { type: TYPE[field], ltr: true } : {})}
            {...(field === 'notes' || field === 'addresses' ? { lines: 3 } : {})}
          />
          {text !== '' && (
            <Button
              look="quiet"
              icon="cross"
              aria-label={t('form.remove', { what: fieldName(field), n: number(at + 1) })}
              onPress={() => onChange(shown.filter(box => box.key !== key))}
            >
              <span className="hidden">{t('form.removeShort')}</span>
            </Button>
          )}
        </div>
      ))}
      {shown.at(-1)?.text !== '' && (
        <div className="row">
          <Button
            look="quiet"
            icon="plus"
            onPress={() => onChange([...shown, { key: newKey(field, shown), text: '' }])}
          >
            {t('form.another')}
          </Button>
        </div>
      )}
    </fieldset>
  )
}

function CustomBox({
  label,
  type,
  text,
  onChange,
}: {
  label: string
  type: 'text' | 'number' | 'date' | 'boolean'
  text: string
  onChange: (text: string) => void
}) {
  if (type === 'boolean')
    return (
      <Check isSelected={text === 'true'} onChange={yes => onChange(yes ? 'true' : '')}>
        {label}
      </Check>
    )
  return <TextField label={label} type={type} value={text} onChange={onChange} autoComplete="off" />
}
