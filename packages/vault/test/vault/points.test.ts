// One spelling for one contact point, however it was typed.
import { expect, test } from 'vitest'
import { canonicalEmail, e164, phoneReader } from '../../src/contact/points'
import { beginsWith, folded, queryOf, wordsOf } from '../../src/door/find'

test.each([
  ['+44 7700 900123', undefined],
  ['07700 900123', 'GB'],
  ['(07700) 900-123', 'GB'],
  ['0044 7700 900123', 'GB'],
  ['+44 (0)7700 900123', 'GB'],
  ['tel:+44-7700-900123', undefined],
  ['TEL:07700900123;phone-context=+44', 'GB'],
  ['۰۷۷۰۰ ۹۰۰۱۲۳', 'GB'],
  ['+٤٤ ٧٧٠٠ ٩٠٠١٢٣', undefined],
  ['०७७०० ९००१२३', 'GB'],
  ['০৭৭০০ ৯০০১২৩', 'GB'],
  ['０７７００　９００１２３', 'GB'],
  ['\u202a+44 7700 900123\u202c', undefined],
  ['07700 900123 ext. 12', 'GB'],
])('%s is one number', async (written, region) => {
  expect(await e164(written, region)).toBe('+447700900123')
})

test('what nobody can read is found by its digits, of whatever script, and is no E.164', async () => {
  const read = await phoneReader()
  expect(read('۱۲', undefined)).toBe(read('12', undefined))
  expect(read('१२', undefined)).toBe('?12')
  expect(await e164('12', 'GB')).toBeUndefined()
  expect(await e164('call me', 'GB')).toBeUndefined()
})

test('addresses are compared without case, and hosts by their A-labels', () => {
  expect(canonicalEmail(' Sara@MÜNCHEN.example')).toBe('sara@xn--mnchen-3ya.example')
  expect(canonicalEmail('mailto:sara@xn--mnchen-3ya.example')).toBe('sara@xn--mnchen-3ya.example')
})

test('names are found whatever keyboard wrote them', () => {
  for (const [one, other] of [
    ['علی', 'علي'],
    ['کریم', 'كريم'],
    ['رضا', 'رضـا'],
    ['مؤمن', 'مومن'],
    ['آرش', 'ارش'],
    ['علی\u200cرضا', 'علیرضا'],
    ['مُحَمَّد', 'محمد'],
    ['فاطمة', 'فاطمه'],
    ['Strauß', 'strauss'],
    ['José', 'jose'],
    ['Işık', 'isik'],
    ['ہما', 'هما'],
  ] as const)
    expect(folded(one)).toBe(folded(other))
  expect(beginsWith(wordsOf('Zoë Müller'), queryOf('mul zo'))).toBe(true)
})
