/** The buttons below the picture, and what is asked before anything leaves. */
import type { Decision } from '@amanat/vault'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../../design/dialog'
import { Button } from '../../design/parts'
import { useFormat } from '../../i18n/format'
import { useSession } from '../../vaults/session'
import type { WhenRefused } from './handover'
import { totalOf } from './picture'
import { after, type Receiver, type Wish } from './request'
import { useActorName, useFieldList, useReceiverName } from './words'

type HandOver = (wish: Wish, whenRefused: WhenRefused, isCertain: boolean) => Promise<void>

export function Act({
  wish,
  receiver,
  decision,
  onHandOver,
}: {
  wish: Wish
  receiver: Receiver
  decision: Decision
  onHandOver: HandOver
}) {
  const { t } = useTranslation('handover')
  const [isAsking, setAsking] = useState(false)
  const [isBusy, setBusy] = useState(false)
  const total = totalOf(decision)
  const isCovered = decision.allowed === total
  if (total === 0) return null
  /** All of them, though some are not covered: the door is asked, and says no. */
  const ask = async () => {
    setBusy(true)
    await onHandOver(wish, 'refuse', false)
    setBusy(false)
  }
  return (
    <div className="stack-s">
      {decision.allowed > 0 && (
        <Button look="primary" icon="hand" wide onPress={() => setAsking(true)}>
          {t(isCovered ? 'act.all' : 'act.covered', { count: decision.allowed })}
        </Button>
      )}
      {!isCovered && (
        <>
          {/* Not pending: that is announced by the button's name, and the button goes with the answer. */}
          <Button look={decision.allowed > 0 ? 'plain' : 'primary'} wide isDisabled={isBusy} onPress={ask}>
            {t('act.all', { count: total })}
          </Button>
          <p className="soft small">{t('act.hint')}</p>
        </>
      )}
      <Ask
        isOpen={isAsking}
        wish={wish}
        receiver={receiver}
        decision={decision}
        onClose={() => setAsking(false)}
        onYes={() => void onHandOver(wish, isCovered ? 'refuse' : 'leave-out', true)}
      />
    </div>
  )
}

/** What leaves, to whom, until when: said before, since it can't be called back after. */
export function Ask({
  isOpen,
  wish,
  receiver,
  decision,
  onClose,
  onYes,
}: {
  isOpen: boolean
  wish: Wish
  receiver: Receiver
  decision: Decision
  onClose: () => void
  onYes: () => void
}) {
  const { t } = useTranslation(['handover', 'common'])
  const { vault, clock } = useSession()
  const format = useFormat()
  const fieldList = useFieldList()
  const actorName = useActorName()
  const nameOf = useReceiverName()
  const { allowed: count } = decision
  const leftOut = totalOf(decision) - count
  const rows: [string, string, string?][] = [
    [t('confirm.what'), fieldList(wish.fields), t(`format.${wish.format}`)],
    [
      t('confirm.to'),
      nameOf(receiver),
      `${format.country(receiver.country)} · ${t(`recipient.role.${receiver.role}`)}`,
    ],
    [t('confirm.how'), t(wish.way === 'sealed-file' ? 'confirm.sealed' : 'confirm.open')],
    [t('confirm.until'), format.date(after(receiver.destroyAfter, clock.now()))],
    [t('confirm.record'), t('confirm.recordBy', { actor: actorName(vault.actor) })],
  ]
  return (
    <Dialog title={t('confirm.title', { count })} isOpen={isOpen} onClose={onClose}>
      <dl className="handover-facts">
        {rows.map(([what, said, more]) => (
          <div key={what}>
            <dt>{what}</dt>
            <dd>
              {said}
              {more && <span className="soft small">{more}</span>}
            </dd>
          </div>
        ))}
      </dl>
      {leftOut > 0 && <p className="soft">{t('confirm.leftOut', { count: leftOut })}</p>}
      <p>{t('confirm.back')}</p>
      {'showSaveFilePicker' in globalThis && <p className="soft small">{t('confirm.saves')}</p>}
      <div className="actions">
        <Button onPress={onClose}>{t('common:cancel')}</Button>
        {/* Before the dialog goes: the question for a place wants the press that it answers. */}
        <Button
          look="primary"
          icon="hand"
          onPress={() => {
            onYes()
            onClose()
          }}
        >
          {t('confirm.yes')}
        </Button>
      </div>
    </Dialog>
  )
}
