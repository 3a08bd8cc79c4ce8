/** What can be set and looked after in an open vault, section by section; each is a few calls of the library. */
import { useTranslation } from 'react-i18next'
import { Page } from '../../design/parts'
import { LockChoice } from '../../vaults/lock-choice'
import { useSession } from '../../vaults/session'
import { BackupPart } from './backup-part'
import { CheckPart } from './check-part'
import { EndPart } from './end-part'
import { Promises } from './promises'
import { RulesPart } from './rules-part'
import { TimePart } from './time-part'
import { WaysPart } from './ways-part'
import './settings.css'

export default function Settings() {
  const { t } = useTranslation('settings')
  const { vault, name } = useSession()
  return (
    <Page title={t('title')} narrow>
      <div className="settings">
        <BackupPart />
        <RulesPart />
        <WaysPart />
        <section className="sheet">
          <h2>{t('lock.title')}</h2>
          <LockChoice />
        </section>
        <section className="sheet">
          <h2>{t('promise.title')}</h2>
          <Promises vault={vault} />
        </section>
        <CheckPart />
        <TimePart />
        {name !== undefined && <EndPart name={name} />}
      </div>
    </Page>
  )
}
