/**
 * Where a screen breaks, or a part of the app doesn't come (an update took it away, or there is no network): a sentence and a way on
 * instead of an empty page. The library may be what didn't come, so nothing of it is used here. Going to another screen tries anew.
 */
import { Component, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { Button, Page, Say } from './design/parts'
import { isMissingPart, loadNewest } from './kept'

interface Props {
  readonly path: string
  readonly children: ReactNode
}

class Boundary extends Component<Props, { readonly error?: unknown }> {
  override state: { readonly error?: unknown } = {}

  static getDerivedStateFromError = (error: unknown) => ({ error })

  override componentDidUpdate({ path }: Props) {
    if (path !== this.props.path && this.state.error !== undefined) this.setState({ error: undefined })
  }

  override render() {
    return this.state.error === undefined ? this.props.children : <Broken error={this.state.error} />
  }
}

export function BreaksHere({ children }: { children: ReactNode }) {
  const [path] = useLocation()
  return <Boundary path={path}>{children}</Boundary>
}

function Broken({ error }: { error: unknown }) {
  const { t } = useTranslation(['trouble', 'common'])
  const key = isMissingPart(error) ? 'notLoaded' : 'unforeseen'
  return (
    <Page title={t('common:app')} narrow>
      <Say tone="stop" title={t(`${key}.what`)} live>
        <p>{t(`${key}.fix`)}</p>
        <Button onPress={() => void loadNewest()}>{t('common:retry')}</Button>
      </Say>
    </Page>
  )
}
