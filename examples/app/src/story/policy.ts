/** What the invented centre may hold people for. In the reader's language where a policy has one text only. */
import { definePolicy, type Policy } from '@amanat/vault'
import type { Language } from '../i18n/setup'

const NAMES = {
  en: {
    centre: 'Riverside Cultural Centre',
    address: '1 Fiction Row, London E1 1AA',
    withdraw: 'Reply STOP, or write to privacy@riverside.example',
    sms: 'Pigeon SMS',
    chat: 'The community chat',
  },
  fa: {
    centre: 'کانون فرهنگی رودکنار',
    address: 'لندن، کوچهٔ خیال، شمارهٔ ۱',
    withdraw: 'در پاسخ پیامک بنویسید STOP یا به privacy@riverside.example بنویسید',
    sms: 'پیامک کبوتر',
    chat: 'گروه گفت‌وگوی محله',
  },
} as const satisfies Record<Language, object>

/** @param ageKeys whom files are sealed to: `age1…` */
export function storyPolicy(language: Language, ageKeys: { readonly sms: string; readonly chat: string }): Policy {
  const names = NAMES[language]
  return definePolicy({
    controller: {
      name: names.centre,
      contact: 'privacy@riverside.example',
      address: names.address,
      jurisdiction: 'GB',
      withdraw: names.withdraw,
    },
    region: 'GB',
    notices: {
      'sign-up': {
        version: '1',
        text: {
          en: 'We will text you prayer times during Ramadan, for 90 days. Our SMS provider gets your number for that.',
          fa: 'اوقات شرعی ماه رمضان را تا ۹۰ روز برایتان پیامک می‌کنیم. شماره‌تان برای همین به شرکت پیامکی ما داده می‌شود.',
        },
      },
      chat: {
        version: '1',
        text: {
          en: 'We will add you to the community chat, for a year. Every member of it sees your name and your number.',
          fa: 'شما را تا یک سال به گروه گفت‌وگوی محله می‌افزاییم. هر عضو گروه نام و شماره‌تان را می‌بیند.',
        },
      },
    },
    purposes: {
      'prayer-times': {
        description: { en: 'Text you prayer times during Ramadan', fa: 'فرستادن اوقات شرعی ماه رمضان با پیامک' },
        fields: ['name', 'phones'],
        keepFor: 'P90D',
        recipients: {
          'sms-provider': {
            name: names.sms,
            role: 'processor',
            country: 'GB',
            members: 'kept-apart',
            ageKeys: [ageKeys.sms],
          },
        },
      },
      'group-chat': {
        description: {
          en: 'Add you to the community chat, where every member sees your number',
          fa: 'افزودن شما به گروه گفت‌وگوی محله، که در آن هر عضوی شماره‌تان را می‌بیند',
        },
        fields: ['name', 'phones'],
        keepFor: 'P1Y',
        recipients: {
          'community-chat': {
            name: names.chat,
            role: 'controller',
            country: 'US',
            members: 'see-each-other',
            ageKeys: [ageKeys.chat],
          },
        },
      },
    },
    bulk: { perActor: [{ people: 12, within: 'PT1H' }], vault: [{ share: 0.1, within: 'P30D' }] },
    quarantine: { keepFor: 'P30D' },
  })
}
