import { useTranslation } from 'react-i18next'
import { useFormat } from '../../i18n/format'
import { describe } from '../../i18n/policy'
import { useVault } from '../../vaults/session'
import { WAITING } from './calendar'

/** What a purpose is called in the reader's language; people who wait to be asked have none. */
export function usePurposeName(): (purpose: string) => string {
  const { t } = useTranslation('forgetting')
  const { language } = useFormat()
  const { policy } = useVault()
  return purpose => (purpose === WAITING ? t('strip.waiting') : describe(policy, purpose, language))
}
