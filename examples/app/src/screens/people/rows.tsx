/**
 * A long list of which only what is on the screen stands in the page: the page itself scrolls, and as far as it does, rows come and go.
 * One stop of the Tab key; inside, the arrow keys, Page Up and Down, Home and End. When people come and go elsewhere, whoever stands at
 * the top of the screen stays there.
 */
import type { Person } from '@amanat/vault'
import { type KeyboardEvent, memo, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../i18n/format'
import { useSession } from '../../vaults/session'
import { PersonRow, type RowWords } from './person-row'

/** Rows beyond the screen, so that a quick thumb sees no gap. */
const AROUND = 10
/** The range moves in steps, so that not each scrolled pixel draws anew. */
const STEP = 5

/** Whose row had the focus, and the how manyth it was: it may not be in the page yet when one comes back. */
export interface LastRow {
  readonly id: string
  readonly at: number
}

/** For coming back to a list: where one was in it, and what is told of that. */
export interface Coming {
  readonly scrolled: number
  readonly onScrolled: (scrolled: number) => void
  /** It has the focus again. */
  readonly last: LastRow | undefined
  readonly onLast: (last: LastRow) => void
}

interface Props extends Partial<Coming> {
  readonly label: string
  readonly people: readonly Person[]
  readonly total: number
  readonly onNeed?: (upTo: number) => void
}

export function Rows({ label, people, total, onNeed, scrolled = 0, onScrolled, last, onLast }: Props) {
  const { t } = useTranslation(['people', 'common'])
  const words: RowWords = { t, format: useFormat(), clock: useSession().clock }
  const list = useRef<HTMLDivElement>(null)
  const height = useRowHeight()
  const [from, to] = useRange(list, height, total)
  useScrolled(scrolled, onScrolled)
  useAnchor(list, people, height)
  const page = Math.floor(window.innerHeight / height) - 3
  const { current, onKeyDown, onFocus } = useRoving(list, people, total, page, last, onLast)

  useEffect(() => onNeed?.(Math.max(to, current + 1)), [onNeed, to, current])

  const drawn = Array.from({ length: to - from }, (_, at) => from + at)
  if (current < from) drawn.unshift(current)
  else if (current >= to) drawn.push(current)
  return (
    // biome-ignore lint/a11y/useSemanticElements: a table of ten thousand rows of which thirty stand in the page
    <div
      ref={list}
      role="grid"
      aria-label={label}
      aria-rowcount={total}
      className="people-rows"
      style={{ height: total * height }}
      onKeyDown={onKeyDown}
      onFocus={onFocus}
    >
      {drawn.map(at => (
        <Row
          key={people[at]?.id ?? at}
          person={people[at]}
          at={at}
          top={at * height}
          isCurrent={at === current}
          {...words}
        />
      ))}
    </div>
  )
}

/** Drawn again only when something of it changes: while a thumb flies over the list, most rows stay as they are. */
const Row = memo(function Row({
  person,
  at,
  top,
  isCurrent,
  ...words
}: RowWords & {
  person: Person | undefined
  at: number
  top: number
  isCurrent: boolean
}) {
  return (
    // biome-ignore lint/a11y: the link inside has the focus
    <div role="row" aria-rowindex={at + 1} className="people-row" style={{ transform: `translateY(${top}px)` }}>
      {/* biome-ignore lint/a11y: a cell of the grid above */}
      <div role="gridcell">
        {person ? (
          <a href={`#/people/${person.id}`} className="people-link" data-at={at} tabIndex={isCurrent ? 0 : -1}>
            <PersonRow person={person} {...words} />
          </a>
        ) : (
          <span className="people-link soft">{words.t('comes')}</span>
        )}
      </div>
    </div>
  )
})

/** As the style sheet has it, in pixels: 4.25rem, whatever size of type the reader chose. */
const useRowHeight = (): number =>
  useState(() => 4.25 * Number.parseFloat(getComputedStyle(document.documentElement).fontSize))[0]

/** Which rows are on the screen, and some around them. */
function useRange(list: { readonly current: HTMLElement | null }, height: number, total: number) {
  const [range, setRange] = useState<readonly [number, number]>([0, Math.ceil(window.innerHeight / height) + AROUND])
  useLayoutEffect(() => {
    const look = () => {
      const top = list.current?.getBoundingClientRect().top ?? 0
      const from = Math.floor((-top / height - AROUND) / STEP) * STEP
      const to = Math.ceil(((window.innerHeight - top) / height + AROUND) / STEP) * STEP
      setRange(last => (last[0] === from && last[1] === to ? last : [from, to]))
    }
    look()
    window.addEventListener('scroll', look, { passive: true })
    window.addEventListener('resize', look)
    return () => {
      window.removeEventListener('scroll', look)
      window.removeEventListener('resize', look)
    }
  }, [list, height])
  const from = Math.min(Math.max(0, range[0]), Math.max(0, total - 1))
  return [from, Math.max(from, Math.min(total, range[1]))] as const
}

/** Back where one was, once; and the place told as it changes. */
function useScrolled(scrolled: number, onScrolled: ((scrolled: number) => void) | undefined): void {
  const start = useRef(scrolled)
  useLayoutEffect(() => {
    window.scrollTo(0, start.current)
  }, [])
  // Before the page is shorter than that place: what comes next may still be on its way.
  useLayoutEffect(() => {
    if (!onScrolled) return
    const tell = () => onScrolled(window.scrollY)
    window.addEventListener('scroll', tell, { passive: true })
    return () => window.removeEventListener('scroll', tell)
  }, [onScrolled])
}

/** When the people change, whoever is at the top of the screen stays at the same height. */
function useAnchor(list: { readonly current: HTMLElement | null }, people: readonly Person[], height: number): void {
  const before = useRef(people)
  useLayoutEffect(() => {
    const old = before.current
    before.current = people
    const top = list.current?.getBoundingClientRect().top ?? 0
    if (old === people || top >= 0) return
    const first = Math.ceil(-top / height)
    for (const person of old.slice(first, first + 2 * AROUND)) {
      const now = people.findIndex(({ id }) => id === person.id)
      if (now < 0) continue
      const moved = now - old.indexOf(person)
      if (moved !== 0) window.scrollBy(0, moved * height)
      return
    }
  }, [list, people, height])
}

/** One row takes the focus, and keeps it while others come and go. */
function useRoving(
  list: { readonly current: HTMLElement | null },
  people: readonly Person[],
  total: number,
  page: number,
  last: LastRow | undefined,
  onLast: ((last: LastRow) => void) | undefined,
) {
  const [start] = useState(() => {
    const found = people.findIndex(({ id }) => id === last?.id)
    return found < 0 ? last?.at : found
  })
  const [at, setAt] = useState(Math.max(0, Math.min(start ?? 0, total - 1)))
  const wanted = useRef(start === undefined ? undefined : at)
  const focused = useRef<string | undefined>(undefined)
  const current = Math.min(at, total - 1)

  useLayoutEffect(() => {
    if (wanted.current === undefined) return
    const link = list.current?.querySelector<HTMLElement>(`[data-at="${wanted.current}"]`)
    if (!link) return
    wanted.current = undefined
    link.focus({ preventScroll: true })
    link.scrollIntoView({ block: 'nearest' })
  })

  // Whoever had the focus may have moved, or left: then the next one gets it.
  useLayoutEffect(() => {
    if (focused.current === undefined || list.current?.contains(document.activeElement)) return
    const moved = people.findIndex(({ id }) => id === focused.current)
    const next = moved < 0 ? Math.min(at, total - 1) : moved
    if (document.activeElement !== document.body) focused.current = undefined
    else if (next >= 0) {
      wanted.current = next
      setAt(next)
    }
  }, [list, people, total, at])

  const onKeyDown = (event: KeyboardEvent) => {
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: total - 1 }[
      event.key
    ]
    if (to === undefined) return
    event.preventDefault()
    wanted.current = Math.min(total - 1, Math.max(0, to))
    setAt(wanted.current)
    if (wanted.current === at) list.current?.querySelector<HTMLElement>(`[data-at="${at}"]`)?.focus()
  }
  const onFocus = ({ target }: { target: EventTarget }) => {
    const place = Number((target as HTMLElement).dataset.at)
    if (Number.isNaN(place)) return
    focused.current = people[place]?.id
    if (focused.current !== undefined) onLast?.({ id: focused.current, at: place })
    setAt(place)
  }
  return { current, onKeyDown, onFocus }
}
