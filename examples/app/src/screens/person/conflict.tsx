/** Two changed the same person at once: both versions of what differs, and a choice for each. */
import type { Card } from '@amanat/vault'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button, Choices, Say } from '../../design/parts'
import { type CardDraft, draftOf, ENTRY_FIELDS, type EntryField } from './card-draft'
import { useFieldName } from './words'

/** A part of a card that was changed as a whole. */
interface Part {
  readonly field: string
  readonly text: (draft: CardDraft) => string
  readonly take: (onto: CardDraft, from: CardDraft) => CardDraft
}

export function Conflict({
  before,
  mine,
  theirs,
  isBusy,
  onChosen,
  onTheirs,
}: {
  before: Card
  mine: CardDraft
  theirs: Card
  isBusy: boolean
  onChosen: (draft: CardDraft) => void
  onTheirs: () => void
}) {
  const { t } = useTranslation('person')
  const fieldName = useFieldName()
  const [was, now] = [draftOf(before), draftOf(theirs)]
  const parts = partsOf(mine, now)
  const differing = parts.filter(({ text }) => text(mine) !== text(was) && text(mine) !== text(now))
  const disputed = differing.filter(({ text }) => text(now) !== text(was))
  const [chosen, setChosen] = useState<Readonly<Record<string, string>>>({})
  const isDecided = disputed.every(({ field }) => chosen[field])
  const merged = () =>
    differing.reduce((draft, part) => (chosen[part.field] === 'theirs' ? draft : part.take(draft, mine)), now)
  const none = t('conflict.nothing')
  return (
    <div className="sheet">
      <Say tone="soon" title={t('conflict.title')} live>
        <p>{disputed.length > 0 ? t('conflict.what') : t('conflict.apart')}</p>
      </Say>
      {disputed.map(({ field, text }) => (
        <Choices
          key={field}
          label={fieldName(field)}
          value={chosen[field] ?? null}
          onChange={value => setChosen(last => ({ ...last, [field]: value }))}
          choices={[
            { value: 'mine', label: <bdi>{text(mine) || none}</bdi>, hint: t('conflict.mine') },
            { value: 'theirs', label: <bdi>{text(now) || none}</bdi>, hint: t('conflict.theirs') },
          ]}
        />
      ))}
      <div className="row">
        <Button look="primary" isPending={isBusy} isDisabled={!isDecided} onPress={() => onChosen(merged())}>
          {t('conflict.save')}
        </Button>
        <Button onPress={onTheirs}>{t('conflict.leave')}</Button>
      </div>
    </div>
  )
}

function partsOf(mine: CardDraft, theirs: CardDraft): Part[] {
  const custom = [...new Set([...Object.keys(mine.custom), ...Object.keys(theirs.custom)])]
  return [
    {
      field: 'name',
      text: ({ full, given, surname }) =>
        full && full !== `${given} ${surname}`.trim() ? full : `${given} ${surname}`.trim() || full,
      take: (onto, { full, given, surname }) => ({ ...onto, full, given, surname }),
    },
    ...ENTRY_FIELDS.map(
      (field: EntryField): Part => ({
        field,
        text: draft =>
          draft.entries[field]
            .map(({ text }) => text.trim())
            .filter(Boolean)
            .join('\n'),
        take: (onto, from) => ({ ...onto, entries: { ...onto.entries, [field]: from.entries[field] } }),
      }),
    ),
    {
      field: 'anniversaries',
      text: ({ birthday }) => birthday,
      take: (onto, { birthday }) => ({ ...onto, birthday }),
    },
    ...custom.map(
      (field): Part => ({
        field,
        text: draft => draft.custom[field] ?? '',
        take: (onto, from) => ({ ...onto, custom: { ...onto.custom, [field]: from.custom[field] ?? '' } }),
      }),
    ),
  ]
}
