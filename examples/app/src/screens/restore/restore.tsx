/**
 * Brings a vault back from a backup: under a name of its own, or in the place of the vault that the backup was made of. What is due
 * and who left since stays away, as far as anybody here knows.
 */
import { isVaultError, type Restored } from '@amanat/vault'
import { type FormEvent, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useParams } from 'wouter'
import { Bar, Button, Choices, Page, TextField } from '../../design/parts'
import { useFormat } from '../../i18n/format'
import { restore, type Way, warmUp } from '../../vaults/here'
import { NewPassphrase } from '../../vaults/new-passphrase'
import { PassphraseField } from '../../vaults/passphrase-field'
import { Trouble } from '../../vaults/trouble'
import { actorOf, useNamesHere, VaultName, Who } from '../../vaults/whose'
import { erasuresIn } from './erasures'
import { FileField } from './file-field'
import { Report } from './report'

export default function Restore() {
  const { t } = useTranslation(['settings', 'common', 'create'])
  const format = useFormat()
  const { name: given } = useParams<{ name?: string }>()
  const here = useNamesHere()
  const [file, setFile] = useState<File>()
  const [backupBy, setBackupBy] = useState('passphrase')
  const [secret, setSecret] = useState('')
  const [nextBy, setNextBy] = useState('same')
  const [fresh, setFresh] = useState<string>()
  const [name, setName] = useState(given === undefined ? t('create:key.nameDefault') : decodeURIComponent(given))
  const [actor, setActor] = useState('')
  const [standing, setStanding] = useState('')
  const [left, setLeft] = useState('')
  const [read, setRead] = useState<number>()
  const [error, setError] = useState<unknown>()
  const [report, setReport] = useState<Restored>()
  useEffect(warmUp, [])

  const isHere = here.includes(name.trim())
  const backup: Way = backupBy === 'code' ? { code: secret } : { passphrase: secret }
  // A recovery code comes with a new passphrase: one way that is only on paper is too few.
  const isNew = backupBy === 'code' || nextBy === 'new'
  const isReady = file && secret !== '' && name.trim() !== '' && actor.trim() !== '' && (!isNew || fresh !== undefined)

  async function bringBack(more: { readonly evenIfOlder?: boolean; readonly confirmTime?: boolean } = {}) {
    if (!file) return
    setError(undefined)
    setRead(0)
    try {
      setReport(
        await restore({
          ...more,
          name: name.trim(),
          actor: actorOf(actor),
          file,
          backup,
          next: isNew ? { passphrase: fresh ?? '' } : backup,
          ...(isHere && standing !== '' ? { standing: { passphrase: standing } } : {}),
          erasures: erasuresIn(left),
          onProgress: setRead,
        }),
      )
      setSecret('')
      setStanding('')
      setFresh(undefined)
    } catch (trouble) {
      setError(trouble)
    }
    setRead(undefined)
  }

  if (report) return <Report report={report} name={name.trim()} />
  const isBusy = read !== undefined
  return (
    <Page title={t('restore.title')} lead={t('restore.lead')} back={{ to: '/', label: t('common:back') }} narrow>
      <form
        className="stack-l"
        onSubmit={(event: FormEvent) => {
          event.preventDefault()
          void bringBack()
        }}
      >
        <section className="sheet">
          <h2>{t('restore.file')}</h2>
          <FileField file={file} onChange={setFile} />
          <Choices
            label={t('restore.backupWay')}
            value={backupBy}
            onChange={next => {
              setBackupBy(next)
              setSecret('')
            }}
            choices={[
              { value: 'passphrase', label: t('restore.passphrase') },
              { value: 'code', label: t('restore.code') },
            ]}
          />
          <PassphraseField
            key={backupBy}
            label={t(backupBy === 'code' ? 'restore.code' : 'restore.passphrase')}
            value={secret}
            onChange={setSecret}
          />
          <TextField
            label={t('restore.erasures')}
            hint={t('restore.erasuresHint')}
            value={left}
            onChange={setLeft}
            lines={3}
            autoComplete="off"
          />
        </section>
        <section className="sheet">
          <h2>{t('restore.next')}</h2>
          {backupBy === 'passphrase' && (
            <Choices
              label={t('create:step.key')}
              value={nextBy}
              onChange={setNextBy}
              choices={[
                { value: 'same', label: t('restore.same') },
                { value: 'new', label: t('restore.new') },
              ]}
            />
          )}
          {isNew && <NewPassphrase onChange={setFresh} />}
          <VaultName value={name} onChange={setName} />
          {isHere && (
            <>
              <p className="soft">{t('restore.standing')}</p>
              <PassphraseField
                label={t('restore.standingPassphrase')}
                value={standing}
                onChange={setStanding}
                isOptional
              />
            </>
          )}
          <Who label={t('create:key.who')} value={actor} onChange={setActor} />
        </section>
        {isBusy && <Bar label={t('restore.progress')} share={read} said={format.percent(Math.min(1, read))} />}
        <Trouble error={error}>
          {isVaultError(error, 'BACKUP_OLDER') && (
            <div>
              <Button look="danger" onPress={() => bringBack({ evenIfOlder: true })}>
                {t('restore.evenIfOlder')}
              </Button>
            </div>
          )}
          {isVaultError(error, 'CLOCK_JUMPED') && (
            <div>
              <Button onPress={() => bringBack({ confirmTime: true })}>{t('restore.dateRight')}</Button>
            </div>
          )}
        </Trouble>
        <div>
          <Button type="submit" look="primary" icon="bring" isPending={isBusy} isDisabled={!isReady}>
            {t(isBusy ? 'restore.going' : 'restore.go')}
          </Button>
        </div>
      </form>
    </Page>
  )
}
