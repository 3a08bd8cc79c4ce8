/**
 * The fields that a purpose holds. What would reach the person stands behind a button: it counts in the meter, it is on the record, and
 * it is hidden again when this page is left.
 */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../design/parts'
import { useFormat } from '../../i18n/format'
import { useAnswer } from '../../vaults/answer'
import { useDoor } from '../../vaults/session'
import { Trouble } from '../../vaults/trouble'
import { linesOf } from './card-words'
import { type Seen, seenBy } from './look-at'
import { Points } from './points'
import { useFieldName } from './words'

/** Fields that stand behind the reveal are in the consent, and not in what the door shows without one. */
export function Held({
  id,
  purpose,
  seen,
  fields,
}: {
  id: string
  purpose: string
  seen: Seen
  fields: readonly string[]
}) {
  const { t } = useTranslation('person')
  const format = useFormat()
  const fieldName = useFieldName()
  const door = useDoor(purpose)
  const [revealed, setRevealed] = useState<Seen>()
  const [error, setError] = useState<unknown>()
  const [isBusy, setBusy] = useState(false)
  const { value: budget } = useAnswer(vault => vault.for(purpose).budget(), [purpose])
  // What was changed meanwhile was not revealed yet.
  const shown = revealed?.revision === seen.revision ? revealed : undefined

  const reveal = async () => {
    setBusy(true)
    setError(undefined)
    try {
      const contact = await door.reveal(id)
      setRevealed(contact && seenBy(contact))
    } catch (trouble) {
      setError(trouble)
    } finally {
      setBusy(false)
    }
  }

  const { card } = shown ?? seen
  const open = fields.filter(field => field in card)
  const hidden = shown ? [] : fields.filter(field => !(field in seen.card) && isBehind(field))
  return (
    <div className="stack">
      <dl className="person-facts">
        {open.map(field => (
          <div key={field}>
            <dt>{fieldName(field)}</dt>
            <dd>
              {field === 'phones' || field === 'emails' ? (
                <Points field={field} card={card} sources={shown?.sources ?? {}} />
              ) : (
                <Lines lines={linesOf(card, field, format)} />
              )}
            </dd>
          </div>
        ))}
        {hidden.length > 0 && (
          <div>
            <dt>{format.list(hidden.map(fieldName))}</dt>
            <dd className="soft">{t('hidden')}</dd>
          </div>
        )}
      </dl>
      {hidden.length > 0 && (
        <div className="row">
          <Button icon="eye" isPending={isBusy} onPress={reveal}>
            {t('reveal.do', { what: format.list(hidden.map(fieldName)) })}
          </Button>
          {budget && (
            <p className="soft small">
              {budget.left > 0
                ? t('reveal.left', { count: budget.left, n: format.number(budget.left) })
                : t('reveal.none', { when: budget.resets ? format.dateTime(budget.resets) : '' })}
            </p>
          )}
        </div>
      )}
      {shown && (
        <div className="row">
          <Button look="quiet" onPress={() => setRevealed(undefined)}>
            {t('reveal.hide')}
          </Button>
          <p className="soft small">{t('reveal.noted')}</p>
        </div>
      )}
      <Trouble error={error} />
    </div>
  )
}

/** A birthday that nobody has is not hidden, it isn't there: only ways to reach somebody, free text and what leads to them are. */
const NEVER_BEHIND: readonly string[] = [
  'organizations',
  'titles',
  'anniversaries',
  'keywords',
  'preferredLanguages',
  'speakToAs',
]
const isBehind = (field: string): boolean => !NEVER_BEHIND.includes(field)

function Lines({ lines }: { lines: readonly string[] }) {
  const { t } = useTranslation('person')
  if (lines.length === 0) return <span className="soft">{t('heldOnly')}</span>
  return lines.map(line => (
    <span key={line} className="person-line">
      <bdi>{line}</bdi>
    </span>
  ))
}
