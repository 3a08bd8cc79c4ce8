/** An invented cultural centre and the people of its vault: Ofcom keeps these numbers for fiction. */
import type { Policy } from '@amanat/vault'
import type { SeedContact } from './seed'

export const POLICY: Policy = {
  controller: {
    name: 'Riverside Cultural Centre',
    contact: 'privacy@riverside.example',
    address: '1 Fiction Row, London E1 1AA',
    jurisdiction: 'GB',
    withdraw: 'Reply STOP, or write to privacy@riverside.example',
  },
  region: 'GB',
  notices: {
    'sign-up': {
      version: '1',
      text: {
        en: 'We will text you prayer times during Ramadan, for 90 days.',
        fa: 'اوقات شرعی ماه رمضان را تا ۹۰ روز برایتان پیامک می‌کنیم.',
      },
    },
  },
  custom: { 'x:diet': 'text' },
  purposes: {
    'prayer-times': {
      description: { en: 'Text you prayer times during Ramadan', fa: 'فرستادن اوقات شرعی ماه رمضان با پیامک' },
      fields: ['name', 'phones'],
      keepFor: 'P90D',
      recipients: {
        'sms-gateway': { name: 'Pigeon SMS', role: 'processor', country: 'GB', members: 'kept-apart' },
      },
    },
    newsletter: {
      description: { en: 'Send you our newsletter by e-mail', fa: 'فرستادن خبرنامه با ایمیل' },
      fields: ['name', 'emails', 'anniversaries', 'notes', 'x:diet'],
      keepFor: 'P1Y',
    },
    'group-chat': {
      description: { en: 'Add you to the community chat', fa: 'افزودن شما به گروه گفت‌وگو' },
      fields: ['name', 'phones'],
      keepFor: 'P1Y',
    },
  },
  bulk: { perActor: [{ people: 12, within: 'PT1H' }], vault: [{ share: 0.1, within: 'P30D' }] },
  quarantine: { keepFor: 'P30D' },
}

const GIVEN = [
  'Sara',
  'Omid',
  'Mina',
  'Yusuf',
  'Zoe',
  'Amir',
  'Leila',
  'Nora',
  'Tom',
  'Grace',
  'سارا',
  'گلناز',
  'پرویز',
]
const SURNAMES = ['Karimi', 'Clarke', 'Okafor', 'Novak', 'Patel', 'Rahimi', 'Moradi', 'کریمی', 'حسینی', 'اکبرزاده']

export const phone = (n: number): string => `+44 7700 900${String(n % 1000).padStart(3, '0')}`

/** So many people of the prayer times, every fourth in the newsletter as well. */
export const crowd = (count: number): SeedContact[] =>
  Array.from({ length: count }, (_, n) => ({
    given: GIVEN[n % GIVEN.length] as string,
    surname: `${SURNAMES[Math.floor(n / GIVEN.length) % SURNAMES.length]}${n >= 130 ? ` ${Math.floor(n / 130)}` : ''}`,
    phone: phone(n),
    email: `person${n}@example.org`,
    consents: [
      { purpose: 'prayer-times', recipients: ['sms-gateway'], isProved: n % 5 !== 0 },
      ...(n % 4 === 0 ? [{ purpose: 'newsletter', isProved: true }] : []),
    ],
  }))
