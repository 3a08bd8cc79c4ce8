// How somebody is reached: TEL, and the services that had a property of their own before IMPP and SOCIALPROFILE.
// RFC 9555, sections 2.7.2, 2.7.5 and 2.7.6.
import { about, type Draft, isUri, type Labelled, textOf, typesOf, uriOf } from './draft'
import { plainNumber } from './plain-number'

// TEL's TYPE to features: RFC 9555, section 2.7.6.
const FEATURES = new Map([
  ['cell', 'mobile'],
  ['voice', 'voice'],
  ['text', 'text'],
  ['video', 'video'],
  ['fax', 'fax'],
  ['pager', 'pager'],
  ['textphone', 'textphone'],
  ['main-number', 'main-number'],
])
// Services that had a property of their own before IMPP.
export const OLD_SERVICES = new Map([
  ['x-aim', 'AIM'],
  ['x-icq', 'ICQ'],
  ['x-jabber', 'Jabber'],
  ['x-msn', 'MSN'],
  ['x-skype', 'Skype'],
  ['x-skype-username', 'Skype'],
  ['x-yahoo', 'Yahoo'],
  ['x-google-talk', 'Google Talk'],
  ['x-qq', 'QQ'],
  ['x-gtalk', 'Google Talk'],
  ['x-gadugadu', 'Gadu-Gadu'],
  ['x-groupwise', 'GroupWise'],
  ['x-sip', 'SIP'],
  ['x-twitter', 'Twitter'],
  ['x-facebook', 'Facebook'],
  ['x-instagram', 'Instagram'],
  ['x-linkedin', 'LinkedIn'],
  ['x-mastodon', 'Mastodon'],
  ['x-matrix', 'Matrix'],
  ['x-signal', 'Signal'],
  ['x-telegram', 'Telegram'],
  ['x-whatsapp', 'WhatsApp'],
  ['x-ms-imaddress', ''],
  ['x-kaddressbook-x-imaddress', ''],
])

export function phone(found: Labelled, draft: Draft): boolean {
  const written = textOf(found.property).trim()
  if (written === '') return true
  // As we write the URI of a number to 3.0, which knows none.
  const uri = found.property.params.get('x-uri')?.[0]
  const own = uri !== undefined && /^tel:/i.test(uri) && plainNumber(uri) === written
  const number = own ? uri : written
  const features = Object.fromEntries(
    typesOf(found).flatMap(type => (FEATURES.has(type) ? [[FEATURES.get(type) as string, true]] : [])),
  )
  draft.add('phones', 'p', found.property, {
    number,
    ...(Object.keys(features).length > 0 ? { features } : {}),
    ...about(found, { types: FEATURES.keys(), params: own ? ['x-uri'] : [] }),
  })
  return true
}

export function service(found: Labelled, draft: Draft): boolean {
  const { property } = found
  const value = uriOf(property)
  const old = OLD_SERVICES.get(property.name)
  // X-SOCIALPROFILE;TYPE=twitter:… of phones; SERVICE-TYPE of RFC 9554, section 4.9.
  const stated = property.params.get('service-type')?.[0] ?? property.params.get('x-service-type')?.[0]
  const types = typesOf(found).filter(
    type => !['home', 'work', 'pref', 'internet', 'billing', 'delivery'].includes(type),
  )
  const named = property.name === 'x-socialprofile' && stated === undefined ? types[0] : undefined
  const name = (old || undefined) ?? stated ?? named
  const user = property.params.get('username')?.[0] ?? property.params.get('x-user')?.[0]
  const uri = isUri(value) && property.type !== 'text' && old === undefined ? value : undefined
  const other = uri === undefined && value !== '' ? value : undefined
  if (uri === undefined && other === undefined && user === undefined) return true
  draft.add('onlineServices', 's', property, {
    ...(name === undefined ? {} : { service: name }),
    ...(uri === undefined ? {} : { uri }),
    ...((user ?? other) === undefined ? {} : { user: user ?? other }),
    // X-SOCIALPROFILE is what the same is called before 4.0.
    ...(/^(?:x-)?socialprofile$/.test(property.name) ? {} : { vCardName: property.name }),
    ...about(found, {
      params: ['service-type', 'x-service-type', 'username', 'x-user'],
      types: named === undefined ? [] : [named],
    }),
  })
  return true
}
