/**
 * The waiting room: people who came in without a consent, asked one by one. Whoever says yes moves to the people, whoever says no is
 * forgotten and can't be brought back, and whoever isn't reached is forgotten by themselves.
 */
import type { NewConsent, Policy, QuarantinedPerson } from '@amanat/vault'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Confirm } from '../../design/dialog'
import { Bar, Button, ButtonLink, Empty, Page } from '../../design/parts'
import { useSay } from '../../design/said'
import { useFormat } from '../../i18n/format'
import { useAnswer } from '../../vaults/answer'
import { useSession } from '../../vaults/session'
import { Trouble } from '../../vaults/trouble'
import { Asking, type Revealed } from './asking'
import { SaidYes } from './said-yes'
import './quarantine.css'

const SHOWN = 200

export default function Quarantine() {
  const { t } = useTranslation(['quarantine', 'common'])
  const format = useFormat()
  const say = useSay()
  const { vault, clock } = useSession()
  const waiting = useAnswer(asked => asked.quarantine.list({ limit: SHOWN }), [])
  const [answered, setAnswered] = useState(0)
  const [passed, setPassed] = useState<readonly string[]>([])
  const [chosen, setChosen] = useState<string>()
  const [revealed, setRevealed] = useState<Revealed>()
  const [asks, setAsks] = useState<'yes' | 'no' | 'delete'>()
  const [error, setError] = useState<unknown>()

  const people = waiting.value?.people ?? []
  const total = waiting.value?.total ?? 0
  const person = people.find(({ id }) => id === chosen) ?? people.find(({ id }) => !passed.includes(id))
  const name = (who: QuarantinedPerson) => who.name ?? t('noName')

  /** Metered: who is shown is on the record. */
  async function reveal(id: string) {
    setError(undefined)
    try {
      setRevealed(await vault.quarantine.reveal(id))
    } catch (trouble) {
      setError(trouble)
    }
  }

  async function saidYes(id: string, consents: readonly NewConsent<Policy>[]) {
    for (const consent of consents) await vault.consent(id, consent)
    next(t('done.yes'))
  }

  /** Whoever waits has given nothing to take back: they go as a whole, and no list brings them back. */
  async function saidNo(id: string) {
    await vault.withdraw(id)
    next(t('done.no'))
  }

  async function remove(id: string) {
    await vault.erase(id)
    next(t('done.deleted'))
  }

  function next(words: string) {
    setAnswered(count => count + 1)
    say(words)
    leaveAlone()
  }

  function leaveAlone() {
    setChosen(undefined)
    setRevealed(undefined)
    setAsks(undefined)
    setError(undefined)
    document.querySelector<HTMLElement>('[data-page-title]')?.focus()
  }

  function choose(id: string | undefined) {
    leaveAlone()
    setChosen(id)
  }

  const back = { to: '/bring', label: t('back') }
  if (waiting.value && total === 0)
    return (
      <Page title={t('title')} back={back} narrow>
        <Empty icon="check" title={answered > 0 ? t('empty.done') : t('empty.title')}>
          <p>{t('empty.what')}</p>
          <ButtonLink to="/bring" look="primary" icon="bring">
            {t('empty.bring')}
          </ButtonLink>
        </Empty>
      </Page>
    )
  const shown = revealed?.id === person?.id ? revealed : undefined
  return (
    <Page title={t('title')} lead={t('lead')} back={back} narrow>
      <Trouble error={waiting.error} />
      {waiting.value && (
        <Bar
          label={t('progress')}
          share={answered / (answered + total)}
          said={t('left', { count: total, n: format.number(total) })}
        />
      )}
      {person ? (
        <section className="sheet" aria-labelledby="quarantine-who">
          <header>
            <h2 id="quarantine-who">
              <bdi>{name(person)}</bdi>
            </h2>
            <p className="soft">
              {t('until', { date: format.date(person.until), when: format.relative(person.until, clock.now()) })}
            </p>
          </header>
          {asks === 'yes' && shown ? (
            <SaidYes
              onCancel={() => setAsks(undefined)}
              onYes={consents => saidYes(person.id, consents)}
              mayOnlyMeet={shown.mayAsk === 'in-person-or-post'}
            />
          ) : (
            <Asking
              person={person}
              revealed={shown}
              error={error}
              onReveal={() => reveal(person.id)}
              onAnswer={setAsks}
              onLeave={() => {
                setPassed(all => [...all.filter(id => id !== person.id), person.id])
                leaveAlone()
              }}
            />
          )}
        </section>
      ) : (
        waiting.value && (
          <section className="sheet">
            <p>{t('allPassed')}</p>
            <div>
              <Button onPress={() => setPassed([])}>{t('again')}</Button>
            </div>
          </section>
        )
      )}
      {total > 1 && (
        <section className="stack-s">
          <h2>{t('others')}</h2>
          <ul className="quarantine-list">
            {people
              .filter(({ id }) => id !== person?.id)
              .map(other => (
                <li key={other.id}>
                  <button type="button" onClick={() => choose(other.id)}>
                    <bdi>{name(other)}</bdi>
                    <span className="soft small">{format.relative(other.until, clock.now())}</span>
                  </button>
                </li>
              ))}
          </ul>
          {total > people.length && (
            <p className="soft small">{t('more', { n: format.number(total - people.length) })}</p>
          )}
        </section>
      )}
      {person && (
        <Confirm
          title={asks === 'delete' ? t('delete.title') : t('no.title')}
          yes={asks === 'delete' ? t('delete.yes') : t('no.yes')}
          no={t('common:cancel')}
          danger
          isOpen={asks === 'no' || asks === 'delete'}
          onClose={() => setAsks(undefined)}
          onYes={() => (asks === 'delete' ? remove(person.id) : saidNo(person.id))}
          onTrouble={setError}
        >
          <p>
            <strong>
              <bdi>{name(person)}</bdi>
            </strong>
          </p>
          <p>{asks === 'delete' ? t('delete.what') : t('no.what')}</p>
        </Confirm>
      )}
    </Page>
  )
}
