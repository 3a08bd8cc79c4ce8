/** What left: its manifest in plain words and as a file, how it is opened, and what the recipient has to be told. */
import type { Manifest } from '@amanat/vault'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button, ButtonLink, Page, Say } from '../../design/parts'
import { useFormat } from '../../i18n/format'
import { offer } from './keep-file'
import { reasonsIn } from './picture'
import { useActorName } from './words'

export function Left({ manifest, name, onAgain }: { manifest: Manifest; name: string; onAgain: () => void }) {
  const { t } = useTranslation(['handover', 'common'])
  const format = useFormat()
  const actorName = useActorName()
  const until = format.date(manifest.destroyBy)
  const isSealed = manifest.via === 'sealed-file'
  const leftOut = reasonsIn(manifest.reasons).map(
    ([reason, count]) => `${format.number(count)} ${t(`reason.${reason}`)}`,
  )
  const keep = () => {
    const json = new Blob([JSON.stringify(manifest, undefined, 2)], { type: 'application/json' })
    offer(json, `${name}.manifest.json`)
  }
  return (
    <Page
      title={t('left.title', { count: manifest.people })}
      lead={t('left.lead', { recipient: manifest.recipient.name })}
      narrow
    >
      <Say tone="good" title={t('left.tell', { date: until })}>
        <p>{t('confirm.back')}</p>
      </Say>
      <section className="sheet">
        <dl className="handover-facts">
          <Fact what={t('left.people')}>{t('common:people', { count: manifest.people })}</Fact>
          <Fact what={t('left.leftOut')}>
            {manifest.leftOut === 0 ? t('left.nobodyLeftOut') : t('common:people', { count: manifest.leftOut })}
            {leftOut.map(words => (
              <span key={words} className="soft small">
                {words}
              </span>
            ))}
          </Fact>
          <Fact what={t('left.destroyBy')}>{until}</Fact>
          <Fact what={t('left.when')}>{format.dateTime(manifest.ended)}</Fact>
          <Fact what={t('left.who')}>
            <bdi>{actorName(manifest.actor)}</bdi>
          </Fact>
          <Fact what={t('left.file')}>
            <span className="ltr handover-code">{name}</span>
            <span className="soft small">{format.bytes(manifest.bytes)}</span>
          </Fact>
          <Fact what={t('left.id')}>
            <span className="ltr handover-code">{manifest.export}</span>
          </Fact>
          <Fact what={t('left.sum')}>
            <span className="ltr handover-code">{manifest.sha256}</span>
            <span className="soft small">{t('left.sumHint')}</span>
          </Fact>
        </dl>
        <div className="row">
          <Button icon="record" onPress={keep}>
            {t('left.manifest')}
          </Button>
          <span className="soft small">{t('left.manifestHint')}</span>
        </div>
      </section>
      <section className="sheet">
        <h2>{t('left.opening')}</h2>
        <p>{t(isSealed ? 'left.openingSealed' : 'left.openingOpen')}</p>
        {isSealed && (
          <code className="ltr handover-command">
            age --decrypt -i key.txt -o {name.replace(/\.age$/, '')} {name}
          </code>
        )}
      </section>
      <div className="row">
        <Button look="primary" onPress={onAgain}>
          {t('left.again')}
        </Button>
        <ButtonLink to="/forgetting/record" icon="record">
          {t('left.record')}
        </ButtonLink>
      </div>
    </Page>
  )
}

function Fact({ what, children }: { what: string; children: ReactNode }) {
  return (
    <div>
      <dt>{what}</dt>
      <dd>{children}</dd>
    </div>
  )
}
