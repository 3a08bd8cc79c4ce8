/** What kind of group this is: each a set of rules to begin with, all of which can be changed on the next step. */
import { useTranslation } from 'react-i18next'
import { Icon, type IconName } from '../../design/icon'
import { Badge } from '../../design/parts'
import { TEMPLATES, type Template } from '../../vaults/templates'
import './choose-template.css'

const ICONS: Record<Template, IconName> = { community: 'people', advice: 'phone', union: 'sign', own: 'plus' }

export function ChooseTemplate({ onChoose }: { onChoose: (template: Template) => void }) {
  const { t } = useTranslation('create')
  return (
    <div className="create-templates">
      {TEMPLATES.map(template => (
        <button key={template} type="button" onClick={() => onChoose(template)}>
          <Icon name={ICONS[template]} size={24} />
          <span>
            <strong>{t(`template.${template}.title`)}</strong>
            <span className="soft">{t(`template.${template}.text`)}</span>
            {(template === 'advice' || template === 'union') && <Badge tone="accent">{t('template.special')}</Badge>}
          </span>
          <Icon name="next" turns />
        </button>
      ))}
    </div>
  )
}
