/** One purpose in the form: what people are asked, what is kept for it, how long, and who receives it. */
import type { Controller } from '@amanat/vault'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from '../../design/icon'
import { Button, Check, Checks, Say, TextField } from '../../design/parts'
import { Select } from '../../design/select'
import { useFormat } from '../../i18n/format'
import { durationWords } from '../../vaults/duration'
import { FIELDS, noticeOf, textIn } from '../../vaults/notice'
import { newKey, type PurposeDraft, type RecipientDraft, recipientNames } from '../../vaults/policy-draft'
import type { WrongAt } from './issues'
import { RecipientPart } from './recipient-part'

const KEEP_FOR = ['P30D', 'P90D', 'P6M', 'P1Y', 'P2Y', 'P3Y']

interface Props {
  readonly draft: PurposeDraft
  readonly name: string
  readonly controller: Controller
  /** The whole group's lists are secret by themselves. */
  readonly isSpecialGroup: boolean
  readonly wrongAt: WrongAt
  readonly onChange: (draft: PurposeDraft) => void
  readonly onRemove: (() => void) | undefined
}

export function PurposePart({ draft, name, controller, isSpecialGroup, wrongAt, onChange, onRemove }: Props) {
  const { t } = useTranslation(['create', 'common'])
  const { language } = useFormat()
  const { spec, recipients } = draft
  const isWrong = wrongAt('purposes', name)
  const [isOpen, setOpen] = useState(textIn(spec.description, language) === '')
  useEffect(() => {
    if (isWrong) setOpen(true)
  }, [isWrong])
  const text = (of: 'en' | 'fa') =>
    typeof spec.description === 'string' ? textIn(spec.description, of) : (spec.description[of] ?? '')
  const setSpec = (change: Partial<PurposeDraft['spec']>) => onChange({ ...draft, spec: { ...spec, ...change } })
  const setRecipients = (next: readonly RecipientDraft[]) => onChange({ ...draft, recipients: next })
  const ids = recipientNames(recipients)
  const isSpecial = isSpecialGroup || spec.special === true
  const whole = { ...spec, recipients: Object.fromEntries(recipients.map(({ key, spec }) => [key, spec])) }

  return (
    <details
      className="create-purpose"
      open={isOpen}
      onToggle={event => setOpen(event.currentTarget.open)}
      data-wrong={isWrong || undefined}
    >
      <summary>
        <strong>{textIn(spec.description, language) || t('purpose.new')}</strong>
        <span className="soft small">
          {t('purpose.short', {
            fields: spec.fields.length,
            keepFor: durationWords(language, spec.keepFor),
            recipients: recipients.map(({ spec }) => spec.name).join('، ') || t('purpose.nobody'),
          })}
        </span>
        <Icon name="down" />
      </summary>
      <div className="inside">
        <div className="stack">
          {(['en', 'fa'] as const).map(of => (
            <TextField
              key={of}
              label={t(`purpose.description.${of}`)}
              hint={t('purpose.descriptionHint')}
              value={text(of)}
              onChange={value => setSpec({ description: { en: text('en'), fa: text('fa'), [of]: value } })}
              wrong={wrongAt('purposes', name, 'description') ? t('purpose.sayIt') : undefined}
            />
          ))}
        </div>
        <div className="create-fields">
          <Checks
            label={t('purpose.fields')}
            hint={t('purpose.fieldsHint')}
            value={[...spec.fields]}
            onChange={fields => setSpec({ fields })}
            choices={[...new Set([...FIELDS, ...spec.fields])].map(field => ({
              value: field,
              label: field.startsWith('x:') ? field.slice(2) : t(`common:fields.${field as 'name'}`),
            }))}
          />
          {wrongAt('purposes', name, 'fields') && <p className="create-wrong small">{t('purpose.chooseFields')}</p>}
        </div>
        <Select
          label={t('purpose.keepFor')}
          value={spec.keepFor}
          options={[...new Set([...KEEP_FOR, spec.keepFor])].map(value => ({
            value,
            label: durationWords(language, value),
          }))}
          onChange={keepFor => setSpec({ keepFor })}
        />
        {!isSpecialGroup && (
          <Check
            isSelected={spec.special === true}
            onChange={special => {
              const { special: _, ...rest } = spec
              onChange({ ...draft, spec: special ? { ...rest, special } : rest })
            }}
          >
            {t('purpose.special')}
          </Check>
        )}
        {isSpecial && recipients.length > 0 && (
          <Say tone="note">
            <p>{t('purpose.specialHint')}</p>
          </Say>
        )}
        <div className="stack">
          <h3>{t('recipient.title')}</h3>
          {recipients.length === 0 && <p className="soft">{t('recipient.none')}</p>}
          {recipients.map((recipient, at) => (
            <RecipientPart
              key={recipient.key}
              draft={recipient}
              wrongAt={(...path) => wrongAt('purposes', name, 'recipients', ids[at] ?? '', ...path)}
              onChange={next => setRecipients(recipients.map(each => (each.key === next.key ? next : each)))}
              onRemove={() => setRecipients(recipients.filter(each => each.key !== recipient.key))}
            />
          ))}
          <Button
            icon="plus"
            onPress={() =>
              setRecipients([
                ...recipients,
                {
                  key: newKey(),
                  spec: { name: '', role: 'processor', country: controller.jurisdiction, members: 'kept-apart' },
                },
              ])
            }
          >
            {t('recipient.add')}
          </Button>
        </div>
        <details>
          <summary>{t('purpose.notice')}</summary>
          <p className="create-notice soft">{noticeOf(controller, whole)[language]}</p>
        </details>
        {onRemove && (
          <div>
            <Button look="danger" onPress={onRemove}>
              {t('purpose.remove')}
            </Button>
          </div>
        )}
      </div>
    </details>
  )
}
