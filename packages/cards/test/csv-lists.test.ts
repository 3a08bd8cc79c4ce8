// What programs that write to many people, and those that keep customers, say in their exports: who a row is, by which key,
// and what it says of a consent, which is never more than it proves. The headers are facts about those programs.
import { describe, expect, test } from 'vitest'
import { read } from './sheet'

describe('lists of those who write to many', () => {
  const MAILCHIMP =
    'Email Address,First Name,Last Name,Address,Phone Number,Birthday,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,LATITUDE,LONGITUDE,GMTOFF,DSTOFF,TIMEZONE,CC,REGION,LAST_CHANGED,LEID,EUID,NOTES,TAGS'

  test.each([
    [
      'who confirmed',
      '"2026-02-01 10:00:00",192.0.2.7,"2026-02-01 10:05:00",192.0.2.7',
      { status: 'given', at: '2026-02-01T10:05:00Z', ip: '192.0.2.7', confirmed: true },
    ],
    [
      'who signed up',
      '"2026-02-01 10:00:00",192.0.2.7,,',
      { status: 'given', at: '2026-02-01T10:00:00Z', ip: '192.0.2.7' },
    ],
    [
      'whom somebody added: a date alone is no consent',
      '"2026-02-01 10:00:00",,,',
      { status: 'unknown', at: '2026-02-01T10:00:00Z' },
    ],
    ['of whom nothing is said (R10)', ',,,', { status: 'unknown' }],
  ])('Mailchimp: somebody %s', async (_, cells, consent) => {
    const row = `sara@example.org,Sara,Karimi,,07700 900123,12/25,2,${cells},,,,,,GB,ENG,2026-02-02,123,abc1,,"""choir"",""garden"""`
    const { item, columns } = await read(MAILCHIMP, row)
    expect(columns?.program).toBe('mailchimp')
    expect(item).toMatchObject({
      ref: 'mailchimp:abc1',
      consents: [consent],
      card: { keywords: { choir: true, garden: true }, anniversaries: { a1: { date: { month: 12, day: 25 } } } },
    })
    expect(item.consents).toEqual([consent])
    expect(item.card.addresses).toBeUndefined()
  })

  test('Mailchimp: somebody who left', async () => {
    const { item } = await read(
      `${MAILCHIMP},UNSUB_TIME`,
      `sara@example.org,Sara,,,,,2,"2026-02-01 10:00:00",192.0.2.7,,,,,,,,,,,1,abc1,,,"2026-02-05 10:00:00"`,
    )
    expect(item.consents).toEqual([{ status: 'refused', at: '2026-02-05T10:00:00Z', ip: '192.0.2.7' }])
  })

  test.each([
    [
      'brevo',
      'CONTACT ID,EMAIL,FIRSTNAME,LASTNAME,SMS,DOUBLE_OPT-IN,ADDED_TIME',
      '7,sara@example.org,Sara,Karimi,447700900123,1,03-02-2026 10:00:00',
      'brevo:7',
      'unknown',
    ],
    [
      'brevo',
      'EMAIL;PRENOM;NOM;SMS;EMAIL_BLOCKLISTED',
      'sara@example.org;Sara;Karimi;447700900123;TRUE',
      undefined,
      'refused',
    ],
    [
      'hubspot',
      'Record ID,First Name,Last Name,Email,Phone Number,Mobile Phone Number,Company Name,Job Title,Street Address,City,Unsubscribed from all email',
      '51,Sara,Karimi,sara@example.org,,07700 900123,Quay,Baker,1 Quay Street,Riverside,true',
      'hubspot:51',
      'refused',
    ],
    [
      'hubspot',
      "Record ID,First Name,Last Name,Email,Opted out of email: Marketing Information,Legal basis for processing contact's data",
      '51,Sara,Karimi,sara@example.org,,Freely given consent from contact',
      'hubspot:51',
      'unknown',
    ],
    [
      'salesforce',
      'Id,Salutation,FirstName,LastName,Title,MailingStreet,MailingCity,MobilePhone,Email,HasOptedOutOfEmail,DoNotCall',
      '003A,Mrs,Sara,Karimi,Baker,1 Quay Street,Riverside,07700 900123,sara@example.org,false,0',
      'salesforce:003A',
      'unknown',
    ],
    [
      'salesforce',
      'Contact ID,First Name,Last Name,Account Name,Mailing Street,Mailing City,Email,Email Opt Out',
      '003A,Sara,Karimi,Quay,1 Quay Street,Riverside,sara@example.org,1',
      'salesforce:003A',
      'refused',
    ],
    [
      'civicrm',
      'Contact ID,Contact Type,Sort Name,Display Name,Do Not Email,Do Not Phone,No Bulk Emails (User Opt Out),First Name,Last Name,Street Address,Supplemental Address 1,City,Email,Phone',
      '9,Individual,"Karimi, Sara",Sara Karimi,No,,No,Sara,Karimi,1 Quay Street,Floor 2,Riverside,sara@example.org,07700 900123',
      'civicrm:9',
      'unknown',
    ],
    [
      'civicrm',
      'Contact ID,Contact Type,Sort Name,Display Name,Do Not Email,Do Not Phone,First Name,Last Name,Home-Street Address,Home-City,Home-Email,Home-Phone-Mobile',
      '9,Individual,"Karimi, Sara",Sara Karimi,Yes,,Sara,Karimi,1 Quay Street,Riverside,sara@example.org,07700 900123',
      'civicrm:9',
      'refused',
    ],
  ])('%s: %s', async (program, header, row, ref, status) => {
    const { item, columns } = await read(header, row)
    expect(columns?.program).toBe(program)
    expect(item.ref).toBe(ref)
    expect(item.consents).toMatchObject([{ status }])
    expect(item.card.emails?.e1?.address).toBe('sara@example.org')
    expect(JSON.stringify(item.card.name)).toContain('Sara')
    const street = header.match(/street/i) ? item.card.addresses?.h1?.components?.[0]?.value : undefined
    if (street !== undefined) expect(street.split('\n')[0]).toBe('1 Quay Street')
    if (header.includes('Supplemental')) expect(street).toBe('1 Quay Street\nFloor 2')
  })

  test('columns of consents that the caller names say which purpose; the words decide, and no date is no claim', async () => {
    const columns = { Agreed: 'consent-status:news', On: 'consent-at:news', Where: 'consent-source:news' } as const
    const said = async (agreed: string, on: string) =>
      (await read('Name,Agreed,On,Where', `Sara,${agreed},${on},stall`, { columns })).item.consents
    const base = { purpose: 'news', source: 'stall' }
    expect(await said('yes', '2026-02-01')).toEqual([{ ...base, status: 'given', at: '2026-02-01T00:00:00Z' }])
    expect(await said('بله', '۲۰۲۶/۰۲/۰۱')).toEqual([{ ...base, status: 'given', at: '2026-02-01T00:00:00Z' }])
    expect(await said('yes', '')).toEqual([{ ...base, status: 'unknown' }])
    expect(await said('', '2026-02-01')).toEqual([{ ...base, status: 'unknown', at: '2026-02-01T00:00:00Z' }])
    expect(await said('maybe', '2026-02-01')).toMatchObject([{ status: 'unknown' }])
    expect(await said('false', '2026-02-01')).toMatchObject([{ status: 'unknown' }])
    expect(await said('yes', '03/05/2026')).toMatchObject([{ status: 'unknown' }])
    expect(await said('Unsubscribed', '2026-02-01')).toMatchObject([{ status: 'refused' }])
  })
})

test.each([
  ['en_GB', 'en-GB'],
  ['fa_IR.UTF-8', 'fa-IR'],
  ['pt-br', 'pt-BR'],
  ['German', 'de'],
  ['Englisch', 'en'],
  ['آلمانی', 'de'],
  ['English (United Kingdom)', 'en-GB'],
  ['Klingonese', undefined],
])('a language is written as a tag: %s', async (cell, language) => {
  const header = 'Contact ID,Contact Type,Do Not Email,Do Not Phone,Display Name,Preferred Language'
  const { item } = await read(header, `202,Individual,No,No,Sara Ahmadi,${cell}`)
  expect(item.card.preferredLanguages).toEqual(language && { g1: { language } })
  // What is no language has no place, and is told.
  expect(item.doubts).toEqual(language ? undefined : [{ code: 'LANGUAGE_UNKNOWN', column: 6 }])
})

describe('dates that may be two', () => {
  test('Mailchimp: another birthday of the list shows which comes first', async () => {
    const header = 'Email Address,First Name,Birthday,MEMBER_RATING'
    const { items } = await read(header, 'a@example.org,Sara,03/05,2\r\nb@example.org,Omid,12/25,2')
    expect(items.map(({ card }) => card.anniversaries?.a1?.date)).toEqual([
      { month: 3, day: 5 },
      { month: 12, day: 25 },
    ])
  })

  test('in a sheet of nobody’s making each column shows its own, and a date that nothing settles is told', async () => {
    const header = 'Name,Birthday,Anniversary'
    const { items } = await read(header, 'Sara,03/05/1990,4/6/2010\r\nOmid,25/12/1990,')
    expect(items[0]?.card.anniversaries).toEqual({ a1: { kind: 'birth', date: { year: 1990, month: 5, day: 3 } } })
    expect(items[0]?.doubts).toEqual([{ code: 'DATE_UNREADABLE', column: 3 }])
  })

  test('a date of a consent that nobody can read is told, since it makes a yes unknown (R10)', async () => {
    const columns = { Agreed: 'consent-status:news', On: 'consent-at:news', Left: 'consent-no-at:news' } as const
    const rows = ['yes,03/05/2026,', 'yes,soon,', 'yes,2026-02-25,', 'yes,,', 'no,,03/05/2026', 'yes,0/0/00,']
    const { items } = await read('Name,Agreed,On,Left', rows.map((row, i) => `P${i},${row}`).join('\r\n'), { columns })
    const at = (column: number) => [{ code: 'DATE_UNREADABLE', column }]
    expect(items.map(({ doubts }) => doubts)).toEqual([at(3), at(3), undefined, undefined, at(4), undefined])
    expect(items.map(({ consents }) => consents?.[0]?.status)).toEqual([
      ...['unknown', 'unknown', 'given', 'unknown', 'refused', 'unknown'],
    ])
  })

  test('a consent is never settled by what another row says (R8)', async () => {
    const columns = { Agreed: 'consent-status:news', On: 'consent-at:news' } as const
    const { items } = await read('Name,Agreed,On', 'Sara,yes,03/05/2026\r\nOmid,yes,25/02/2026', { columns })
    expect(items.map(({ consents }) => consents?.[0]?.status)).toEqual(['unknown', 'given'])
  })

  test.each([
    ['25. Dezember 1990', { year: 1990, month: 12, day: 25 }],
    ['25 décembre 1990', { year: 1990, month: 12, day: 25 }],
    ['1er août 1990', { year: 1990, month: 8, day: 1 }],
    ['۱۴ اسفند ۱۳۶۹', { year: 1369, month: 12, day: 14, calendarScale: 'persian' }],
    ['March 5, 1990', { year: 1990, month: 3, day: 5 }],
    ['5-Mar-1990', { year: 1990, month: 3, day: 5 }],
  ])('a month that is named is sure: %s', async (cell, date) => {
    const { item } = await read('Name,Birthday', `Sara,"${cell}"`)
    expect(item.card.anniversaries?.a1?.date).toEqual(date)
  })
})
