/** Which screen stands at which address. Each is loaded when it is first gone to; those of an open vault are behind its lock. */
import { type ComponentType, lazy, Suspense } from 'react'
import { I18nProvider } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { Redirect, Route, Router, Switch } from 'wouter'
import { useHashLocation } from 'wouter/use-hash-location'
import { BreaksHere } from './broken'
import { SaidProvider } from './design/said'
import { useFormat } from './i18n/format'
import { addWords, type Part } from './i18n/setup'
import { Welcome } from './screens/welcome/welcome'
import { Shell } from './shell'
import { isMarked } from './story/mark'
import { SessionProvider, useSessions } from './vaults/session'

/** A screen comes with its words. */
const screen = (load: () => Promise<{ default: ComponentType }>, part: Part = 'inside') =>
  lazy(async () => (await Promise.all([load(), addWords('inside'), addWords(part)]))[0])

/** Screens that need no open vault. */
const OUTSIDE: Record<string, ComponentType> = {
  '/new': screen(() => import('./screens/create/create')),
  '/open/:name': screen(() => import('./screens/unlock/unlock')),
  '/restore': screen(() => import('./screens/restore/restore')),
  '/restore/:name': screen(() => import('./screens/restore/restore')),
  '/story': screen(() => import('./screens/story/story'), 'story'),
  '/about': screen(() => import('./screens/about/about')),
}

/** Screens of the open vault. */
const INSIDE: Record<string, ComponentType> = {
  '/people': screen(() => import('./screens/people/people')),
  '/people/new': screen(() => import('./screens/person/add')),
  '/people/:id': screen(() => import('./screens/person/person')),
  '/people/:id/edit': screen(() => import('./screens/person/edit')),
  '/signup': screen(() => import('./screens/signup/signup')),
  '/bring': screen(() => import('./screens/bring/bring')),
  '/bring/quarantine': screen(() => import('./screens/quarantine/quarantine')),
  '/handover': screen(() => import('./screens/handover/handover')),
  '/forgetting': screen(() => import('./screens/forgetting/forgetting')),
  '/forgetting/record': screen(() => import('./screens/record/record')),
  '/settings': screen(() => import('./screens/settings/settings')),
  '/settings/rules': screen(() => import('./screens/settings/change-rules')),
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
  const { session, isKiosk } = useSessions()
  return (
    <Suspense fallback={<Coming />}>
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

/** While a screen is on its way: said only if that takes a while. */
function Coming() {
  const { t } = useTranslation()
  return (
    <main className="page soft coming" id="main" aria-busy="true">
      <p>{t('loading')}</p>
    </main>
  )
}
