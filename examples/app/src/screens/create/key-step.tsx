/** The passphrase, what the vault is called on this device, and who is making it. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../design/parts'
import { useFormat } from '../../i18n/format'
import { NewPassphrase } from '../../vaults/new-passphrase'
import { Trouble } from '../../vaults/trouble'
import { actorOf, useNamesHere, VaultName, Who } from '../../vaults/whose'

export interface NewVault {
  readonly name: string
  readonly passphrase: string
  readonly actor: string
}

export function KeyStep({ onBack, onDone }: { onBack: () => void; onDone: (made: NewVault) => Promise<void> }) {
  const { t } = useTranslation(['create', 'common'])
  const { list } = useFormat()
  const taken = useNamesHere()
  const [name, setName] = useState(t('key.nameDefault'))
  const [actor, setActor] = useState('')
  const [passphrase, setPassphrase] = useState<string>()
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const isTaken = taken.includes(name.trim())
  const isReady = passphrase !== undefined && name.trim() !== '' && !isTaken && actor.trim() !== ''

  const missing = [
    ...(passphrase === undefined ? [t('key.missingPassphrase')] : []),
    ...(name.trim() === '' || isTaken ? [t('key.missingName')] : []),
    ...(actor.trim() === '' ? [t('key.missingWho')] : []),
  ]

  async function make() {
    if (passphrase === undefined) return
    setBusy(true)
    setError(undefined)
    try {
      await onDone({ name: name.trim(), passphrase, actor: actorOf(actor) })
    } catch (trouble) {
      setError(trouble)
      setBusy(false)
    }
  }

  return (
    <div className="stack-l">
      <section className="sheet">
        <h2>{t('key.title')}</h2>
        <p className="soft">{t('key.text')}</p>
        <NewPassphrase onChange={setPassphrase} />
      </section>
      <section className="sheet">
        <VaultName value={name} onChange={setName} isTaken={isTaken} />
        <Who label={t('key.who')} value={actor} onChange={setActor} />
      </section>
      <Trouble error={error} />
      <div className="row">
        <Button look="primary" icon="lock" isPending={isBusy} isDisabled={!isReady} onPress={make}>
          {t(isBusy ? 'key.making' : 'key.make')}
        </Button>
        <Button look="quiet" onPress={onBack}>
          {t('common:back')}
        </Button>
      </div>
      {missing.length > 0 && <p className="soft small">{t('key.missing', { what: list(missing) })}</p>}
    </div>
  )
}
