/** For developers: how this app uses Amanat, screen by screen, in the lines that run. What it may do, and what it keeps where. */
import { useTranslation } from 'react-i18next'
import { Page } from '../../design/parts'
import { CONTENT_POLICY, PARTS } from './parts'
import './about.css'

const KEPT = ['rows', 'cell', 'names', 'choices', 'mark', 'app'] as const
/** What things are called in a browser's developer tools; the same in every language. */
const WHERE: Record<(typeof KEPT)[number], string> = {
  rows: 'IndexedDB amanat:NAME',
  cell: 'OPFS amanat/NAME',
  names: 'IndexedDB amanat-vaults',
  choices: 'localStorage amanat-app:…',
  mark: 'sessionStorage amanat-app:story',
  app: 'Cache Storage',
}

export default function About() {
  const { t } = useTranslation(['about', 'common'])
  return (
    <Page title={t('title')} lead={t('lead')} back={{ to: '/', label: t('common:back') }}>
      <section className="stack" aria-labelledby="about-parts">
        <h2 id="about-parts">{t('parts.title')}</h2>
        <p className="soft">{t('parts.lead')}</p>
        {PARTS.map(({ name, sources }) => (
          <article key={name} className="sheet about-part" aria-labelledby={`about-${name}`}>
            <div className="stack-s">
              <h3 id={`about-${name}`}>{t(`parts.${name}.title`)}</h3>
              <p>{t(`parts.${name}.text`)}</p>
            </div>
            {sources.map(({ path, code }) => (
              <Code key={path} label={`examples/app/${path}`} code={code} />
            ))}
          </article>
        ))}
      </section>
      <section className="sheet" aria-labelledby="about-csp">
        <h2 id="about-csp">{t('csp.title')}</h2>
        <p>{t('csp.text')}</p>
        <Code label="examples/app/vite.config.ts" code={CONTENT_POLICY} />
      </section>
      <section className="sheet" aria-labelledby="about-kept">
        <h2 id="about-kept">{t('kept.title')}</h2>
        <p>{t('kept.lead')}</p>
        <dl className="about-kept">
          {KEPT.map(one => (
            <div key={one}>
              <dt className="ltr" translate="no">
                {WHERE[one]}
              </dt>
              <dd>{t(`kept.${one}`)}</dd>
            </div>
          ))}
        </dl>
      </section>
      <section className="sheet" aria-labelledby="about-more">
        <h2 id="about-more">{t('more.title')}</h2>
        <dl className="about-kept">
          {(['minimal', 'node', 'demo'] as const).map(one => (
            <div key={one}>
              <dt className="ltr" translate="no">
                examples/{one}
              </dt>
              <dd>{t(`more.${one}`)}</dd>
            </div>
          ))}
          <div>
            <dt className="ltr" translate="no">
              docs/in-the-browser.md
            </dt>
            <dd>{t('more.docs')}</dd>
          </div>
        </dl>
      </section>
    </Page>
  )
}

function Code({ label, code }: { label: string; code: string | undefined }) {
  return (
    <figure className="about-code" dir="ltr" translate="no">
      <figcaption>{label}</figcaption>
      {code && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: so that the keyboard can scroll long lines
        <pre tabIndex={0}>
          <code>{code}</code>
        </pre>
      )}
    </figure>
  )
}
