/** Opens a vault of this device. Who opens it is asked each time: it stands beside what they do, and is kept nowhere else. */
import { isVaultError } from '@amanat/vault'
import { type FormEvent, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation, useParams } from 'wouter'
import { Button, Page } from '../../design/parts'
import { open, warmUp } from '../../vaults/here'
import { LockChoice } from '../../vaults/lock-choice'
import { PassphraseField } from '../../vaults/passphrase-field'
import { type OpenSession, useSessions } from '../../vaults/session'
import { actorOf, Who } from '../../vaults/whose'
import { DateQuestion } from './date-question'
import { WhatToDo } from './what-to-do'

export default function Unlock() {
  const { t } = useTranslation(['welcome', 'common'])
  const name = decodeURIComponent(useParams<{ name: string }>().name)
  const [, go] = useLocation()
  const { enter } = useSessions()
  const [actor, setActor] = useState('')
  const [secret, setSecret] = useState('')
  const [isCode, setCode] = useState(false)
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  /** Opened, but its date is in doubt: nothing of it is shown before that is settled. */
  const [doubted, setDoubted] = useState<OpenSession>()
  useEffect(warmUp, [])

  async function unlock() {
    setBusy(true)
    setError(undefined)
    try {
      const way = isCode ? { code: secret } : { passphrase: secret }
      const session = await open({ ...way, name, actor: actorOf(actor) })
      setSecret('')
      // Nothing is left to purge right after opening; but it says whether the clock jumped.
      const jumped = await session.vault.purge().then(
        () => undefined,
        (trouble: unknown) => trouble,
      )
      if (isVaultError(jumped, 'CLOCK_JUMPED')) {
        setDoubted(session)
        setError(jumped)
      } else show(session)
    } catch (trouble) {
      setError(trouble)
    }
    setBusy(false)
  }

  function show(session: OpenSession) {
    enter(session)
    go('/people')
  }

  const back = { to: '/', label: t('common:back') }
  if (doubted && isVaultError(error, 'CLOCK_JUMPED'))
    return <DateQuestion session={doubted} jump={error.data} onRight={() => show(doubted)} onWrong={() => go('/')} />
  return (
    <Page title={<bdi>{name}</bdi>} lead={t('unlock.lead')} back={back} narrow>
      <form
        className="sheet"
        onSubmit={(event: FormEvent) => {
          event.preventDefault()
          void unlock()
        }}
      >
        <Who label={t('unlock.who')} value={actor} onChange={setActor} />
        <PassphraseField
          key={String(isCode)}
          label={t(isCode ? 'unlock.code' : 'unlock.passphrase')}
          {...(isCode ? { hint: t('unlock.codeHint') } : {})}
          value={secret}
          onChange={setSecret}
        />
        <WhatToDo error={error} name={name} onRetry={unlock} />
        <div className="row spread">
          <Button type="submit" look="primary" icon="key" isPending={isBusy}>
            {t(isBusy ? 'unlock.opening' : 'unlock.open')}
          </Button>
          <Button look="quiet" onPress={() => chooseCode(!isCode)}>
            {t(isCode ? 'unlock.withPassphrase' : 'unlock.withCode')}
          </Button>
        </div>
      </form>
      <details className="unlock-more">
        <summary>{t('lock.title')}</summary>
        <LockChoice />
      </details>
    </Page>
  )

  function chooseCode(next: boolean) {
    setCode(next)
    setSecret('')
    setError(undefined)
  }
}
