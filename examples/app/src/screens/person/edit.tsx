/**
 * Changing what is held of a person. What is replaced is forgotten, so that is said before it is saved; and somebody who was quicker in
 * another tab isn't overwritten unseen.
 */
import { type AnyVault, type Card, isVaultError } from '@amanat/vault'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation, useParams } from 'wouter'
import { Button, ButtonLink, Page, Say, TextField } from '../../design/parts'
import { useSay } from '../../design/said'
import { Unsaved } from '../../design/unsaved'
import { useFormat } from '../../i18n/format'
import { useAnswer } from '../../vaults/answer'
import { useVault } from '../../vaults/session'
import { Trouble } from '../../vaults/trouble'
import { useArrival } from './arrive'
import { type CardDraft, draftOf, patchOf, replaced } from './card-draft'
import { CardForm } from './card-form'
import { Conflict } from './conflict'
import { Gone } from './gone'
import { lookAt } from './look-at'
import { type Revealed, revealAll } from './reveal-all'
import { useFieldName } from './words'
import './person.css'

export default function EditPerson() {
  const { id } = useParams<{ id: string }>()
  const { t } = useTranslation(['person', 'common'])
  const format = useFormat()
  const vault = useVault()
  useArrival()
  const [revealed, setRevealed] = useState<Revealed>()
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const { value: here } = useAnswer(
    async vault => ({ person: await lookAt(vault, id), left: await leftOf(vault) }),
    [id],
  )

  async function open() {
    setBusy(true)
    setError(undefined)
    try {
      setRevealed(await revealAll(vault, id))
    } catch (trouble) {
      setError(trouble)
    } finally {
      setBusy(false)
    }
  }

  if (here && !here.person) return <Gone left={undefined} />
  const back = { to: `/people/${id}`, label: here?.person?.name ?? t('common:back') }
  return (
    <Page title={t('editing.title')} back={back} narrow>
      {revealed ? (
        <Form key={revealed.revision} id={id} revealed={revealed} onRevealed={setRevealed} />
      ) : (
        <div className="sheet">
          <p>{t('editing.opens')}</p>
          {here && <p className="soft small">{t('reveal.left', { count: here.left, n: format.number(here.left) })}</p>}
          <Trouble error={error} />
          <Button look="primary" icon="eye" isPending={isBusy} onPress={open}>
            {t('editing.open')}
          </Button>
        </div>
      )}
    </Page>
  )
}

async function leftOf(vault: AnyVault): Promise<number> {
  const [purpose] = Object.keys(vault.policy.purposes)
  return purpose === undefined ? 0 : (await vault.for(purpose).budget()).left
}

function Form({ id, revealed, onRevealed }: { id: string; revealed: Revealed; onRevealed: (now: Revealed) => void }) {
  const { t } = useTranslation(['person', 'common'])
  const vault = useVault()
  const say = useSay()
  const [, go] = useLocation()
  const [before] = useState<CardDraft>(() => draftOf(revealed.card))
  const [draft, setDraft] = useState(before)
  const [source, setSource] = useState('')
  const [theirs, setTheirs] = useState<Revealed>()
  const [notKept, setNotKept] = useState<readonly string[]>([])
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()

  async function save(base: Card, wanted: CardDraft, ifRevision: number) {
    setBusy(true)
    setError(undefined)
    try {
      const patch = patchOf(base, wanted, vault.policy)
      const told = source.trim() ? { source: source.trim() } : {}
      const saved = await vault.change(id, patch, { ifRevision, ...told })
      say(t('editing.saved'))
      if (saved.notKept.length === 0) go(`/people/${id}`)
      else setNotKept(saved.notKept)
    } catch (trouble) {
      if (isVaultError(trouble, 'CONFLICT')) setTheirs(await revealAll(vault, id).catch(() => undefined))
      else setError(trouble)
    } finally {
      setBusy(false)
    }
  }

  if (notKept.length > 0) return <NotKept id={id} fields={notKept} />
  if (theirs)
    return (
      <Conflict
        before={revealed.card}
        mine={draft}
        theirs={theirs.card}
        isBusy={isBusy}
        onChosen={chosen => void save(theirs.card, chosen, theirs.revision)}
        onTheirs={() => onRevealed(theirs)}
      />
    )
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void save(revealed.card, draft, revealed.revision)
  }
  return (
    <form className="sheet" onSubmit={submit}>
      <CardForm draft={draft} onChange={setDraft} fields={revealed.fields} policy={vault.policy} />
      <TextField
        label={t('editing.source')}
        hint={t('editing.sourceHint')}
        value={source}
        onChange={setSource}
        autoComplete="off"
      />
      <Replaced card={revealed.card} draft={draft} />
      <Unsaved isChanged={(draft !== before || source !== '') && !isBusy} />
      <Trouble error={error} />
      <div className="row">
        <Button type="submit" look="primary" isPending={isBusy}>
          {t('common:save')}
        </Button>
        <ButtonLink to={`/people/${id}`}>{t('common:cancel')}</ButtonLink>
      </div>
    </form>
  )
}

function Replaced({ card, draft }: { card: Card; draft: CardDraft }) {
  const { t } = useTranslation('person')
  const fieldName = useFieldName()
  const gone = replaced(card, draft)
  if (gone.length === 0) return null
  const isPoint = gone.some(({ field }) => field === 'phones' || field === 'emails')
  return (
    <Say tone="soon" title={t('editing.forgets')} live>
      <ul className="person-list">
        {gone.map(({ field, text }) => (
          <li key={`${field} ${text}`}>
            {fieldName(field)}: <bdi>{text}</bdi>
          </li>
        ))}
      </ul>
      {isPoint && <p>{t('editing.lowers')}</p>}
    </Say>
  )
}

function NotKept({ id, fields }: { id: string; fields: readonly string[] }) {
  const { t } = useTranslation(['person', 'common'])
  const { list } = useFormat()
  const fieldName = useFieldName()
  return (
    <Say tone="soon" title={t('notKept.title', { fields: list(fields.map(fieldName)) })} live>
      <p>{t('notKept.what')}</p>
      <div className="row">
        <ButtonLink to={`/people/${id}`}>{t('common:continue')}</ButtonLink>
      </div>
    </Say>
  )
}
