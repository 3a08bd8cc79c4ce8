/** What the person agreed to, until when, and how to take it back: to photograph, or as a small file that names nobody. */
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from '../../design/icon'
import { Button, Page } from '../../design/parts'
import { useFormat } from '../../i18n/format'
import { describe } from '../../i18n/policy'
import { useSession } from '../../vaults/session'
import type { Signed } from './door'

const SHOWN_S = 60

export function Thanks({ signed, no, onDone }: { signed: Signed; no: readonly string[]; onDone: () => void }) {
  const { t } = useTranslation(['signup', 'common'])
  const format = useFormat()
  const { vault, clock } = useSession()
  const { controller } = vault.policy
  const given = signed.consents.filter(({ state }) => state === 'given')
  const said = (purpose: string) => describe(vault.policy, purpose, format.language)
  const [isStaying, setStaying] = useState(false)
  const [left, setLeft] = useState(SHOWN_S)
  useEffect(() => {
    if (isStaying) return
    const close = setTimeout(onDone, SHOWN_S * 1_000)
    const second = setInterval(() => setLeft(seconds => Math.max(1, seconds - 1)), 1_000)
    return () => {
      clearTimeout(close)
      clearInterval(second)
    }
  }, [isStaying, onDone])

  const now = new Date(clock.now()).toISOString()
  const lines = given.map(({ purpose, until }) =>
    t('thanks.line', { purpose: said(purpose), until: until ? format.date(until) : '' }),
  )
  function download() {
    const text = [
      t('thanks.receipt', { controller: controller.name }),
      t('thanks.on', { date: format.dateTime(now) }),
      '',
      ...lines,
      ...no.map(purpose => t('thanks.lineNo', { purpose: said(purpose) })),
      '',
      t('thanks.withdraw', { how: controller.withdraw }),
      `${controller.contact}, ${controller.address}`,
      t('thanks.number', { id: signed.id }),
    ].join('\r\n')
    const link = document.createElement('a')
    link.href = URL.createObjectURL(new Blob([`\ufeff${text}\r\n`], { type: 'text/plain;charset=utf-8' }))
    link.download = `${t('thanks.file')}.txt`
    link.click()
    URL.revokeObjectURL(link.href)
  }

  return (
    <Page title={t('thanks.title')} lead={t('thanks.lead')} narrow>
      <section className="sheet signup-receipt">
        <p className="soft small">
          {t('thanks.receipt', { controller: `⁨${controller.name}⁩` })}
          <br />
          {t('thanks.on', { date: format.dateTime(now) })}
        </p>
        <ul className="signup-answers">
          {given.map(({ purpose, until }) => (
            <li key={purpose} className="yes">
              <Icon name="check" />
              <span>
                <bdi>{said(purpose)}</bdi>
                {until && <strong className="signup-line">{t('thanks.until', { date: format.date(until) })}</strong>}
              </span>
            </li>
          ))}
          {no.map(purpose => (
            <li key={purpose} className="no">
              <Icon name="cross" />
              <span>
                <bdi>{said(purpose)}</bdi>
                <span className="soft signup-line">{t('thanks.refused')}</span>
              </span>
            </li>
          ))}
        </ul>
        <p>{t('thanks.withdraw', { how: `⁨${controller.withdraw}⁩` })}</p>
        <p className="soft small ltr">{signed.id}</p>
      </section>
      <p className="soft small">{t('thanks.save')}</p>
      <div className="signup-steps">
        <Button onPress={download} icon="bring">
          {t('thanks.download')}
        </Button>
        <Button look="primary" onPress={onDone}>
          {t('common:done')}
        </Button>
      </div>
      <p className="row soft small" role="timer" aria-live="off">
        {isStaying ? t('thanks.stays') : t('thanks.closes', { count: left, n: format.number(left) })}
        {!isStaying && (
          <Button look="quiet" onPress={() => setStaying(true)}>
            {t('thanks.stay')}
          </Button>
        )}
      </p>
    </Page>
  )
}
