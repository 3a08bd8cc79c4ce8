/** Somebody is written down by a volunteer who talked with them: what they agreed to, how, and only the details that this needs. */
import type { Added } from '@amanat/vault'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button, Checks, Choices, Page, Say, TextField } from '../../design/parts'
import { Unsaved } from '../../design/unsaved'
import { useFormat } from '../../i18n/format'
import { describe } from '../../i18n/policy'
import { useSession } from '../../vaults/session'
import { Trouble } from '../../vaults/trouble'
import { AddedSaid } from './added-said'
import { useArrival } from './arrive'
import { type CardDraft, cardOf, EMPTY } from './card-draft'
import { CardForm } from './card-form'
import { consentOf, type GivenDraft, GivenFields, givenToday, isSaid } from './given-fields'
import { useFieldName } from './words'
import './person.css'

/** On which somebody may be asked who hasn't agreed to anything yet. */
const GROUNDS = ['they-asked', 'soft-opt-in', 'in-person-or-post'] as const
type Ground = (typeof GROUNDS)[number]

export default function AddPerson() {
  const { t } = useTranslation(['person', 'common'])
  const { vault, clock } = useSession()
  useArrival()
  const format = useFormat()
  const fieldName = useFieldName()
  const { policy } = vault
  const purposes = Object.keys(policy.purposes)
  const [draft, setDraft] = useState<CardDraft>(EMPTY)
  const [agreed, setAgreed] = useState<readonly string[]>([])
  const [given, setGiven] = useState<Readonly<Record<string, GivenDraft>>>({})
  const [ground, setGround] = useState<Ground>()
  const [source, setSource] = useState('')
  const [added, setAdded] = useState<Added>()
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const givenFor = (purpose: string) => given[purpose] ?? givenToday(clock.now())
  const isReady = agreed.length > 0 ? agreed.every(purpose => isSaid(givenFor(purpose))) : ground !== undefined
  const fieldsOf = (purpose: string) => policy.purposes[purpose]?.fields ?? []
  // Without a yes: a name and ways to ask. With one: what it covers.
  const fields =
    agreed.length > 0
      ? [...new Set(agreed.flatMap(fieldsOf))]
      : ['name', 'phones', 'emails'].filter(field => purposes.some(purpose => fieldsOf(purpose).includes(field)))

  async function add(event: FormEvent) {
    event.preventDefault()
    if (!isReady) return
    setBusy(true)
    setError(undefined)
    try {
      setAdded(
        await vault.add({
          card: cardOf(draft, policy),
          consents: agreed.flatMap(purpose => {
            const said = givenFor(purpose)
            return isSaid(said) ? [consentOf(purpose, said, policy, format.language, clock.now())] : []
          }),
          source: source.trim() || t('adding.sourceDefault'),
          ...(agreed.length === 0 && ground ? { mayAsk: ground } : {}),
        }),
      )
    } catch (trouble) {
      setError(trouble)
    } finally {
      setBusy(false)
    }
  }

  const again = () => {
    setAdded(undefined)
    setDraft(EMPTY)
    setGiven({})
    setAgreed([])
  }
  const back = { to: '/people', label: t('common:nav.people') }
  if (added) return <AddedSaid added={added} onAgain={again} />
  return (
    <Page title={t('adding.title')} lead={t('adding.lead')} back={back} narrow>
      <form className="stack-l" onSubmit={add}>
        <section className="sheet">
          <Checks
            label={t('adding.agreed')}
            hint={t('adding.purposes')}
            value={[...agreed]}
            onChange={setAgreed}
            choices={purposes.map(value => ({
              value,
              label: describe(policy, value, format.language),
              hint: t('adding.holds', {
                fields: format.list(fieldsOf(value).map(fieldName)),
                long: format.duration(policy.purposes[value]?.keepFor ?? ''),
              }),
            }))}
          />
          {agreed.length === 0 && (
            <Choices
              label={t('adding.ground')}
              hint={t('adding.groundHint')}
              value={ground ?? null}
              onChange={value => setGround(value as Ground)}
              choices={GROUNDS.map(value => ({ value, label: t(`ground.${value}`) }))}
            />
          )}
        </section>
        {agreed.map(purpose => (
          <section key={purpose} className="sheet" aria-label={describe(policy, purpose, format.language)}>
            <h2>{describe(policy, purpose, format.language)}</h2>
            <GivenFields
              purpose={purpose}
              draft={givenFor(purpose)}
              onChange={next => setGiven(last => ({ ...last, [purpose]: next }))}
            />
          </section>
        ))}
        <section className="sheet">
          <h2>{t('adding.details')}</h2>
          <CardForm draft={draft} onChange={setDraft} fields={fields} policy={policy} />
          <TextField
            label={t('adding.source')}
            hint={t('adding.sourceHint')}
            value={source}
            onChange={setSource}
            autoComplete="off"
          />
        </section>
        {agreed.length === 0 && ground && (
          <Say tone="note">
            <p>{t('adding.waits')}</p>
          </Say>
        )}
        <Trouble error={error} />
        <div className="row">
          <Button type="submit" look="primary" isPending={isBusy} isDisabled={!isReady}>
            {agreed.length === 0 && ground ? t('adding.doWait') : t('adding.do')}
          </Button>
        </div>
        {!isReady && <p className="soft small">{t(agreed.length === 0 ? 'adding.missing' : 'adding.missingHow')}</p>}
        <Unsaved isChanged={(draft !== EMPTY || agreed.length > 0 || source !== '') && !isBusy} />
      </form>
    </Page>
  )
}
