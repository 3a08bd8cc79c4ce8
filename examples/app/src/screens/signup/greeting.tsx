/** The first thing that a person sees: who is asking, in every language, and the choice of theirs. */
import { useTranslation } from 'react-i18next'
import { Icon } from '../../design/icon'
import { Button, Page } from '../../design/parts'
import { LANGUAGE_NAMES, LANGUAGES, type Language } from '../../i18n/setup'
import { useVault } from '../../vaults/session'

export function Greeting({ onChoose }: { onChoose: (language: Language) => void }) {
  const { t } = useTranslation(['signup', 'common'])
  const { controller } = useVault().policy
  return (
    <Page title={<bdi>{controller.name}</bdi>} narrow>
      <section className="sheet signup-greeting">
        <Icon name="sign" size={40} />
        <p className="signup-lead">{t('greeting.lead')}</p>
        <p className="soft">{t('greeting.free')}</p>
        <div className="signup-languages">
          {LANGUAGES.map(each => (
            <Button key={each} look="primary" onPress={() => onChoose(each)}>
              <span lang={each}>{LANGUAGE_NAMES[each]}</span>
            </Button>
          ))}
        </div>
      </section>
    </Page>
  )
}
