/** The end of a vault: its cell is overwritten, its rows dropped, its name taken off the list. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { Dialog } from '../../design/dialog'
import { Button, TextField } from '../../design/parts'
import { useSay } from '../../design/said'
import { forgetName } from '../../vaults/here'
import { useVault } from '../../vaults/session'
import { Trouble, useTroubleWords } from '../../vaults/trouble'

export function EndPart({ name }: { name: string }) {
  const { t } = useTranslation(['settings', 'common'])
  const vault = useVault()
  const [, go] = useLocation()
  const say = useSay()
  const wordsFor = useTroubleWords()
  const [isAsking, setAsking] = useState(false)
  const [typed, setTyped] = useState('')
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()

  async function end() {
    setBusy(true)
    setError(undefined)
    try {
      await vault.destroy()
      await forgetName(name)
      go('/')
    } catch (trouble) {
      setError(trouble)
      setBusy(false)
      // The vault is locked by then, and this screen gone with it.
      const { what, fix } = wordsFor(trouble)
      say(`${what} ${fix}`)
    }
  }

  return (
    <section className="sheet settings-end">
      <h2>{t('end.title')}</h2>
      <p className="soft">{t('end.text')}</p>
      <div>
        <Button look="danger" onPress={() => setAsking(true)}>
          {t('end.open')}
        </Button>
      </div>
      <Dialog title={t('end.title')} isOpen={isAsking} onClose={() => setAsking(false)}>
        <p>{t('end.text')}</p>
        <TextField label={t('end.type', { name })} value={typed} onChange={setTyped} autoComplete="off" />
        <Trouble error={error} />
        <div className="actions">
          <Button onPress={() => setAsking(false)}>{t('common:cancel')}</Button>
          <Button look="danger" isDisabled={typed.trim() !== name} isPending={isBusy} onPress={end}>
            {t('end.yes')}
          </Button>
        </div>
      </Dialog>
    </section>
  )
}
