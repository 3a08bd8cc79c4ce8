/** Errors that come back from a worker, another process or a server, as JSON that anybody may have written. */
import { isVaultError, VaultError, vaultErrorFrom } from '@amanat/vault'
import fc from 'fast-check'
import { type as typeError } from './allowed'
import { nastyJson, nastyText, warped } from './nasty'
import { fit, hostile } from './parser'

const written = [
  new VaultError('POLICY_INVALID', { data: { issues: [{ path: 'purposes.news', message: 'is missing' }] } }),
  new VaultError('FIELD_NOT_DECLARED', { data: { fields: ['notes', 'media'] } }),
  new VaultError('EXPORT_REFUSED', { data: { reasons: { 'no-consent': 2 } } }),
  new VaultError('BUSY'),
].map(error => JSON.parse(JSON.stringify(error)))

hostile('an error made from any JSON is a VaultError, or the JSON is refused', {
  input: fc.oneof(
    { weight: 4, arbitrary: warped(written, nastyJson) },
    { weight: 1, arbitrary: nastyJson },
    {
      weight: 3,
      arbitrary: fc
        .tuple(fc.constantFrom('issues', 'fields', 'reasons'), nastyJson, fc.constantFrom(...written))
        .map(([key, value, error]) => ({ ...error, data: { [key]: value } })),
    },
    {
      weight: 1,
      arbitrary: nastyText.map(text => ({ name: 'VaultError', code: text, message: text, fix: text })),
    },
  ),
  runs: 1_000,
  refuses: typeError('not the JSON of a VaultError'),
  read: json => {
    const error = vaultErrorFrom(json)
    fit(isVaultError(error) && error.fix !== '' && typeof error.message === 'string', 'no whole error')
    fit(error.message.startsWith(new VaultError(error.code as 'BUSY').message.slice(0, -1)), 'a message of its own')
    fit(JSON.stringify(vaultErrorFrom(JSON.parse(JSON.stringify(error)))) === JSON.stringify(error), 'another error')
  },
})
