/** What stands around every screen: whose vault this is, the ways to go, the language, the lock. */
import { type ReactNode, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'wouter'
import { Icon, type IconName } from './design/icon'
import { Button } from './design/parts'
import { LANGUAGE_NAMES, LANGUAGES, setLanguage } from './i18n/setup'
import { Newer } from './newer'
import { useSessions } from './vaults/session'
import './app.css'

const WAYS = [
  ['people', 'people'],
  ['signup', 'sign'],
  ['bring', 'bring'],
  ['handover', 'hand'],
  ['forgetting', 'calendar'],
  ['settings', 'settings'],
] as const satisfies readonly (readonly [string, IconName])[]

export function Shell({ children }: { children: ReactNode }) {
  const { t, i18n } = useTranslation()
  const { session, isKiosk, leave } = useSessions()
  const [path] = useLocation()
  const isInside = session !== undefined && !isKiosk
  const screen = path.split('/')[1] ?? ''
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever the screen changes, its title is where one starts to read
  useEffect(() => document.querySelector<HTMLElement>('[data-page-title]')?.focus({ preventScroll: true }), [screen])
  return (
    <div className={`shell${isInside ? '' : ' bare'}`}>
      <button type="button" className="skip" onClick={toContent}>
        {t('skip')}
      </button>
      <header className="shell-top">
        <Link href={isInside ? '/people' : isKiosk ? '/signup' : '/'} className="brand">
          <img src="./icon.svg" alt="" />
          {t('app')}
        </Link>
        <span className="whose">{session?.vault.policy.controller.name}</span>
        {!isKiosk && (
          <fieldset className="language" aria-label={t('language')}>
            {LANGUAGES.map(language => (
              <button
                key={language}
                type="button"
                lang={language}
                aria-pressed={i18n.language === language}
                onClick={() => void setLanguage(language)}
              >
                {LANGUAGE_NAMES[language]}
              </button>
            ))}
          </fieldset>
        )}
        {isInside && (
          <Button look="quiet" icon="lock" onPress={() => void leave()}>
            <span className="lock-word">{t('lock')}</span>
          </Button>
        )}
      </header>
      {session?.guide}
      <div className="shell-main">
        {/* Whoever signs up has nothing to do with it. */}
        {!isKiosk && <Newer />}
        {children}
      </div>
      {isInside && (
        <nav className="shell-nav" aria-label={t('nav.label')}>
          {WAYS.map(([way, icon]) => (
            <Link key={way} href={`/${way}`} aria-current={screen === way ? 'page' : undefined}>
              <Icon name={icon} size={22} />
              {t(`nav.${way}`)}
            </Link>
          ))}
        </nav>
      )}
    </div>
  )
}

/** A link would do, were the address not taken by the screen. */
function toContent(): void {
  document.querySelector<HTMLElement>('[data-page-title]')?.focus()
}
