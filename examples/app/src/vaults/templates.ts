/**
 * Policies to begin with: what such a group usually needs, and no more. Descriptions and names are what people will read, in both
 * languages; controllers and keys are the group's own, and come from the form.
 */
import type { Policy, PurposeSpec, RecipientSpec } from '@amanat/vault'
import type { Language } from '../i18n/setup'

export const TEMPLATES = ['community', 'advice', 'union', 'own'] as const
export type Template = (typeof TEMPLATES)[number]

type Frame = Pick<Policy, 'purposes' | 'bulk' | 'quarantine'> & { readonly special?: boolean }

/** What a volunteer needs in a busy hour, and what stops somebody who takes one name at a time. */
const BULK: Policy['bulk'] = {
  perActor: [
    { people: 20, within: 'PT1H' },
    { people: 100, within: 'P30D' },
  ],
  vault: [
    { people: 60, within: 'PT1H' },
    { share: 0.1, within: 'P30D' },
  ],
  missesPerHour: 200,
}
const QUARANTINE: Policy['quarantine'] = { keepFor: 'P14D', perActor: [{ people: 20, within: 'P1D' }] }

/** Works for the group, and shows nobody to anybody. */
const helper = (name: string, country: string): RecipientSpec => ({
  name,
  role: 'processor',
  country,
  members: 'kept-apart',
  destroyAfter: 'P7D',
})

/** A recipient has one name, for everybody: in the language of whoever makes the vault. */
type InWords = (words: Record<Language, string>) => string

const FRAMES: Record<Template, (country: string, say: InWords) => Frame> = {
  community: (country, say) => ({
    bulk: BULK,
    quarantine: QUARANTINE,
    purposes: {
      events: {
        description: { en: 'Tell you about our gatherings by text message', fa: 'خبر دادن از گردهمایی‌هایمان با پیامک' },
        fields: ['name', 'phones'],
        keepFor: 'P90D',
        recipients: { 'text-service': helper(say({ en: 'Text message service', fa: 'سرویس پیامک' }), country) },
      },
      newsletter: {
        description: {
          en: 'Send you our newsletter by e-mail once a month',
          fa: 'فرستادن خبرنامه‌مان با ایمیل، ماهی یک بار',
        },
        fields: ['name', 'emails'],
        keepFor: 'P1Y',
        recipients: { 'mail-service': helper(say({ en: 'Newsletter service', fa: 'سرویس خبرنامه' }), country) },
      },
      'group-chat': {
        description: {
          en: 'Add you to the chat group, where members see each other’s numbers',
          fa: 'افزودن شما به گروه گفت‌وگو، که اعضا شمارهٔ یکدیگر را می‌بینند',
        },
        fields: ['name', 'phones'],
        keepFor: 'P1Y',
        recipients: {
          'chat-group': {
            name: say({ en: 'The chat group', fa: 'گروه گفت‌وگو' }),
            role: 'controller',
            country,
            members: 'see-each-other',
          },
        },
      },
    },
  }),
  advice: (country, say) => ({
    special: true,
    bulk: {
      ...BULK,
      perActor: [
        { people: 15, within: 'PT1H' },
        { people: 80, within: 'P30D' },
      ],
    },
    quarantine: QUARANTINE,
    purposes: {
      'call-back': {
        description: { en: 'Call you back about what you asked us', fa: 'تماس دوباره دربارهٔ آنچه پرسیده‌اید' },
        fields: ['name', 'phones', 'preferredLanguages', 'notes'],
        keepFor: 'P90D',
      },
      referral: {
        description: {
          en: 'Pass your case on to a solicitor who can help you',
          fa: 'سپردن پروندهٔ شما به وکیلی که می‌تواند کمک کند',
        },
        fields: ['name', 'phones', 'emails', 'notes'],
        keepFor: 'P6M',
        recipients: {
          solicitor: {
            name: say({ en: 'Partner solicitors', fa: 'وکیلان همکار' }),
            role: 'controller',
            country,
            members: 'kept-apart',
            destroyAfter: 'P6M',
          },
        },
      },
    },
  }),
  union: (country, say) => ({
    special: true,
    bulk: BULK,
    quarantine: QUARANTINE,
    purposes: {
      membership: {
        description: { en: 'Keep you as a member, and reach you about it', fa: 'نگه داشتن عضویت شما و تماس دربارهٔ آن' },
        fields: ['name', 'phones', 'emails', 'addresses'],
        keepFor: 'P1Y',
        recipients: {
          'head-office': helper(say({ en: 'The union’s head office', fa: 'دفتر مرکزی اتحادیه' }), country),
        },
      },
      campaigns: {
        description: { en: 'Tell you about campaigns and ballots', fa: 'خبر دادن از کارزارها و رأی‌گیری‌ها' },
        fields: ['name', 'emails'],
        keepFor: 'P6M',
      },
      'strike-line': {
        description: { en: 'Ring you on the day of an action', fa: 'تماس تلفنی در روز اعتراض' },
        fields: ['name', 'phones'],
        keepFor: 'P30D',
      },
    },
  }),
  own: () => ({ bulk: BULK, quarantine: QUARANTINE, purposes: {} }),
}

export const EMPTY_PURPOSE: PurposeSpec = { description: {}, fields: ['name'], keepFor: 'P90D' }

/** A template for a group in this country, with nothing said yet of the group itself. */
export function frameOf(template: Template, country: string, language: Language): Policy {
  return {
    controller: { name: '', contact: '', address: '', jurisdiction: country, withdraw: '' },
    region: country,
    ...FRAMES[template](country, words => words[language]),
  }
}
