// @ts-check
// The policy of an invented cultural centre: what it may hold people for, how long, and who may be given what. It is
// written before anybody is in the vault, and it is stored in the vault: code that disagrees with it can't open it.
import { definePolicy } from '@amanat/vault'

/** @typedef {ReturnType<typeof centrePolicy>} CentrePolicy */

/** @param {{ smsGateway: string, communityChat: string }} ageKeys whom exports are sealed to: `age1…` */
export const centrePolicy = ({ smsGateway, communityChat }) =>
  definePolicy({
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
          en: 'We will text you prayer times during Ramadan, for 90 days. Our SMS provider gets your number for that.',
          fa: 'اوقات شرعی ماه رمضان را تا ۹۰ روز برایتان پیامک می‌کنیم. شماره‌تان برای همین به شرکت پیامکی ما داده می‌شود.',
        },
      },
    },
    purposes: {
      'prayer-times': {
        description: { en: 'Text you prayer times during Ramadan', fa: 'فرستادن اوقات شرعی با پیامک' },
        fields: ['name', 'phones'],
        keepFor: 'P90D',
        recipients: {
          'sms-gateway': {
            name: 'Pigeon SMS',
            role: 'processor',
            country: 'GB',
            members: 'kept-apart',
            ageKeys: [smsGateway],
          },
        },
      },
      'group-chat': {
        description: 'Add you to the community chat, where every member sees your number',
        fields: ['name', 'phones'],
        keepFor: 'P1Y',
        recipients: {
          'community-chat': {
            name: 'Community chat',
            role: 'controller',
            country: 'US',
            members: 'see-each-other',
            ageKeys: [communityChat],
          },
        },
      },
    },
    bulk: { perActor: [{ people: 12, within: 'PT1H' }], vault: [{ share: 0.1, within: 'P30D' }] },
    quarantine: { keepFor: 'P30D' },
  })
