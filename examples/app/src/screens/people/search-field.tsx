/** One field for names, numbers and addresses. What was typed stays in memory, and goes with the vault. */
import { SearchField as AriaSearchField, Button, Input, Label } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { Icon } from '../../design/icon'

export function SearchField({ value, onChange }: { value: string; onChange: (typed: string) => void }) {
  const { t } = useTranslation('people')
  return (
    <AriaSearchField className="field people-search" value={value} onChange={onChange}>
      <Label className="label">{t('search.label')}</Label>
      <div className="people-search-box">
        <Icon name="search" />
        <Input
          className="input"
          dir="auto"
          placeholder={t('search.placeholder')}
          autoComplete="off"
          enterKeyHint="search"
        />
        {value !== '' && (
          <Button className="people-clear" aria-label={t('search.clear')}>
            <Icon name="cross" size={18} />
          </Button>
        )}
      </div>
    </AriaSearchField>
  )
}
