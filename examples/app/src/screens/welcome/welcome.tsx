/** The first screen: the vaults on this device, and what this is for whoever meets it for the first time. */
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ButtonLink, Page } from '../../design/parts'
import { vaultsHere } from '../../vaults/here'

export function Welcome() {
  const { t } = useTranslation()
  const [names, setNames] = useState<string[]>([])
  useEffect(() => void vaultsHere().then(setNames), [])
  return (
    <Page title={t('tagline')} narrow>
      {names.map(name => (
        <ButtonLink key={name} to={`/open/${encodeURIComponent(name)}`}>
          {name}
        </ButtonLink>
      ))}
      <ButtonLink to="/new" look="primary">
        {t('continue')}
      </ButtonLink>
    </Page>
  )
}
