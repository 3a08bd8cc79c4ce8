import { describe, expect, it } from 'vitest'
import { centre, phone } from './centre'

const sara = {
  name: { full: 'Sara Karimi' },
  phones: { p1: { number: phone(1), label: 'Work' } },
  localizations: { fa: { 'name/full': 'سارا کریمی', 'phones/p1/label': 'محل کار', name: { full: 'سارا' } } },
}
const consents = [{ purpose: 'prayer-times' as const, fields: ['name' as const], given: { how: 'paper' } }]

describe('translations of a card (R24)', () => {
  it('are kept with the fields that they translate, and go with them', async () => {
    const { vault, open } = await centre()
    const { id, notKept } = await vault.add({ card: sara as never, consents, source: 'sheet' })
    expect(notKept).toEqual(['phones'])
    const again = await open()
    const shown = await again.for('prayer-times').reveal(id)
    expect(shown?.card).toMatchObject({ localizations: { fa: { 'name/full': 'سارا کریمی', name: { full: 'سارا' } } } })
    expect(JSON.stringify(shown)).not.toContain('محل کار')
  })

  it('can be changed alone, and what they said before is forgotten', async () => {
    const { vault, medium } = await centre()
    const { id } = await vault.add({ card: sara as never, consents, source: 'sheet' })
    const before = medium.cellNow()
    await vault.change(id, { localizations: { fa: { 'name/full': 'سارا کریمیان' } } } as never)
    expect(medium.cellNow()).not.toEqual(before)
    const shown = await vault.for('prayer-times').reveal(id)
    expect(JSON.stringify(shown)).toContain('سارا کریمیان')
  })

  it('wait in quarantine with what they translate', async () => {
    const { vault } = await centre()
    const { id } = await vault.add({ card: sara as never, source: 'sheet', mayAsk: 'they-asked' })
    expect(JSON.stringify(await vault.quarantine.reveal(id))).toContain('محل کار')
  })
})
