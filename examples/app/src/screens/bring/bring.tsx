/**
 * Bringing an address book in. First it is only read, and said what would come of it; then whoever brings it says where it is from and
 * on which ground these people may be asked. Nobody becomes somebody who agreed by being in a file.
 */
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ButtonLink, Page } from '../../design/parts'
import { useFormat } from '../../i18n/format'
import { useAnswer } from '../../vaults/answer'
import { useSession } from '../../vaults/session'
import { Choose } from './choose'
import { Importing, Reading } from './going'
import { Mapping } from './mapping'
import { Outcome } from './outcome'
import { Preview } from './preview'
import { bringInto, dryRun, type Plan } from './run'
import { type Columns, type Given, Unreadable } from './source'
import type { Tally } from './tally'
import './bring.css'

const FIRST_PLAN: Plan = { source: '-', mayAsk: 'they-asked', undeclared: 'leave-out', claimsFor: undefined }

type Stage =
  | { readonly at: 'choose'; readonly error?: unknown }
  | { readonly at: 'reading'; readonly share: number }
  | { readonly at: 'mapping'; readonly given: Given; readonly columns: Columns }
  | {
      readonly at: 'preview'
      readonly given: Given
      readonly columns: Columns
      readonly plan: Plan
      readonly tally: Tally
    }
  | { readonly at: 'importing'; readonly done: number; readonly total: number }
  | { readonly at: 'done'; readonly tally: Tally; readonly total: number }

export default function Bring() {
  const { t } = useTranslation(['bring', 'common'])
  const format = useFormat()
  const { vault, clock } = useSession()
  const waiting = useAnswer(asked => asked.quarantine.count(), [])
  const [stage, setStage] = useState<Stage>({ at: 'choose' })
  const stop = useRef(new AbortController())
  const begin = () => {
    stop.current = new AbortController()
    return stop.current.signal
  }

  /** Reads everything, into a vault that is gone afterwards. */
  async function look(given: Given, columns: Columns = {}, plan = FIRST_PLAN) {
    const signal = begin()
    setStage({ at: 'reading', share: 0 })
    try {
      const onShare = (share: number) => setStage({ at: 'reading', share })
      const tally = await dryRun(vault.policy, clock, { given, columns, plan, signal, onShare })
      setStage(tally.isCut ? { at: 'choose' } : { at: 'preview', given, columns, plan, tally })
    } catch (error) {
      const isUnknownSheet = error instanceof Unreadable && (error.code === 'NOT_CSV' || error.code === 'TYPE_UNKNOWN')
      setStage(isUnknownSheet && given.kind === 'file' ? { at: 'mapping', given, columns } : { at: 'choose', error })
    }
  }

  /** The same into this vault. Stopped, or cut off: what came in stays, and bringing it in again doubles nobody. */
  async function bring(given: Given, columns: Columns, plan: Plan, total: number) {
    const signal = begin()
    setStage({ at: 'importing', done: 0, total })
    const onDone = (done: number) => setStage({ at: 'importing', done, total })
    setStage({ at: 'done', total, tally: await bringInto(vault, { given, columns, plan, signal, onDone }) })
  }

  const cancel = () => stop.current.abort()
  const again = () => setStage({ at: 'choose' })
  const count = waiting.value ?? 0
  const isFirst = stage.at === 'choose'
  return (
    <Page
      title={t('title')}
      lead={isFirst ? t('lead') : undefined}
      actions={
        isFirst && count > 0 ? (
          <ButtonLink to="/bring/quarantine" icon="soon">
            {t('waiting', { count, n: format.number(count) })}
          </ButtonLink>
        ) : undefined
      }
    >
      {stage.at === 'choose' && <Choose error={stage.error} onGiven={given => void look(given)} />}
      {stage.at === 'reading' && <Reading share={stage.share} onCancel={cancel} />}
      {stage.at === 'mapping' && (
        <Mapping given={stage.given} onBack={again} onColumns={columns => void look(stage.given, columns)} isUnknown />
      )}
      {stage.at === 'preview' && (
        <Preview
          {...stage}
          onBack={again}
          onLook={(columns, plan) => void look(stage.given, columns, plan)}
          onBring={plan => void bring(stage.given, stage.columns, plan, stage.tally.rows)}
        />
      )}
      {stage.at === 'importing' && <Importing done={stage.done} total={stage.total} onCancel={cancel} />}
      {stage.at === 'done' && <Outcome tally={stage.tally} total={stage.total} onAgain={again} />}
    </Page>
  )
}
