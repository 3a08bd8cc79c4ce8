/**
 * The guide: a card beside the app's screens, or a sheet below them on a phone. It explains a step, does it when its button is
 * pressed, says what came of it, and goes to the screen where that is seen. It stays while screens change.
 */
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { Icon } from '../../design/icon'
import { Bar, Button, ButtonLink, Say } from '../../design/parts'
import { useFormat } from '../../i18n/format'
import { type Tell, wasRefused } from '../../story/acts'
import { mark, unmark } from '../../story/mark'
import type { Stage } from '../../story/stage'
import { ACTS, type ActName, type Outcomes, STEPS, type Step } from '../../story/steps'
import { useSessions } from '../../vaults/session'
import { Band } from './band'
import { Outcome } from './outcome'
import './guide.css'

export function Guide({ stage }: { stage: Stage }) {
  const { t } = useTranslation('tour')
  const { number } = useFormat()
  const [, go] = useLocation()
  const { leave, isKiosk } = useSessions()
  const [at, setAt] = useState(0)
  const [outcomes, setOutcomes] = useState<Outcomes>({})
  const [progress, setProgress] = useState<{ readonly done: number; readonly of: number }>()
  const [hasFailed, setFailed] = useState(false)
  const [isOpen, setOpen] = useState(true)
  const title = useRef<HTMLHeadingElement>(null)
  const step = STEPS[at] as Step
  // However the story is left, by the lock or for another vault, this tab forgets that it ran; a reload doesn't come by here.
  useEffect(() => {
    mark()
    return unmark
  }, [])
  // Whoever goes on with the keyboard stays in the guide, and a screen reader reads the new step.
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each step
  useEffect(() => {
    const later = setTimeout(() => title.current?.focus({ preventScroll: true }))
    return () => clearTimeout(later)
  }, [at])
  // Whoever tries it in the screen itself has done the step.
  useEffect(() => {
    if (step.name !== 'chat') return
    return stage.vault.subscribe(async ({ type }) => {
      if (type !== 'changed') return
      const chat = await wasRefused(stage).catch(() => undefined)
      if (chat) setOutcomes(last => ({ ...last, chat }))
    })
  }, [step.name, stage])

  function goTo(next: number) {
    const to = STEPS[next]
    if (!to) return
    setAt(next)
    const isDone = to.isAct && outcomes[to.name] !== undefined
    go(isDone && to.look ? to.look : to.at, to.purpose === undefined ? {} : { state: { purpose: to.purpose } })
  }

  async function act(name: ActName, look: string | undefined) {
    setProgress({ done: 0, of: 0 })
    try {
      const tell: Tell = (done, of) => setProgress({ done, of })
      const outcome = await ACTS[name](stage, tell)
      setOutcomes(last => ({ ...last, [name]: outcome }))
      if (look) go(look)
    } catch {
      setFailed(true)
    } finally {
      setProgress(undefined)
    }
  }

  async function end() {
    await leave()
    go('/')
  }

  // Somebody plays the sign-up at the door: there only that is to be seen.
  if (isKiosk) return null
  const isDone = !step.isAct || outcomes[step.name] !== undefined
  const onEscape = (event: KeyboardEvent) => event.key === 'Escape' && setOpen(false)
  return (
    <>
      <Band now={stage.clock.now()} onLeave={end} />
      <aside className={`guide${isOpen ? ' open' : ''}`} aria-label={t('guide.label')} onKeyDown={onEscape}>
        <button
          type="button"
          className="guide-head"
          aria-expanded={isOpen}
          aria-controls="guide-body"
          onClick={() => setOpen(open => !open)}
        >
          <span className="guide-step">{t('guide.step', { at: number(at + 1), of: number(STEPS.length) })}</span>
          <span className="guide-dots" aria-hidden="true">
            {STEPS.map(({ name }, index) => (
              <span key={name} className={index <= at ? 'past' : undefined} />
            ))}
          </span>
          <span className="hidden">{t(isOpen ? 'guide.fold' : 'guide.unfold')}</span>
          <Icon name="down" size={18} />
        </button>
        <div id="guide-body" className="guide-body" hidden={!isOpen}>
          <h2 ref={title} tabIndex={-1}>
            {t(`steps.${step.name}.title`)}
          </h2>
          {!(step.isAct && outcomes[step.name]) && <Told step={step} />}
          {step.isAct && <Outcome name={step.name} outcomes={outcomes} />}
          {hasFailed && (
            <Say tone="stop" live>
              <p>{t('guide.failed')}</p>
            </Say>
          )}
          {progress && progress.of > 0 && (
            <Bar
              label={t('guide.doing')}
              share={progress.done / progress.of}
              said={t('guide.progress', { done: number(progress.done), of: number(progress.of) })}
            />
          )}
          <div className="guide-ways">
            {step.isAct && !isDone && (
              <Button look="primary" isPending={progress !== undefined} onPress={() => act(step.name, step.look)}>
                {t(`steps.${step.name}.do`)}
              </Button>
            )}
            {isDone && at < STEPS.length - 1 && (
              <Button look="primary" onPress={() => goTo(at + 1)}>
                {t('guide.next')}
                <Icon name="next" turns size={18} />
              </Button>
            )}
            {isDone && step.isAct && (
              <span className="guide-peek">
                <Button icon="eye" onPress={() => setOpen(false)}>
                  {t('guide.look')}
                </Button>
              </span>
            )}
            {step.name === 'end' && <AfterIt onLeave={end} />}
            {at > 0 && (
              <span className="guide-back">
                <Button look="quiet" isDisabled={progress !== undefined} onPress={() => goTo(at - 1)}>
                  {t('guide.back')}
                </Button>
              </span>
            )}
          </div>
        </div>
      </aside>
    </>
  )
}

function Told({ step }: { step: Step }) {
  const { t } = useTranslation('tour')
  const { name } = step
  const hasMore = name === 'begin' || name === 'claim' || name === 'chat' || name === 'end'
  return (
    <>
      <p>{t(`steps.${name}.text`)}</p>
      {hasMore && <p className="soft">{t(`steps.${name}.more`)}</p>}
    </>
  )
}

function AfterIt({ onLeave }: { onLeave: () => Promise<void> }) {
  const { t } = useTranslation('tour')
  return (
    <>
      <Button look="primary" onPress={onLeave}>
        {t('band.leave')}
      </Button>
      <ButtonLink to="/about" icon="code">
        {t('after.code')}
      </ButtonLink>
    </>
  )
}
