/** Opens a vault of this device. Who opens it is asked each time: it stands beside what they do, and is kept nowhere else. */
import { type FormEvent, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation, useParams } from 'wouter'
import { Button, Page, TextField } from '../../design/parts'
import { open, warmUp } from '../../vaults/here'
import { useSessions } from '../../vaults/session'
import { Trouble } from '../../vaults/trouble'

export default function Unlock() {
  const { t } = useTranslation(['welcome', 'common'])
  const name = decodeURIComponent(useParams<{ name: string }>().name)
  const [, go] = useLocation()
  const { enter } = useSessions()
  const [actor, setActor] = useState('')
  const [passphrase, setPassphrase] = useState('')
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  useEffect(warmUp, [])

  async function unlock(event: FormEvent) {
    event.preventDefault()
    setBusy(true)
    setError(undefined)
    try {
      enter(await open({ name, passphrase, actor: `volunteer:${actor.trim()}` }))
      go('/people')
    } catch (trouble) {
      setError(trouble)
      setBusy(false)
    }
  }

  return (
    <Page title={name} back={{ to: '/', label: t('common:back') }} narrow>
      <form className="sheet" onSubmit={unlock}>
        <TextField label={t('unlock.who')} hint={t('unlock.whoHint')} value={actor} onChange={setActor} isRequired />
        <TextField
          label={t('unlock.passphrase')}
          type="password"
          autoComplete="current-password"
          value={passphrase}
          onChange={setPassphrase}
          isRequired
        />
        <Trouble error={error} />
        <Button type="submit" look="primary" icon="key" isPending={isBusy}>
          {t('unlock.open')}
        </Button>
      </form>
    </Page>
  )
}
