/** The ways of opening this vault: looked at, added, replaced, removed. A new passphrase encrypts nothing again. */
import type { SlotView } from '@amanat/vault'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Confirm, Dialog } from '../../design/dialog'
import { Icon } from '../../design/icon'
import { Button } from '../../design/parts'
import { useSay } from '../../design/said'
import { useFormat } from '../../i18n/format'
import { useAnswer } from '../../vaults/answer'
import { useVault } from '../../vaults/session'
import { Trouble } from '../../vaults/trouble'
import { OnPaper } from '../create/on-paper'
import { NewWay } from './new-way'

type Doing = { readonly what: 'passphrase' | 'code' } | { readonly what: 'replace' | 'remove'; readonly slot: SlotView }

export function WaysPart() {
  const { t } = useTranslation(['settings', 'common'])
  const format = useFormat()
  const say = useSay()
  const vault = useVault()
  const slots = useAnswer(vault => vault.slots.list(), [])
  const [doing, setDoing] = useState<Doing>()
  const [error, setError] = useState<unknown>()
  const end = () => setDoing(undefined)

  return (
    <section className="sheet">
      <h2>{t('ways.title')}</h2>
      <p className="soft">{t('ways.text')}</p>
      <ul className="settings-ways">
        {slots.value?.map(slot => (
          <li key={slot.id}>
            <Icon name={slot.kind === 'recovery-code' ? 'record' : 'key'} />
            <span className="stack-s">
              <strong>{t(`ways.kind.${slot.kind}`)}</strong>
              <span className="soft small">
                {isOwnLabel(slot) && <bdi>{slot.label} · </bdi>}
                {t('ways.since', { date: format.date(slot.added) })}
              </span>
            </span>
            <span className="row">
              {slot.kind === 'passphrase' && (
                <Button onPress={() => setDoing({ what: 'replace', slot })}>{t('ways.replace')}</Button>
              )}
              {slots.value && slots.value.length > 1 && (
                <Button look="quiet" onPress={() => setDoing({ what: 'remove', slot })}>
                  {t('ways.remove')}
                </Button>
              )}
            </span>
          </li>
        ))}
      </ul>
      <Trouble error={error ?? slots.error} />
      <div className="row">
        <Button icon="plus" onPress={() => setDoing({ what: 'passphrase' })}>
          {t('ways.addPassphrase')}
        </Button>
        <Button icon="plus" onPress={() => setDoing({ what: 'code' })}>
          {t('ways.addCode')}
        </Button>
      </div>

      {(doing?.what === 'passphrase' || doing?.what === 'replace') && (
        <Dialog title={t('ways.newTitle')} isOpen onClose={end}>
          <NewWay
            {...(doing.what === 'replace' ? { replaces: doing.slot } : {})}
            onDone={() => {
              say(t(doing.what === 'replace' ? 'ways.replaced' : 'ways.added'))
              end()
            }}
          />
        </Dialog>
      )}
      {doing?.what === 'code' && (
        <Dialog title={t('ways.codeTitle')} isOpen onClose={end}>
          <OnPaper
            vault={vault}
            onDone={isAdded => {
              if (isAdded) say(t('ways.added'))
              end()
            }}
          />
        </Dialog>
      )}
      {doing?.what === 'remove' && (
        <Confirm
          title={t('ways.removeTitle')}
          yes={t('ways.remove')}
          no={t('common:cancel')}
          danger
          isOpen
          onClose={end}
          onTrouble={setError}
          onYes={async () => {
            await vault.slots.remove(doing.slot.id)
            say(t('ways.removed'))
          }}
        >
          <p>{t('ways.removeText')}</p>
        </Confirm>
      )}
    </section>
  )
}

/** Labels that this app gives by itself say what the kind says already. */
const isOwnLabel = ({ label }: SlotView) => !['passphrase', 'recovery code', 'first'].includes(label)
