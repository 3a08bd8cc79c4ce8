import { expect, test } from 'vitest'
import { book, withPeople, withVault } from './terminal'

test('a list has names and dates, and no contact points (R24)', async () => {
  const it = await withVault()
  await withPeople(it)
  const { out, exit } = await it.run('list', 'news')
  expect(exit).toBe(0)
  expect(out.split('\n')[0]).toMatch(/^Id +Until +Proved +Name$/)
  expect(out).toContain('30 May 2026')
  expect(out).toContain('Sara Karimi')
  expect(out).not.toMatch(/07700|@example/)
  const first = await it.json<{ people: unknown[]; next: string }>('list', 'news', '--limit', '2')
  expect(first.people).toHaveLength(2)
  expect(await it.json('list', 'news', '--after', first.next)).toMatchObject({
    people: [{ name: 'Sara Karimi' }],
    total: 3,
  })
})

test('contact points are shown where that is asked for, and the ledger says by whom (R25)', async () => {
  const it = await withVault()
  const { sara } = await withPeople(it)
  const plain = await it.run('show', 'news', sara)
  expect(plain.out).toContain('Sara Karimi')
  expect(plain.out).not.toContain('900123')
  const shown = await it.run('show', 'news', sara, '--reveal', '--actor', 'staff:leila')
  expect(shown.out).toMatch(/phones +07700 900123/)
  expect(await it.json('ledger', '--type', 'reveal')).toMatchObject([
    { actor: 'staff:leila', contact: sara, purpose: 'news' },
  ])
})

test('past the limit of looking people up, the answer is a refusal that says when', async () => {
  const it = await withVault(policy => {
    policy.bulk.perActor = [{ people: 1, within: 'PT1H' }]
    return policy
  })
  const { sara, omid } = await withPeople(it)
  expect(await it.run('show', 'news', sara, '--reveal')).toMatchObject({ exit: 0 })
  const refused = await it.run('show', 'news', omid, '--reveal')
  expect(refused).toMatchObject({ exit: 3, out: '' })
  expect(refused.err).toContain('1 Mar 2026, 10:00 UTC')
})

test('people are found by name, phone and e-mail, however they are written', async () => {
  const it = await withVault()
  const { sara } = await withPeople(it)
  for (const by of [
    ['--text', 'sar'],
    ['--phone', '۰۷۷۰۰ ۹۰۰۱۲۳'],
    ['--email', 'SARA@example.org'],
  ]) {
    expect(await it.json('find', 'news', ...by)).toMatchObject([{ id: sara }])
  }
  expect((await it.run('find', 'news', '--text', 'zz')).out).toBe('Nobody.\n')
  expect(await it.run('find', 'news')).toMatchObject({ exit: 2 })
  const argv = ['identify', '--phone', '-', '--vault', it.path('vault'), '--key-file', it.path('key'), '--json']
  expect(JSON.parse((await it.raw(argv, { input: '07700900123\n' })).out)).toEqual([sara])
})

test('a consent is recorded with its document, and is evidenced', async () => {
  const it = await withVault()
  const { sara, omid } = await withPeople(it)
  const scan = it.file('scan.png', new Uint8Array(1000).fill(1))
  const receipt = await it.json(
    ...([
      'consent',
      sara,
      'chat',
      '--how',
      'paper',
      '--evidence',
      scan,
      '--evidence-kind',
      'scan',
      '--recipient',
      'members',
    ] as const),
    ...(['--at', '2026-02-20', '--until', '2026-08-01', '--notice', 'signup', '--language', 'en'] as const),
    ...(['--guardian', 'parent', '--guardian-until', '2026-12-01', '--field', 'name'] as const),
  )
  expect(receipt).toMatchObject({
    type: 'receipt',
    contact: sara,
    purpose: 'chat',
    event: 'given',
    assurance: 'evidenced',
    at: '2026-02-20T00:00:00.000Z',
    until: '2026-08-01T00:00:00.000Z',
    recipients: ['members'],
    fields: ['name'],
    notice: { id: 'signup' },
  })
  const text = await it.run('consent', omid, 'chat', '--how', 'verbal')
  expect(text.err).toBe('')
  expect(text.out).toContain('claimed')
  expect(await it.run('consent', sara, 'chat')).toMatchObject({ exit: 2 })
  expect(await it.run('consent', sara, 'chat', '--how', 'paper', '--at', '2026-02-31')).toMatchObject({ exit: 2 })
})

test('a withdrawal takes effect at once, and what only it held is forgotten (R18)', async () => {
  const it = await withVault()
  const { sara, omid } = await withPeople(it)
  const said = await it.run('withdraw', sara, 'news', '--how', 'sms')
  expect(said.exit).toBe(0)
  expect(said.out).toContain('news: withdrawn 1 Mar 2026')
  expect(await it.run('show', 'news', sara)).toMatchObject({ exit: 2 })
  expect(await it.json('withdraw', omid)).toMatchObject([{ purpose: 'news', event: 'withdrawn' }])
  expect(await it.json('list', 'news')).toMatchObject({ total: 1 })
})

test('a no is recorded like a yes', async () => {
  const it = await withVault()
  const { sara } = await withPeople(it)
  expect(await it.json('refuse', sara, 'chat', '--how', 'verbal')).toMatchObject({
    event: 'refused',
    purpose: 'chat',
    how: 'verbal',
  })
  const states = await it.json<{ purpose: string; state: string }[]>('consents', sara)
  expect(states.map(({ purpose, state }) => [purpose, state])).toEqual([
    ['news', 'given'],
    ['chat', 'refused'],
  ])
  expect((await it.run('consents', sara)).out).toMatch(/chat +refused/)
})

test('erasing says first what it does not reach', async () => {
  const it = await withVault()
  const { sara } = await withPeople(it)
  const { out } = await it.run('erase', sara)
  expect(out).toContain('Not reached:')
  expect(out).toContain('exported')
  expect(await it.json('erase', sara)).toMatchObject({ name: 'VaultError', code: 'UNKNOWN_CONTACT' })
})

interface Counted {
  readonly quarantined: number
  readonly reasons: Record<string, number>
}

test('somebody who is not here and does not want to be is kept out', async () => {
  const it = await withVault()
  expect(await it.run('suppress', '--phone', '07700 900123')).toMatchObject({ exit: 0 })
  const { quarantined, reasons } = await it.json<Counted>('import', it.file('b.csv', book()), '--source', 's')
  // Somebody else may be stopped with them, one in a hundred (R20).
  expect(reasons.SUPPRESSED).toBeGreaterThanOrEqual(1)
  expect(quarantined + (reasons.SUPPRESSED as number)).toBe(3)
  expect(await it.json('identify', '--phone', '07700 900123')).toEqual([])
})

test('a card is changed by a patch, and the revision guards against somebody else’s', async () => {
  const it = await withVault()
  const { sara } = await withPeople(it)
  const patch = it.file('patch.json', JSON.stringify({ emails: null, phones: { p1: { number: '07700 900199' } } }))
  expect(await it.json('change', sara, '--patch', patch, '--source', 'she called')).toMatchObject({ revision: 2 })
  expect((await it.run('show', 'news', sara, '--reveal')).out).toContain('07700 900199')
  expect(await it.run('change', sara, '--patch', patch, '--if-revision', '1')).toMatchObject({ exit: 3 })
  expect(await it.json('change', sara, '--patch', it.file('bad.json', '[1'))).toMatchObject({ code: 'NOT_JSON' })
  expect(await it.run('change', sara, '--patch', it.file('list.json', '[]'))).toMatchObject({ exit: 2 })
})

test('people in quarantine are seen one at a time, with the ground for asking them', async () => {
  const it = await withVault()
  await it.run('import', it.file('b.csv', book()), '--source', 'old phone', '--may-ask', 'in-person-or-post')
  const list = await it.run('quarantine')
  expect(list.out).toContain('Sara Karimi')
  expect(list.out).not.toContain('07700')
  const { people } = await it.json<{ people: { id: string; name: string }[] }>('quarantine', 'list')
  const sara = people.find(({ name }) => name === 'Sara Karimi')?.id ?? ''
  const shown = await it.run('quarantine', 'show', sara)
  expect(shown.out).toContain('07700 900123')
  expect(shown.out).toContain('in-person-or-post')
  expect(shown.out).toContain('old phone')
  expect(await it.run('quarantine', 'show', '0'.repeat(26))).toMatchObject({ exit: 2 })
})
