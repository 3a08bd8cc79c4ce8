/** Which screen stands at which address. Each is loaded when it is first gone to; those of an open vault are behind its lock. */
import { type ComponentType, lazy, Suspense } from 'react'
import { I18nProvider } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { Redirect, Route, Router, Switch } from 'wouter'
import { useHashLocation } from 'wouter/use-hash-location'
import { BreaksHere } from './broken'
import { SaidProvider } from './design/said'
import { useFormat } from './i18n/format'
import { Welcome } from './screens/welcome/welcome'
import { Shell } from './shell'
import { isMarked } from './story/mark'
import { SessionProvider, useSessions } from './vaults/session'

/** Screens that need no open vault. */
const OUTSIDE: Record<string, ComponentType> = {
  '/new': lazy(() => import('./screens/create/create')),
  '/open/:name': lazy(() => import('./screens/unlock/unlock')),
  '/restore': lazy(() => import('./screens/restore/restore')),
  '/restore/:name': lazy(() => import('./screens/restore/restore')),
  '/story': lazy(() => import('./screens/story/story')),
  '/about': lazy(() => import('./screens/about/about')),
}

/** Screens of the open vault. */
const INSIDE: Record<string, ComponentType> = {
  '/people': lazy(() => import('./screens/people/people')),
  '/people/new': lazy(() => import('./screens/person/add')),
  '/people/:id': lazy(() => import('./screens/person/person')),
  '/people/:id/edit': lazy(() => import('./screens/person/edit')),
  '/signup': lazy(() => import('./screens/signup/signup')),
  '/bring': lazy(() => import('./screens/bring/bring')),
  '/bring/quarantine': lazy(() => import('./screens/quarantine/quarantine')),
  '/handover': lazy(() => import('./screens/handover/handover')),
  '/forgetting': lazy(() => import('./screens/forgetting/forgetting')),
  '/forgetting/record': lazy(() => import('./screens/record/record')),
  '/settings': lazy(() => import('./screens/settings/settings')),
  '/settings/rules': lazy(() => import('./screens/settings/change-rules')),
}

export function App() {
  const { locale } = useFormat()
  return (
    <I18nProvider locale={locale}>
      <Router hook={useHashLocation}>
        <SessionProvider>
          <SaidProvider>
            <Shell>
              <BreaksHere>
                <Screens />
              </BreaksHere>
            </Shell>
          </SaidProvider>
        </SessionProvider>
      </Router>
    </I18nProvider>
  )
}

function Screens() {
  const { t } = useTranslation()
  const { session, isKiosk } = useSessions()
  return (
    <Suspense fallback={<p className="page soft">{t('loading')}</p>}>
      <Switch>
        {/* Wherever the back button leads; with the key of the same screen below, so that it goes on as it is. */}
        {isKiosk && <Route key="/signup" component={INSIDE['/signup'] as ComponentType} />}
        {Object.entries(OUTSIDE).map(([path, screen]) => (
          <Route key={path} path={path} component={screen} />
        ))}
        {session && Object.entries(INSIDE).map(([path, screen]) => <Route key={path} path={path} component={screen} />)}
        <Route path="/" component={Welcome} />
        {/* Where the story ran, a reload begins it again, and says so. */}
        <Redirect to={isMarked() ? '/story' : '/'} />
      </Switch>
    </Suspense>
  )
}
