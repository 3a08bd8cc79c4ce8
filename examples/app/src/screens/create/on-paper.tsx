/** A second way in: a recovery code for a drawer. It is made here, shown once, and kept nowhere but on paper. */
import { type AnyVault, createRecoveryCode, recoveryCode } from '@amanat/vault'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button, TextField } from '../../design/parts'
import { useFormat } from '../../i18n/format'
import { Trouble } from '../../vaults/trouble'
import './create.css'

/** @param onDone whether a code was added */
export function OnPaper({ vault, onDone }: { vault: AnyVault; onDone: (added: boolean) => void }) {
  const { t } = useTranslation('create')
  const format = useFormat()
  const [code] = useState(() => createRecoveryCode())
  const [last, setLast] = useState('')
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const groups = code.split('-')
  const isRight = last.trim().toUpperCase() === groups.at(-1)

  async function add() {
    setBusy(true)
    try {
      await vault.slots.add(recoveryCode(code), 'recovery code')
      onDone(true)
    } catch (trouble) {
      setError(trouble)
      setBusy(false)
    }
  }

  return (
    <div className="stack">
      <p className="no-print">{t('paper.text')}</p>
      <figure className="create-paper">
        <figcaption>
          {t('paper.title', { name: vault.policy.controller.name })}
          <small>{format.date(new Date().toISOString())}</small>
        </figcaption>
        <p className="ltr" data-testid="code">
          {groups.map(group => (
            <span key={group}>{group}</span>
          ))}
        </p>
        <small>{t('paper.note')}</small>
      </figure>
      <div className="stack no-print">
        <Button onPress={() => window.print()}>{t('paper.print')}</Button>
        <TextField
          label={t('paper.check')}
          hint={t('paper.checkHint')}
          value={last}
          onChange={setLast}
          wrong={last.trim().length >= 5 && !isRight ? t('paper.checkWrong') : undefined}
          autoComplete="off"
          ltr
        />
        <Trouble error={error} />
        <div className="row">
          <Button look="primary" onPress={add} isPending={isBusy} isDisabled={!isRight}>
            {t('paper.add')}
          </Button>
          <Button look="quiet" onPress={() => onDone(false)}>
            {t('paper.without')}
          </Button>
        </div>
      </div>
    </div>
  )
}
