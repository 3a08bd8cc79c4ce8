/** When this device locks an open vault: said for the device, not for the vault. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Select } from '../design/select'
import { useFormat } from '../i18n/format'
import {
  LOCK_AFTER,
  type LockAfter,
  lockAfter,
  OUT_OF_SIGHT,
  type OutOfSight,
  outOfSight,
  setLockAfter,
  setOutOfSight,
} from './device'

export function LockChoice() {
  const { t } = useTranslation('welcome')
  const format = useFormat()
  const [after, setAfter] = useState(lockAfter)
  const [hidden, setHidden] = useState(outOfSight)
  const minutes = (choice: LockAfter) => Number(/\d+/.exec(choice)?.[0]) * (choice.endsWith('H') ? 60 : 1)
  return (
    <div className="stack">
      <Select<LockAfter>
        label={t('lock.after')}
        value={after}
        options={LOCK_AFTER.map(value => ({
          value,
          label: t('lock.minutes', { count: minutes(value), minutes: format.number(minutes(value)) }),
        }))}
        onChange={choice => {
          setLockAfter(choice)
          setAfter(choice)
        }}
      />
      <Select<OutOfSight>
        label={t('lock.outOfSight')}
        value={hidden}
        options={OUT_OF_SIGHT.map(value => ({ value, label: t(`lock.hidden.${value}`) }))}
        onChange={choice => {
          setOutOfSight(choice)
          setHidden(choice)
        }}
      />
      <p className="soft small">{t('lock.hint')}</p>
    </div>
  )
}
