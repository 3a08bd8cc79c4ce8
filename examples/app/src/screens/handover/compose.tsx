/** The choice: what for, to whom, which details, in which form; beside it, always, who is covered by what they agreed to. */
import { type Decision, isVaultError } from '@amanat/vault'
import { useTranslation } from 'react-i18next'
import { ButtonLink, Checks, Choices, Empty, Say } from '../../design/parts'
import { useFormat } from '../../i18n/format'
import { describe } from '../../i18n/policy'
import { useAnswer } from '../../vaults/answer'
import { useVault } from '../../vaults/session'
import { Trouble } from '../../vaults/trouble'
import { Act } from './act'
import type { WhenRefused } from './handover'
import { Invitation } from './invitation'
import { Picture } from './picture'
import { FORMATS, type FormatName, type Receiver, receiverOf, receiversOf, type Wish, whoOf } from './request'
import { Unended } from './unended'
import { type Choose, type Choosing, purposesOf } from './wish'
import { useFieldNames, useReceiverName } from './words'

export function Compose({
  wish,
  choosing,
  onChoose,
  onHandOver,
  error,
  isBroken,
}: {
  wish: Wish | undefined
  choosing: Choosing
  onChoose: Choose
  onHandOver: (wish: Wish, whenRefused: WhenRefused, isCertain: boolean) => Promise<void>
  error: unknown
  isBroken: boolean
}) {
  const { t } = useTranslation('handover')
  const { language } = useFormat()
  const vault = useVault()
  const { purpose } = choosing
  const receiver = wish && receiverOf(vault.policy, wish.purpose, wish.recipient)
  // What an export would be answered; nothing leaves, and nothing is written down.
  const { value: decision, error: trouble } = useAnswer<Decision | undefined>(
    async vault => wish && vault.for(wish.purpose).check(whoOf(vault.policy, wish)),
    [wish?.purpose, wish?.recipient, wish?.fields.join()],
  )
  const purposes = purposesOf(vault.policy)
  if (purposes.length === 0)
    return (
      <Empty icon="hand" title={t('purpose.none')}>
        <p>{t('purpose.noneFix')}</p>
        <ButtonLink to="/settings">{t('cant.settings')}</ButtonLink>
      </Empty>
    )
  return (
    <>
      <Unended />
      {isBroken && (
        <Say tone="stop" title={t('broken.title')} live>
          <p>{t('broken.text')}</p>
        </Say>
      )}
      <Trouble error={error ?? trouble} />
      {isVaultError(error, 'NO_AGE_KEYS') && <p className="soft small">{t('cant.keysWaiting')}</p>}
      <div className="handover">
        <div className="stack-l">
          <Choices
            label={t('purpose.label')}
            value={purpose ?? null}
            onChange={next => onChoose({ purpose: next })}
            choices={purposes.map(name => ({ value: name, label: describe(vault.policy, name, language) }))}
          />
          {purpose !== undefined && <Recipients purpose={purpose} choosing={choosing} onChoose={onChoose} />}
        </div>
        <aside className="sheet handover-side" aria-label={t('picture.title')}>
          {wish && receiver && decision ? (
            <>
              <Picture wish={wish} receiver={receiver} decision={decision} />
              {receiver.cant === undefined ? (
                <Act wish={wish} receiver={receiver} decision={decision} onHandOver={onHandOver} />
              ) : (
                receiver.together && decision.allowed === 0 && <AskThem wish={wish} receiver={receiver} />
              )}
            </>
          ) : (
            <>
              <h2>{t('picture.title')}</h2>
              <p className="soft">{t(wish ? 'picture.asking' : 'picture.choose')}</p>
            </>
          )}
        </aside>
        {wish && receiver && (
          <div className="stack-l">
            {receiver.cant === undefined ? (
              <How wish={wish} receiver={receiver} onChoose={onChoose} />
            ) : (
              <Cant receiver={receiver} />
            )}
          </div>
        )}
      </div>
    </>
  )
}

function Recipients({ purpose, choosing, onChoose }: { purpose: string; choosing: Choosing; onChoose: Choose }) {
  const { t } = useTranslation('handover')
  const { country } = useFormat()
  const nameOf = useReceiverName()
  const { policy } = useVault()
  return (
    <Choices
      label={t('recipient.label')}
      value={choosing.recipient ?? null}
      onChange={recipient => onChoose({ recipient })}
      choices={receiversOf(policy, purpose).map(receiver => ({
        value: receiver.id,
        label: nameOf(receiver),
        hint: (
          <>
            {country(receiver.country)} · {t(`recipient.role.${receiver.role}`)}
            <br />
            <span className={receiver.together ? 'handover-together' : undefined}>
              {t(receiver.together ? 'recipient.together' : 'recipient.apart')}
            </span>
          </>
        ),
      }))}
    />
  )
}

function How({ wish, receiver, onChoose }: { wish: Wish; receiver: Receiver; onChoose: Choose }) {
  const { t } = useTranslation('handover')
  const { policy } = useVault()
  const fieldName = useFieldNames()
  const nameOf = useReceiverName()
  const all = policy.purposes[wish.purpose]?.fields ?? []
  return (
    <>
      <Checks
        label={t('fields.label')}
        hint={t('fields.hint')}
        value={[...wish.fields]}
        // At least one: nothing at all can't be handed over. In the policy's order, whichever was ticked first.
        onChange={ticked => ticked.length > 0 && onChoose({ fields: all.filter(field => ticked.includes(field)) })}
        choices={all.map(field => ({ value: field, label: fieldName(field) }))}
      />
      <Choices
        label={t('format.label')}
        value={wish.format}
        onChange={format => onChoose({ format: format as FormatName })}
        choices={FORMATS.map(format => ({
          value: format,
          label: t(`format.${format}`),
          hint: t(`format.${format}Hint`),
        }))}
      />
      {receiver.ways.includes('plaintext-file') && (
        <Choices
          label={t('way.label')}
          value={wish.way}
          onChange={way => onChoose({ way: way as Wish['way'] })}
          choices={receiver.ways.map(way => ({
            value: way,
            label: t(way === 'sealed-file' ? 'way.sealed' : 'way.open'),
            hint: way === 'sealed-file' ? t('way.sealedHint', { name: nameOf(receiver) }) : t('way.openHint'),
          }))}
        />
      )}
    </>
  )
}

/** Nobody is covered, and no file could leave: what can be done today needs neither. */
function AskThem({ wish, receiver }: { wish: Wish; receiver: Receiver }) {
  const { t } = useTranslation('handover')
  return (
    <section className="stack handover-ask">
      <div className="stack-s">
        <h3>{t('instead.ask')}</h3>
        <p className="soft">{t('instead.askText')}</p>
      </div>
      <Invitation wish={wish} receiver={receiver} />
    </section>
  )
}

/** No file can leave to them, whoever agreed: why, and who can do what about it. */
function Cant({ receiver: { cant = 'keys', ...receiver } }: { receiver: Receiver }) {
  const { t } = useTranslation('handover')
  const nameOf = useReceiverName()
  return (
    <Say tone="soon" title={t('cant.title', { name: nameOf(receiver) })}>
      <p>{t(`cant.${cant}`)}</p>
      <p>{t(`cant.${cant}Fix`)}</p>
      <div className="row">
        <ButtonLink to="/settings" icon="settings">
          {t('cant.settings')}
        </ButtonLink>
      </div>
    </Say>
  )
}
