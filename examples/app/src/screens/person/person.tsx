/**
 * One person: what is held of them, for what, until when and why, and what came of it so far. Ways to reach them are behind a reveal of
 * its own in each purpose. Whoever leaves while this is open leaves a page that says so.
 */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useParams } from 'wouter'
import { Button, ButtonLink, Page, Say } from '../../design/parts'
import { useAnswer } from '../../vaults/answer'
import { useVault } from '../../vaults/session'
import { Trouble } from '../../vaults/trouble'
import { type Act, Acting } from './acting'
import { useArrival } from './arrive'
import { Gone, type Left } from './gone'
import { lookAt } from './look-at'
import { OtherPurposes } from './other-purposes'
import { PurposeSheet } from './purpose-sheet'
import { Timeline } from './timeline'
import './person.css'

export default function PersonPage() {
  const { id } = useParams<{ id: string }>()
  // Another person is another page: nothing that was revealed may stay.
  return <PersonHere key={id} id={id} />
}

function PersonHere({ id }: { id: string }) {
  const { t } = useTranslation(['person', 'common'])
  const vault = useVault()
  const { value: known, error, isWaiting } = useAnswer(async vault => ({ person: await lookAt(vault, id) }), [id])
  const [act, setAct] = useState<Act>()
  const [left, setLeft] = useState<Left>()
  useArrival()
  const back = { to: '/people', label: t('common:nav.people') }

  if (!known)
    return (
      <Page title={isWaiting ? '…' : t('title')} back={back}>
        <Trouble error={error} />
      </Page>
    )
  if (!known.person) return <Gone left={left} />

  const { name, consents, seen } = known.person
  const purposes = Object.keys(vault.policy.purposes)
  const held = purposes.filter(purpose => consents.some(each => each.purpose === purpose && each.state === 'given'))
  const consentTo = (purpose: string) => consents.find(each => each.purpose === purpose)
  return (
    <Page
      title={<bdi>{name ?? t('noName')}</bdi>}
      lead={name === undefined && seen.size > 0 ? t('noNameWhy') : undefined}
      back={back}
      actions={
        seen.size > 0 && (
          <ButtonLink to={`/people/${id}/edit`} icon="sign">
            {t('edit')}
          </ButtonLink>
        )
      }
    >
      {consents.length === 0 && (
        <Say tone="soon" title={t('waits.title')}>
          <p>{t('waits.what')}</p>
          <div className="row">
            <ButtonLink to="/bring/quarantine">{t('waits.go')}</ButtonLink>
          </div>
        </Say>
      )}
      {held.map(purpose => (
        <PurposeSheet
          key={purpose}
          id={id}
          purpose={purpose}
          consent={consentTo(purpose)}
          seen={seen.get(purpose)}
          onAct={setAct}
        />
      ))}
      <OtherPurposes
        purposes={purposes.filter(purpose => !held.includes(purpose))}
        consents={consents}
        onAct={setAct}
      />
      {consents.length > 0 && <Timeline consents={consents} />}
      <section className="person-leave" aria-label={t('leave.title')}>
        <h2>{t('leave.title')}</h2>
        <p className="soft">{t('leave.what')}</p>
        <div className="row">
          {held.length > 1 && <Button onPress={() => setAct({ kind: 'withdraw' })}>{t('leave.withdrawAll')}</Button>}
          <Button look="danger" icon="gone" onPress={() => setAct({ kind: 'erase' })}>
            {t('leave.erase')}
          </Button>
        </div>
      </section>
      <Trouble error={error} />
      <Acting id={id} act={act} consents={consents} onClose={() => setAct(undefined)} onLeft={setLeft} />
    </Page>
  )
}
