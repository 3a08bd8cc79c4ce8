/**
 * The calendar strip and everything around it: how far ahead, what the colours stand for, the bar that is pointed at in words, and
 * the same as a table for whoever doesn't see a picture.
 */
import { lazy, Suspense, useMemo, useState } from 'react'
import { Button as AriaButton, Disclosure, DisclosurePanel, Heading } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { Icon } from '../../design/icon'
import { Select } from '../../design/select'
import { useFormat } from '../../i18n/format'
import { useSession } from '../../vaults/session'
import { dayOf, type Ending, type Span, spansOf } from './calendar'
import type { Forgetting } from './lately'
import { usePurposeName } from './purpose-name'

// Drawn by uPlot, which nobody needs before they come here.
const Strip = lazy(() => import('./strip'))

const SPANS = {
  weeks: { days: 7, before: 4, count: 57 },
  days: { days: 1, before: 7, count: 49 },
} as const

/** Colours of the purposes, in turn. */
export const INKS = ['--accent', '--soon', '--ink-soft', '--good'] as const

export function Calendar({
  endings,
  forgettings,
}: {
  endings: readonly Ending[] | undefined
  forgettings: readonly Forgetting[]
}) {
  const { t } = useTranslation(['forgetting', 'common'])
  const { clock } = useSession()
  const format = useFormat()
  const purposeName = usePurposeName()
  const [far, setFar] = useState<keyof typeof SPANS>('weeks')
  const [pointed, setPointed] = useState<number>()
  const today = dayOf(clock.now())
  const spans = useMemo(() => {
    const past = forgettings.map(({ at, slices }) => ({ day: at.slice(0, 10), slices }))
    return spansOf(endings ?? [], past, Date.parse(today), SPANS[far])
  }, [endings, forgettings, far, today])
  const purposes = useMemo(() => [...new Set(spans.flatMap(({ byPurpose }) => [...byPurpose.keys()]))].sort(), [spans])
  const year = useMemo(
    () => spansOf(endings ?? [], [], Date.parse(today), { days: 366, before: 0, count: 1 })[0],
    [endings, today],
  )

  const whenOf = ({ start, days }: Span) =>
    days === 1 ? format.date(start) : t('strip.weekOf', { date: format.date(start) })
  const said = (span: Span) => {
    const when = whenOf(span)
    if (span.forgotten > 0) return t('strip.forgot', { when, people: t('common:people', { count: span.forgotten }) })
    if (span.people === 0) return t('strip.nothing', { when })
    return t('strip.bar', { when, people: t('common:people', { count: span.people }) })
  }
  const at = pointed === undefined ? undefined : spans[pointed]

  return (
    <section className="sheet">
      <div className="row spread">
        <h2>{t('strip.title')}</h2>
        <Select
          label={t('strip.span')}
          value={far}
          onChange={next => {
            setPointed(undefined)
            setFar(next)
          }}
          options={[
            { value: 'weeks', label: t('strip.weeks') },
            { value: 'days', label: t('strip.days') },
          ]}
        />
      </div>
      <p>
        {!endings || !year
          ? t('common:loading')
          : year.people === 0
            ? t('strip.none')
            : t(year.gone === year.people ? 'strip.sumAll' : 'strip.sum', {
                people: t('common:people', { count: year.people }),
                gone: t('common:people', { count: year.gone }),
              })}
      </p>
      <div className="forgetting-strip" aria-hidden="true">
        <Suspense fallback={null}>
          {endings && <Strip spans={spans} purposes={purposes} before={SPANS[far].before} onPoint={setPointed} />}
        </Suspense>
      </div>
      <p className="soft small" aria-hidden="true">
        {at ? said(at) : t('strip.hover')}
      </p>
      <ul className="forgetting-key">
        {purposes.map((purpose, index) => (
          <li key={purpose}>
            <span style={{ background: `var(${INKS[index % INKS.length]})` }} aria-hidden="true" />
            {purposeName(purpose)}
          </li>
        ))}
        {spans.some(({ forgotten }) => forgotten > 0) && (
          <li>
            <span className="past" aria-hidden="true" />
            {t('strip.past')}
          </li>
        )}
      </ul>
      <Disclosure>
        <Heading level={3} className="forgetting-day">
          <AriaButton slot="trigger">
            {t('strip.table')}
            <Icon name="down" size={16} />
          </AriaButton>
        </Heading>
        <DisclosurePanel>
          <Table spans={spans} whenOf={whenOf} />
        </DisclosurePanel>
      </Disclosure>
    </section>
  )
}

function Table({ spans, whenOf }: { spans: readonly Span[]; whenOf: (span: Span) => string }) {
  const { t } = useTranslation('forgetting')
  const format = useFormat()
  const purposeName = usePurposeName()
  return (
    <table className="forgetting-table">
      <thead>
        <tr>
          <th scope="col">{t('strip.when')}</th>
          <th scope="col">{t('strip.people')}</th>
          <th scope="col">{t('strip.goneColumn')}</th>
        </tr>
      </thead>
      <tbody>
        {spans
          .filter(({ people }) => people > 0)
          .map(span => (
            <tr key={span.start}>
              <th scope="row">{whenOf(span)}</th>
              <td>
                {format.number(span.people)}
                <span className="soft small"> {[...span.byPurpose.keys()].map(purposeName).join(' · ')}</span>
              </td>
              <td>{format.number(span.gone)}</td>
            </tr>
          ))}
      </tbody>
    </table>
  )
}
