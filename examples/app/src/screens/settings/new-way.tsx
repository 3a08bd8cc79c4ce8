/** A new passphrase for an open vault, beside the others or in the place of one. */
import type { SlotView } from '@amanat/vault'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button, TextField } from '../../design/parts'
import { unlockOf } from '../../vaults/here'
import { NewPassphrase } from '../../vaults/new-passphrase'
import { useVault } from '../../vaults/session'
import { Trouble } from '../../vaults/trouble'

export function NewWay({ replaces, onDone }: { replaces?: SlotView; onDone: () => void }) {
  const { t } = useTranslation(['settings', 'common'])
  const vault = useVault()
  const [passphrase, setPassphrase] = useState<string>()
  const [label, setLabel] = useState('')
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()

  async function save() {
    if (passphrase === undefined) return
    setBusy(true)
    setError(undefined)
    try {
      const unlock = await unlockOf({ passphrase })
      if (replaces) await vault.slots.replace(replaces.id, unlock)
      else await vault.slots.add(unlock, label.trim() || 'passphrase')
      setPassphrase(undefined)
      onDone()
    } catch (trouble) {
      setError(trouble)
      setBusy(false)
    }
  }

  return (
    <div className="stack">
      {replaces ? (
        <p>{t('ways.replaceNote')}</p>
      ) : (
        <TextField
          label={t('ways.label')}
          hint={t('ways.labelHint')}
          value={label}
          onChange={setLabel}
          maxLength={60}
          autoComplete="off"
        />
      )}
      <NewPassphrase onChange={setPassphrase} />
      <Trouble error={error} />
      <Button look="primary" isDisabled={passphrase === undefined} isPending={isBusy} onPress={save}>
        {t('common:save')}
      </Button>
    </div>
  )
}
