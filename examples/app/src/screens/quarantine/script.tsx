/** What may be said when asking, in the language of whoever is asked, which needn't be that of the screen. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import english from '../../i18n/en/quarantine.json'
import persian from '../../i18n/fa/quarantine.json'
import { useFormat } from '../../i18n/format'
import { textIn } from '../../i18n/policy'
import { LANGUAGE_NAMES, LANGUAGES, type Language } from '../../i18n/setup'
import { useVault } from '../../vaults/session'

const LINES: Record<Language, readonly string[]> = { en: english.script.lines, fa: persian.script.lines }

export function Script({ name, source }: { name: string | undefined; source: string | undefined }) {
  const { t } = useTranslation('quarantine')
  const { language } = useFormat()
  const { controller, purposes } = useVault().policy
  const [spoken, setSpoken] = useState<Language>(language)
  const filled = (line: string) =>
    line
      .replace('{{name}}', name ?? '…')
      .replace('{{controller}}', controller.name)
      .replace('{{source}}', source ?? '…')
      .replace('{{withdraw}}', controller.withdraw)
  return (
    <details className="quarantine-script">
      <summary>{t('script.title')}</summary>
      <fieldset className="language" aria-label={t('script.language')}>
        {LANGUAGES.map(each => (
          <button key={each} type="button" lang={each} aria-pressed={spoken === each} onClick={() => setSpoken(each)}>
            {LANGUAGE_NAMES[each]}
          </button>
        ))}
      </fieldset>
      <blockquote lang={spoken} dir={spoken === 'fa' ? 'rtl' : 'ltr'} className="stack-s">
        {LINES[spoken].map(line =>
          line === '{{purposes}}' ? (
            <ul key={line}>
              {Object.entries(purposes).map(([purpose, { description }]) => (
                <li key={purpose}>
                  <bdi>{textIn(description, spoken).text}</bdi>
                </li>
              ))}
            </ul>
          ) : (
            <p key={line}>{filled(line)}</p>
          ),
        )}
      </blockquote>
    </details>
  )
}
