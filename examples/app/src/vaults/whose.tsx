/** What a vault is called on this device, and who opens it: asked wherever one is made, opened or brought back. */
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { TextField } from '../design/parts'
import { vaultsHere } from './here'

interface Field {
  readonly value: string
  readonly onChange: (value: string) => void
}

/** Longer ones fit on no screen. */
const LONGEST = 60

export function VaultName({ isTaken = false, ...field }: Field & { isTaken?: boolean }) {
  const { t } = useTranslation('create')
  return (
    <TextField
      {...field}
      label={t('key.name')}
      hint={t('key.nameHint')}
      wrong={isTaken ? t('key.nameTaken') : undefined}
      maxLength={LONGEST}
      autoComplete="off"
    />
  )
}

export function Who({ label, ...field }: Field & { label: string }) {
  const { t } = useTranslation('welcome')
  return (
    <TextField {...field} label={label} hint={t('unlock.whoHint')} maxLength={LONGEST} autoComplete="off" isRequired />
  )
}

/** As it stands in the record. */
export const actorOf = (who: string): string => `volunteer:${who.trim()}`

/** The names that vaults of this device have. */
export function useNamesHere(): readonly string[] {
  const [names, setNames] = useState<readonly string[]>([])
  useEffect(() => void vaultsHere().then(setNames, () => undefined), [])
  return names
}
