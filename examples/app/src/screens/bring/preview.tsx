/** What would come of it, before anything does; and what only a person can say: from where they are, and why they may be asked. */
import type { MayAsk } from '@amanat/vault'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button, Choices, Say, TextField } from '../../design/parts'
import { Select } from '../../design/select'
import { useFormat } from '../../i18n/format'
import { describe } from '../../i18n/policy'
import { useVault } from '../../vaults/session'
import { Mapping } from './mapping'
import type { Plan } from './run'
import type { Columns, Given } from './source'
import type { Tally } from './tally'
import { Doubts, Figures, LeftOut, Rows } from './told'

const GROUNDS = ['they-asked', 'soft-opt-in', 'in-person-or-post'] as const satisfies readonly MayAsk[]

export function Preview({
  given,
  columns,
  plan: first,
  tally,
  onBack,
  onLook,
  onBring,
}: {
  given: Given
  columns: Columns
  plan: Plan
  tally: Tally
  onBack: () => void
  /** Reads it once more, with other columns or another plan. */
  onLook: (columns: Columns, plan: Plan) => void
  onBring: (plan: Plan) => void
}) {
  const { t } = useTranslation(['bring', 'common'])
  const format = useFormat()
  const { policy } = useVault()
  const [source, setSource] = useState('')
  const [ground, setGround] = useState<MayAsk | 'none'>()
  const [undeclared, setUndeclared] = useState(first.undeclared)
  const [isTried, setTried] = useState(false)
  const needsGround = tally.quarantined > 0
  const isRight = source.trim() !== '' && (!needsGround || ground !== undefined)
  const sheet = tally.columns[0]
  const hasClaims = tally.claimed > 0 || tally.count('EXPIRES_TOO_SOON') > 0
  const count = tally.comeIn

  function bring() {
    setTried(true)
    const mayAsk = ground === 'none' ? undefined : ground
    if (isRight) onBring({ ...first, source: source.trim(), mayAsk, undeclared })
  }

  if (tally.rows === 0)
    return (
      <Say tone="soon" title={t('empty.title')} live>
        <p>{t('empty.fix')}</p>
        <div>
          <Button onPress={onBack}>{t('another')}</Button>
        </div>
      </Say>
    )
  return (
    <>
      <section className="sheet">
        <h2>{t('preview.title')}</h2>
        <p className="soft">{t('preview.lead')}</p>
        <Figures tally={tally} isForeseen />
        {needsGround && <p className="small soft">{t('preview.why')}</p>}
        <p className="small soft">{t('preview.unseen')}</p>
      </section>
      {(hasClaims || first.claimsFor !== undefined) && (
        <section className="sheet">
          <h2>{t('claims.title')}</h2>
          <p>{t('claims.what')}</p>
          <Select
            label={t('claims.which')}
            value={first.claimsFor ?? ''}
            options={[
              { value: '', label: t('claims.none') },
              ...Object.keys(policy.purposes).map(value => ({
                value,
                label: describe(policy, value, format.language),
              })),
            ]}
            onChange={value => onLook(columns, { ...first, claimsFor: value === '' ? undefined : value })}
          />
        </section>
      )}
      <LeftOut tally={tally}>
        <Choices
          label={t('undeclared.label')}
          value={undeclared}
          onChange={value => setUndeclared(value as Plan['undeclared'])}
          choices={[
            { value: 'leave-out', label: t('undeclared.leaveOut') },
            { value: 'refuse', label: t('undeclared.refuse') },
          ]}
        />
      </LeftOut>
      <Rows tally={tally} />
      <Doubts tally={tally} />
      {sheet && (
        <details className="sheet bring-more" open={sheet.unplaced.length > 0}>
          <summary>
            {t('mapping.title')}
            {sheet.unplaced.length > 0 && (
              <span className="soft small">
                {t('mapping.unplaced', { count: sheet.unplaced.length, n: format.number(sheet.unplaced.length) })}
              </span>
            )}
          </summary>
          <Mapping given={given} columns={columns} onColumns={next => onLook(next, first)} />
        </details>
      )}
      <section className="sheet">
        <h2>{t('plan.title')}</h2>
        <TextField
          label={t('plan.source')}
          hint={t('plan.sourceHint')}
          value={source}
          onChange={setSource}
          maxLength={200}
          wrong={isTried && source.trim() === '' ? t('plan.sourceWrong') : undefined}
        />
        {needsGround && (
          <Choices
            label={t('plan.ground')}
            hint={t('plan.groundHint')}
            value={ground ?? null}
            onChange={value => setGround(value as MayAsk | 'none')}
            wrong={isTried && ground === undefined ? t('plan.groundWrong') : undefined}
            choices={[
              ...GROUNDS.map(value => ({ value, label: t(`ground.${value}.name`), hint: t(`ground.${value}.means`) })),
              { value: 'none', label: t('ground.none.name'), hint: t('ground.none.means') },
            ]}
          />
        )}
      </section>
      <div className="row">
        <Button onPress={onBack}>{t('another')}</Button>
        <Button look="primary" icon="bring" isDisabled={count === 0} onPress={bring}>
          {t('plan.bring', { count, n: format.number(count) })}
        </Button>
      </div>
    </>
  )
}
