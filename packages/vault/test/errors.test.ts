import { describe, expect, it } from 'vitest'
import { isVaultError, VaultError, vaultErrorFrom } from '../src/errors'

const refused = new VaultError('EXPORT_REFUSED', {
  data: { reasons: { 'no-consent': 232 } },
  cause: new Error('Sara Karimi, 07700 900123'),
})

describe('an error of a vault', () => {
  it('carries a code, a sentence on what to do, and data', () => {
    expect(refused).toMatchObject({ code: 'EXPORT_REFUSED', kind: 'refused', data: { reasons: { 'no-consent': 232 } } })
    expect(refused.fix).toMatch(/^[A-Z].*\.$/)
  })

  it('names mistakes in its message, for the developer who reads a log', () => {
    const error = new VaultError('POLICY_INVALID', {
      data: { issues: [{ path: 'purposes.news.keepFor', message: 'must be at least P2D (R4)' }] },
    })
    expect(error.message).toContain('purposes.news.keepFor: must be at least P2D (R4)')
    expect(new VaultError('FIELD_NOT_DECLARED', { data: { fields: ['notes'] } }).message).toContain('notes')
  })

  it('is the same after crossing a worker or a process as JSON', () => {
    const copy = vaultErrorFrom(JSON.parse(JSON.stringify(refused)))
    expect(copy).toMatchObject({
      code: 'EXPORT_REFUSED',
      message: refused.message,
      fix: refused.fix,
      data: refused.data,
    })
    expect(vaultErrorFrom(JSON.parse(JSON.stringify(new VaultError('BUSY')))).code).toBe('BUSY')
  })

  it('R37: leaves its cause at home, where an app may have put anything', () => {
    expect(JSON.stringify(refused)).not.toContain('Sara')
    expect(refused.message).not.toContain('Sara')
  })

  it('R37: takes its message from its code and not from whoever sent it', () => {
    const sent = { name: 'VaultError', code: 'BUSY', message: 'Sara Karimi', fix: 'call 07700 900123' }
    expect(JSON.stringify(vaultErrorFrom(sent))).not.toMatch(/Sara|900123/)
  })

  it('is told from other errors, by code if one is named', () => {
    expect(isVaultError(refused)).toBe(true)
    expect(isVaultError(refused, 'EXPORT_REFUSED')).toBe(true)
    expect(isVaultError(refused, 'BUSY')).toBe(false)
    expect(isVaultError(new TypeError('no'))).toBe(false)
    expect(isVaultError(Object.assign(new Error('no'), { name: 'VaultError', code: 'toString' }))).toBe(false)
    expect(isVaultError({ name: 'VaultError', code: 'BUSY' })).toBe(false)
  })

  it.each([undefined, null, 'BUSY', {}, { name: 'VaultError', code: 'NOPE' }, { name: 'Error', code: 'BUSY' }])(
    'is not made from %j',
    json => {
      expect(() => vaultErrorFrom(json)).toThrow(TypeError)
    },
  )
})
