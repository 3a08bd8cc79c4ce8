/**
 * Policies to begin with. Each names what such a place usually needs and no recipients: those have keys, and are added
 * with `amanat policy change`. The texts are plain on purpose: they are what people are told.
 */
import { type Controller, type Policy, parsePolicy } from '@amanat/vault'

export const TEMPLATES = ['community', 'advice', 'union'] as const
export type Template = (typeof TEMPLATES)[number]

export const ABOUT: { readonly [template in Template]: string } = {
  community: 'a community or cultural centre: news and events, each for a while',
  advice: 'an advice service: calling people back, where having asked is itself confidential',
  union: 'a union or party: membership itself is the secret',
}

export function policyFrom(template: Template, controller: Controller): Policy {
  const { name, contact, withdraw } = controller
  const notice = (what: string) => ({
    version: '1',
    text: { en: `${name} would like to keep your details to ${what}. ${withdraw}. Questions: ${contact}.` },
  })
  const common = {
    controller,
    region: controller.jurisdiction,
    bulk: {
      perActor: [
        { people: 40, within: 'PT1H' },
        { people: 200, within: 'P30D' },
      ],
      vault: [
        { people: 400, within: 'PT1H' },
        { share: 0.1, within: 'P30D' },
      ],
    },
  }
  const policies: { readonly [name in Template]: Policy } = {
    community: {
      ...common,
      notices: {
        news: notice('send you news for a year'),
        events: notice('tell you about the events you signed up for'),
      },
      purposes: {
        news: { description: { en: 'Send you our news' }, fields: ['name', 'emails'], keepFor: 'P1Y' },
        events: {
          description: { en: 'Tell you about events you signed up for' },
          fields: ['name', 'phones', 'emails'],
          keepFor: 'P90D',
        },
      },
    },
    advice: {
      ...common,
      special: true,
      notices: { 'call-back': notice('call you back about what you asked us') },
      purposes: {
        'call-back': {
          description: { en: 'Call you back about what you asked us' },
          fields: ['name', 'phones', 'emails', 'preferredLanguages', 'notes'],
          keepFor: 'P180D',
        },
      },
    },
    union: {
      ...common,
      special: true,
      notices: {
        membership: notice('keep you as a member'),
        campaigns: notice('tell you about campaigns'),
      },
      purposes: {
        membership: {
          description: { en: 'Keep you as a member, and reach you about it' },
          fields: ['name', 'phones', 'emails', 'addresses'],
          keepFor: 'P1Y',
        },
        campaigns: { description: { en: 'Tell you about campaigns' }, fields: ['name', 'emails'], keepFor: 'P180D' },
      },
    },
  }
  return parsePolicy(policies[template])
}
