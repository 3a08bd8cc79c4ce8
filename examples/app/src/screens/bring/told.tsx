/** What a file came to, in figures and lines: for what would happen as well as for what did. */
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../i18n/format'
import type { Tally, TallyRow } from './tally'

const SHOWN = 20

export function Figures({ tally, isForeseen }: { tally: Tally; isForeseen: boolean }) {
  const { t } = useTranslation('bring')
  const format = useFormat()
  const figures = [
    [isForeseen ? 'added' : 'came', tally.added],
    [isForeseen ? 'quarantined' : 'waits', tally.quarantined],
    [isForeseen ? 'twice' : 'known', tally.known],
    ['maybeSame', tally.maybeSame],
    ['optedOut', tally.count('OPTED_OUT')],
    ['tooOld', tally.count('EXPIRES_TOO_SOON')],
    ['stopped', tally.count('SUPPRESSED')],
    ['waited', tally.count('QUARANTINE_AGAIN')],
    ['unreadable', tally.of('unreadable').length],
  ] as const
  return (
    <dl className="bring-figures">
      {figures.map(
        ([name, count], at) =>
          (count > 0 || at < 2) && (
            <div key={name} className={at < 2 ? 'main' : ''}>
              <dd className="numbers">{format.number(count)}</dd>
              <dt>{t(`figure.${name}`, { count })}</dt>
            </div>
          ),
      )}
    </dl>
  )
}

/** The words for why a row isn't in; a code that nobody foresaw is better than nothing. */
function useReason(): (row: TallyRow) => string {
  const { t, i18n } = useTranslation(['bring', 'common'])
  const format = useFormat()
  return ({ code = '', fields }) => {
    if (!i18n.exists(`bring:reason.${code}`)) return t('reason.other', { code })
    const named = fields?.map(field => t(`common:fields.${field}` as 'common:fields.name', { defaultValue: field }))
    const why = t(`reason.${code as 'ROW_UNREADABLE'}`)
    return named && named.length > 0 ? `${why} (${format.list(named)})` : why
  }
}

/** Rows that are not in, by line; those of who may have left stand nowhere. */
export function Rows({ tally }: { tally: Tally }) {
  const { t } = useTranslation('bring')
  const format = useFormat()
  const reason = useReason()
  const rows = tally.told.filter(({ outcome }) => outcome === 'unreadable' || outcome === 'refused')
  if (rows.length === 0) return null
  return (
    <section className="sheet">
      <h2>{t('rows.title', { count: rows.length, n: format.number(rows.length) })}</h2>
      <ul className="bring-rows">
        {rows.slice(0, SHOWN).map(row => (
          <li key={row.line}>
            <span className="numbers soft">{where(row)}</span>
            <span>{reason(row)}</span>
          </li>
        ))}
      </ul>
      {rows.length > SHOWN && <p className="soft small">{t('rows.more', { n: format.number(rows.length - SHOWN) })}</p>}
    </section>
  )

  function where({ line, column }: { line: number; column?: number }): string {
    if (column === undefined) return t('rows.line', { line: format.number(line) })
    return t('rows.cell', { line: format.number(line), column: format.number(column) })
  }
}

export function Doubts({ tally }: { tally: Tally }) {
  const { t } = useTranslation('bring')
  const format = useFormat()
  if (tally.doubts.length === 0) return null
  const codes = [...new Set(tally.doubts.map(({ code }) => code))]
  return (
    <section className="sheet">
      <h2>{t('doubts.title')}</h2>
      <ul className="bring-rows">
        {codes.map(code => {
          const lines = tally.doubts.filter(doubt => doubt.code === code)
          const shown = format.list(lines.slice(0, 8).map(({ line }) => format.number(line)))
          return (
            <li key={code}>
              <span>
                {t(`doubt.${code}`)}{' '}
                <span className="soft">{t('doubts.lines', { lines: shown, count: lines.length })}</span>
                {lines.length > 8 && ' …'}
              </span>
            </li>
          )
        })}
      </ul>
    </section>
  )
}

export function LeftOut({ tally, children }: { tally: Tally; children?: ReactNode }) {
  const { t } = useTranslation(['bring', 'common'])
  const format = useFormat()
  const fields = Object.entries(tally.leftOut).sort(([, one], [, other]) => other - one)
  if (fields.length === 0) return null
  return (
    <section className="sheet">
      <h2>{t('undeclared.title')}</h2>
      <p>{t('undeclared.what')}</p>
      <ul className="row">
        {fields.map(([field, count]) => (
          <li key={field} className="badge">
            {t(`common:fields.${field}` as 'common:fields.name', { defaultValue: field })}
            <span className="numbers">{format.number(count)}</span>
          </li>
        ))}
      </ul>
      {children}
    </section>
  )
}
