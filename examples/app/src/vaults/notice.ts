/**
 * What people are told before they say yes, in both languages and whatever language the app is in: made of the policy itself, so
 * that it can't say anything else than what the vault will do.
 */
import type { Controller, PurposeSpec, RecipientSpec } from '@amanat/vault'
import { LANGUAGES, type Language } from '../i18n/setup'
import { durationWords } from './duration'

/** Fields that a purpose may be given here. A policy may have others; those are named as they are. */
export const FIELDS = [
  'name',
  'phones',
  'emails',
  'addresses',
  'preferredLanguages',
  'organizations',
  'onlineServices',
  'anniversaries',
  'notes',
] as const

const FIELD_WORDS: Record<Language, Record<(typeof FIELDS)[number], string>> = {
  en: {
    name: 'your name',
    phones: 'your phone numbers',
    emails: 'your e-mail addresses',
    addresses: 'your postal address',
    preferredLanguages: 'the languages you like to be spoken to in',
    organizations: 'the organisation you belong to',
    onlineServices: 'your accounts in online services',
    anniversaries: 'your birthday',
    notes: 'notes about what you told us',
  },
  fa: {
    name: 'نام شما',
    phones: 'شماره‌های تلفن شما',
    emails: 'نشانی‌های ایمیل شما',
    addresses: 'نشانی پستی شما',
    preferredLanguages: 'زبان‌هایی که دوست دارید با شما به آن حرف بزنند',
    organizations: 'سازمانی که عضوش هستید',
    onlineServices: 'حساب‌های برخط شما',
    anniversaries: 'روز تولد شما',
    notes: 'یادداشت آنچه به ما گفته‌اید',
  },
}

const LIST: Record<Language, Intl.ListFormat> = {
  en: new Intl.ListFormat('en-GB', { type: 'conjunction' }),
  fa: new Intl.ListFormat('fa-IR', { type: 'conjunction' }),
}

export function noticeOf(controller: Controller, spec: PurposeSpec): { readonly [language in Language]: string } {
  const texts = LANGUAGES.map(language => [language, WRITE[language](controller, spec)] as const)
  return Object.fromEntries(texts) as { [language in Language]: string }
}

const WRITE: Record<Language, (controller: Controller, spec: PurposeSpec) => string> = {
  en: ({ name, contact, address, withdraw }, spec) =>
    [
      `${name} asks whether it may keep ${fieldsIn('en', spec)}.`,
      `What for: ${said('en', spec)}.`,
      `How long: ${durationWords('en', spec.keepFor)} from the day you agree; then it is forgotten.`,
      `Who receives it: ${recipientsIn('en', spec) || 'nobody else'}.`,
      `You may say no, and you may take a yes back at any time: ${withdraw}.`,
      `Questions and complaints: ${contact}, ${address}.`,
    ].join('\n'),
  fa: ({ name, contact, address, withdraw }, spec) =>
    [
      `«${name}» می‌پرسد آیا می‌تواند این‌ها را نگه دارد: ${fieldsIn('fa', spec)}.`,
      `برای چه: ${said('fa', spec)}.`,
      `تا کی: ${durationWords('fa', spec.keepFor)} از روزی که می‌پذیرید؛ بعد فراموش می‌شود.`,
      `به چه کسی داده می‌شود: ${recipientsIn('fa', spec) || 'به هیچ‌کس دیگر'}.`,
      `می‌توانید «نه» بگویید، و هر زمان «بله»ی خود را پس بگیرید: ${withdraw}.`,
      `پرسش و شکایت: ${contact}، ${address}.`,
    ].join('\n'),
}

const fieldsIn = (language: Language, { fields }: PurposeSpec) => {
  const words: { readonly [field: string]: string } = FIELD_WORDS[language]
  return LIST[language].format(fields.map(field => words[field] ?? field.replace(/^x:/, '')))
}

const said = (language: Language, { description }: PurposeSpec) => textIn(description, language).replace(/[.؟!]+$/, '')

function recipientsIn(language: Language, { recipients = {} }: PurposeSpec): string {
  return Object.values(recipients)
    .map(recipient => RECIPIENT[language](recipient))
    .join(language === 'fa' ? '؛ ' : '; ')
}

const RECIPIENT: Record<Language, (recipient: RecipientSpec) => string> = {
  en: ({ name, country, role, members }) =>
    `${name} (${countryName('en', country)}), ${role === 'processor' ? 'which works for us' : 'which decides by itself what to do with it'}${members === 'see-each-other' ? '; members there see each other’s details' : ''}`,
  fa: ({ name, country, role, members }) =>
    `${name} (${countryName('fa', country)})، که ${role === 'processor' ? 'برای ما کار می‌کند' : 'خودش دربارهٔ آن تصمیم می‌گیرد'}${members === 'see-each-other' ? '؛ اعضای آنجا مشخصات یکدیگر را می‌بینند' : ''}`,
}

export const countryName = (language: Language, country: string): string => {
  try {
    return new Intl.DisplayNames([language], { type: 'region' }).of(country) ?? country
  } catch {
    return country
  }
}

/** One of the texts of a policy in this language, else in English, else whichever there is. */
export function textIn(text: PurposeSpec['description'], language: string): string {
  if (typeof text === 'string') return text
  return text[language] || text['en'] || Object.values(text)[0] || ''
}
