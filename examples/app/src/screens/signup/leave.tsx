/** Back into the volunteer's hands: only with the passphrase. The story is kept nowhere and has none. */
import { isVaultError } from '@amanat/vault'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../../design/dialog'
import { Button, TextField } from '../../design/parts'
import { open } from '../../vaults/here'
import { useSession } from '../../vaults/session'
import { Trouble } from '../../vaults/trouble'

export function Leave({ onLeave }: { onLeave: () => Promise<void> }) {
  const { t } = useTranslation(['signup', 'common'])
  const { vault, name } = useSession()
  const [isOpen, setOpen] = useState(false)
  const [passphrase, setPassphrase] = useState('')
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const isWrong = isVaultError(error, 'CANNOT_UNLOCK')

  function close() {
    setOpen(false)
    setPassphrase('')
    setError(undefined)
  }

  async function leave(event: FormEvent) {
    event.preventDefault()
    setBusy(true)
    setError(undefined)
    try {
      if (name !== undefined) {
        // Whoever can open the vault once more may have it back.
        const again = await open({ name, passphrase, actor: vault.actor })
        await again.vault.lock()
      }
      await onLeave()
    } catch (trouble) {
      setError(trouble)
      setPassphrase('')
      setBusy(false)
    }
  }

  return (
    <footer className="signup-leave">
      <Button look="quiet" icon="lock" onPress={() => setOpen(true)}>
        {t('leave.button')}
      </Button>
      <Dialog title={t('leave.title')} isOpen={isOpen} onClose={close}>
        <form className="stack" onSubmit={leave} autoComplete="off" noValidate>
          {name === undefined ? (
            <p>{t('leave.story')}</p>
          ) : (
            <TextField
              label={t('leave.passphrase')}
              type="password"
              // A browser that remembers the passphrase must not fill it in for whoever holds the device.
              autoComplete="new-password"
              autoFocus
              value={passphrase}
              onChange={setPassphrase}
              wrong={isWrong ? t('leave.wrong') : undefined}
            />
          )}
          {error !== undefined && !isWrong && <Trouble error={error} />}
          <div className="actions">
            <Button onPress={close}>{t('common:cancel')}</Button>
            <Button
              type="submit"
              look="primary"
              isPending={isBusy}
              isDisabled={name !== undefined && passphrase === '' && !isBusy}
            >
              {t('leave.yes')}
            </Button>
          </div>
        </form>
      </Dialog>
    </footer>
  )
}
