/** What the compiler must refuse, and why. Checked by `tsc`; nothing here runs. */

import { isVaultError, VaultError } from '../../src/errors'
import { definePolicy, definePurposes } from '../../src/policy/define'
import type { FieldsOf, NoticeOf, Policy, PurposeOf, RecipientOf, SharedFields } from '../../src/policy/policy'
import type { riverside } from '../riverside'

type Riverside = typeof riverside
const accept = <T>(_value: T): void => undefined

// Purposes are known by name.
accept<PurposeOf<Riverside>>('prayer-times')
// @ts-expect-error: no purpose of this policy
accept<PurposeOf<Riverside>>('newsletter')

// A door shows the fields of its purpose.
accept<SharedFields<Riverside, 'prayer-times'>>('phones')
// @ts-expect-error: a field outside the purpose
accept<SharedFields<Riverside, 'prayer-times'>>('emails')
// @ts-expect-error: a field of JSContact that no purpose declares
accept<FieldsOf<Riverside, PurposeOf<Riverside>>>('notes')

// A door for one of several purposes, it isn't known which, shows only what they share.
accept<SharedFields<Riverside, 'prayer-times' | 'group-chat'>>('name')
accept<SharedFields<Riverside, 'prayer-times' | 'group-chat'>>('phones')
// @ts-expect-error: only group-chat has emails
accept<SharedFields<Riverside, 'prayer-times' | 'group-chat'>>('emails')
// @ts-expect-error: only counselling has custom fields
accept<SharedFields<Riverside, PurposeOf<Riverside>>>('x:diet')

// An export goes to a recipient of its own purpose.
accept<RecipientOf<Riverside, 'prayer-times'>>('sms-gateway')
// @ts-expect-error: a recipient of another purpose
accept<RecipientOf<Riverside, 'prayer-times'>>('community-chat')
accept<RecipientOf<Riverside, 'counselling'>>('self')
// @ts-expect-error: this purpose doesn't declare self
accept<RecipientOf<Riverside, 'prayer-times'>>('self')

// Notices too.
accept<NoticeOf<Riverside>>('signup')
// @ts-expect-error: no such notice
accept<NoticeOf<Riverside>>('terms')

// A policy read at run time falls back to strings: the rules check them then.
accept<PurposeOf<Policy>>('anything')
accept<SharedFields<Policy, string>>('anything')
accept<RecipientOf<Policy, string>>('anything')
accept<NoticeOf<Policy>>('anything')

// Purposes written in another file keep their literals.
const purposes = definePurposes({ news: { description: 'News', fields: ['emails'], keepFor: 'P1Y' } })
const split = definePolicy({ controller: {} as Policy['controller'], bulk: {} as Policy['bulk'], purposes })
accept<SharedFields<typeof split, 'news'>>('emails')
// @ts-expect-error: not a field of this purpose
accept<SharedFields<typeof split, 'news'>>('phones')

// The code of an error says what its data is.
function resets(error: unknown): string | undefined {
  if (!isVaultError(error)) return undefined
  if (error.code === 'BULK_READ_REFUSED') return error.data.resets
  // @ts-expect-error: an export that is refused doesn't reset
  if (error.code === 'EXPORT_REFUSED') return error.data.resets
  return undefined
}
accept(resets)
// @ts-expect-error: an export is refused for reasons
accept(new VaultError('EXPORT_REFUSED'))
// @ts-expect-error: no such code
accept(new VaultError('OOPS'))
