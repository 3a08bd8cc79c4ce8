/** Who said no to everything. There is nothing to keep, so nothing was. */
import { useTranslation } from 'react-i18next'
import { Icon } from '../../design/icon'
import { Button, Page } from '../../design/parts'

export function Declined({ onBack, onDone }: { onBack: () => void; onDone: () => void }) {
  const { t } = useTranslation(['signup', 'common'])
  return (
    <Page title={t('declined.title')} narrow>
      <div className="sheet signup-greeting">
        <Icon name="check" size={40} />
        <p className="signup-lead">{t('declined.nothing')}</p>
        <p className="soft">{t('declined.thanks')}</p>
        <div className="signup-steps">
          <Button onPress={onBack}>{t('declined.change')}</Button>
          <Button look="primary" onPress={onDone}>
            {t('common:done')}
          </Button>
        </div>
      </div>
    </Page>
  )
}
