/**
 * The strip itself: bars on a canvas, by uPlot. In the colours of the tokens, in the reader's direction and calendar; drawn anew when the
 * light, the language or the width changes. What it shows is said in words around it.
 */
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { useFormat } from '../../i18n/format'
import { type Span, startOf } from './calendar'
import { INKS } from './calendar-sheet'

const HEIGHT = 200

export default function Strip({
  spans,
  purposes,
  before,
  onPoint,
}: {
  spans: readonly Span[]
  purposes: readonly string[]
  /** How many spans lie before today. */
  before: number
  onPoint: (index: number | undefined) => void
}) {
  const { t } = useTranslation('forgetting')
  const { locale, language, number } = useFormat()
  const place = useRef<HTMLDivElement>(null)
  const point = useRef(onPoint)
  point.current = onPoint
  useEffect(() => {
    const root = place.current
    if (!root) return
    const calendar = language === 'fa' ? 'fa-IR-u-ca-persian-nu-arabext' : locale
    // Weeks are told apart by their months, days by their dates.
    const parts: Intl.DateTimeFormatOptions =
      spans[0]?.days === 1 ? { day: 'numeric', month: 'short' } : { month: 'short' }
    const label = new Intl.DateTimeFormat(calendar, { ...parts, timeZone: 'UTC' })
    const draw = () => {
      const inkOf = inksIn(root)
      const plot = new uPlot(
        {
          width: root.clientWidth,
          height: HEIGHT,
          padding: [18, 8, 0, 8],
          legend: { show: false },
          cursor: { y: false, drag: { x: false, y: false }, points: { show: false } },
          scales: {
            x: { time: false, dir: language === 'fa' ? -1 : 1, range: [-0.6, spans.length - 0.4] },
            y: { range: (_, __, max) => [0, Math.max(4, max * 1.1)] },
          },
          axes: [
            {
              stroke: inkOf('--ink-soft'),
              font: fontOf(root),
              grid: { show: false },
              ticks: { show: false },
              size: 28,
              splits: () => monthsIn(spans, root.clientWidth),
              values: (_, splits) => splits.map(at => label.format(startOf(spans[at]?.start ?? '1970-01-01'))),
            },
            {
              side: language === 'fa' ? 1 : 3,
              stroke: inkOf('--ink-soft'),
              font: fontOf(root),
              grid: { stroke: inkOf('--line'), width: 1 },
              ticks: { show: false },
              size: 40,
              incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000],
              values: (_, splits) => splits.map(value => number(value)),
            },
          ],
          series: [
            {},
            barsOf(inkOf('--line-strong')),
            // The whole bar first; what stands before it in the order is drawn over it.
            ...purposes.map((_, at) => barsOf(inkOf(INKS[at % INKS.length] ?? '--accent'))).reverse(),
          ],
          hooks: {
            draw: [plot => markToday(plot, before, t('strip.today'), inkOf('--ink'))],
            setCursor: [plot => point.current(plot.cursor.idx ?? undefined)],
          },
        },
        stacked(spans, purposes),
        root,
      )
      return () => plot.destroy()
    }
    let clear = draw()
    const again = () => {
      clear()
      clear = draw()
    }
    const dark = matchMedia('(prefers-color-scheme: dark)')
    dark.addEventListener('change', again)
    let width = root.clientWidth
    const resized = new ResizeObserver(() => {
      if (root.clientWidth === width) return
      width = root.clientWidth
      again()
    })
    resized.observe(root)
    return () => {
      dark.removeEventListener('change', again)
      resized.disconnect()
      clear()
    }
  }, [spans, purposes, before, language, locale, number, t])
  return <div ref={place} dir="ltr" />
}

/** Each series is the sum up to its purpose; the largest comes first, so that the others stand in front of it. */
function stacked(spans: readonly Span[], purposes: readonly string[]): uPlot.AlignedData {
  const sums = purposes.map((_, last) =>
    spans.map(({ byPurpose }) =>
      purposes.slice(0, last + 1).reduce((sum, each) => sum + (byPurpose.get(each) ?? 0), 0),
    ),
  )
  return [spans.map((_, at) => at), spans.map(({ forgotten }) => forgotten), ...sums.reverse()]
}

const barsOf = (ink: string): uPlot.Series => ({
  fill: ink,
  stroke: ink,
  width: 0,
  points: { show: false },
  paths: (uPlot.paths.bars as uPlot.Series.BarsPathBuilderFactory)({ size: [0.75, 36], radius: 0.15 }),
})

/** Where a month begins, as far apart as its name needs. */
function monthsIn(spans: readonly Span[], width: number): number[] {
  const room = Math.ceil((52 * spans.length) / Math.max(1, width))
  const starts: number[] = []
  for (const [at, { start, days }] of spans.entries()) {
    const begins = days === 1 ? at % 7 === 0 : start.slice(0, 7) !== spans[at - 1]?.start.slice(0, 7)
    const last = starts.at(-1)
    if (begins && (last === undefined || at - last >= room)) starts.push(at)
  }
  return starts
}

function markToday(plot: uPlot, before: number, word: string, ink: string): void {
  const { ctx, bbox } = plot
  const x = Math.round(plot.valToPos(before - 0.5, 'x', true))
  const dpr = devicePixelRatio
  ctx.save()
  ctx.strokeStyle = ctx.fillStyle = ink
  ctx.lineWidth = dpr
  ctx.setLineDash([4 * dpr, 3 * dpr])
  ctx.beginPath()
  ctx.moveTo(x, bbox.top)
  ctx.lineTo(x, bbox.top + bbox.height)
  ctx.stroke()
  ctx.font = `600 ${12 * dpr}px ${getComputedStyle(plot.root).fontFamily}`
  ctx.textAlign = 'center'
  ctx.fillText(word, x, bbox.top - 5 * dpr)
  ctx.restore()
}

const fontOf = (root: HTMLElement): string => `12px ${getComputedStyle(root).fontFamily}`

/** Tokens name two colours; which of them holds is known once one is used. */
function inksIn(root: HTMLElement): (token: string) => string {
  return token => {
    const probe = document.createElement('span')
    probe.style.color = `var(${token})`
    root.append(probe)
    const { color } = getComputedStyle(probe)
    probe.remove()
    return color
  }
}
