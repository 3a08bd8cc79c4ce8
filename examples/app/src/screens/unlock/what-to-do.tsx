/** Why a vault didn't open, and what can be done about it from here. */
import { type ErrorCode, isVaultError } from '@amanat/vault'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { Confirm } from '../../design/dialog'
import { Button, ButtonLink } from '../../design/parts'
import { loadNewest } from '../../kept'
import { forgetName } from '../../vaults/here'
import { Trouble } from '../../vaults/trouble'
import './unlock.css'

type Remedy = 'restore' | 'retry' | 'newest' | 'forget'

const REMEDIES: { readonly [code in ErrorCode]?: readonly Remedy[] } = {
  VAULT_MISSING: ['restore', 'forget'],
  CELL_MISSING: ['restore'],
  CELL_STALE: ['restore', 'retry'],
  CORRUPT: ['retry', 'restore'],
  FORMAT_TOO_NEW: ['newest'],
  POLICY_DIFFERS: ['newest'],
  BUSY: ['retry'],
  NO_SPACE: ['retry'],
  IO: ['retry'],
  UNKNOWN_RESULT: ['retry'],
}

export function WhatToDo({ error, name, onRetry }: { error: unknown; name: string; onRetry: () => void }) {
  const { t } = useTranslation(['welcome', 'common'])
  const [, go] = useLocation()
  const [isForgetting, setForgetting] = useState(false)
  const [failed, setFailed] = useState<unknown>()
  const remedies = isVaultError(error) ? (REMEDIES[error.code] ?? []) : []
  const parts: { readonly [remedy in Remedy]: React.ReactNode } = {
    restore: (
      <ButtonLink key="restore" to={`/restore/${encodeURIComponent(name)}`} icon="bring">
        {t('restore')}
      </ButtonLink>
    ),
    retry: (
      <Button key="retry" onPress={onRetry}>
        {t('common:retry')}
      </Button>
    ),
    newest: (
      <Button key="newest" onPress={() => void loadNewest()}>
        {t('unlock.newest')}
      </Button>
    ),
    forget: (
      <Button key="forget" look="quiet" onPress={() => setForgetting(true)}>
        {t('unlock.forget')}
      </Button>
    ),
  }
  return (
    <>
      <Trouble error={failed ?? error}>
        {remedies.length > 0 && <div className="row">{remedies.map(remedy => parts[remedy])}</div>}
      </Trouble>
      <Confirm
        title={t('unlock.forgetTitle')}
        yes={t('unlock.forget')}
        no={t('common:cancel')}
        isOpen={isForgetting}
        onClose={() => setForgetting(false)}
        onYes={async () => {
          await forgetName(name)
          go('/')
        }}
        onTrouble={setFailed}
      >
        <p>{t('unlock.forgetText')}</p>
      </Confirm>
    </>
  )
}
