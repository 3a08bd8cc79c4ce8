/** The vault's codes in words for a terminal: reasons without blame, and what can be done, as commands. */
import type { AnyVaultError, Guarantees, Reason, Via } from '@amanat/vault'
import { counts, date, people } from './output'

const REASONS: { readonly [reason in Reason]: string } = {
  'no-consent': 'nothing is recorded for this purpose',
  'not-given': 'were asked and have not answered yet',
  refused: 'said no',
  withdrawn: 'took their consent back',
  expired: 'agreed, and the time they agreed to is over',
  'recipient-not-agreed': 'agreed to the purpose, not to this recipient',
  'field-not-agreed': 'agreed to the purpose, not to these fields',
  'assurance-too-low': 'agreed, and it is not proved well enough for an export',
  quarantined: 'are waiting to be asked',
}

const TO_DO: { readonly [reason in Reason]?: string } = {
  'no-consent': 'Ask those of whom nothing is recorded.',
  'not-given': 'Wait for those who were asked.',
  expired: 'Ask those whose time is over again; see `amanat expiring` to be earlier next time.',
  'recipient-not-agreed': 'Ask whether they agree to this recipient too.',
  'field-not-agreed': 'Ask whether they agree to these fields too, or export fewer.',
  'assurance-too-low': 'Add what proves it: `amanat consent <id> <purpose> --evidence FILE`.',
  quarantined: 'Ask those in quarantine; see `amanat quarantine`.',
}

/** One line for each reason, with how many people. */
export function reasonLines(reasons: { readonly [reason: string]: number | undefined }): string {
  return counts(
    Object.entries(reasons).flatMap(([reason, count]) =>
      count ? [[count, REASONS[reason as Reason] ?? reason] as const] : [],
    ),
  )
}

/** What can be done about refusals. A no and a withdrawal are answers: nothing is to be done about them. */
export function toDo(reasons: { readonly [reason: string]: number | undefined }): string[] {
  const todo = Object.keys(reasons).flatMap(reason => (reasons[reason] && TO_DO[reason as Reason]) || [])
  const settled = (reasons['refused'] ?? 0) + (reasons['withdrawn'] ?? 0)
  return settled > 0 ? [...todo, `${settled === 1 ? 'One answer' : 'Some answers'} stand as they are.`] : todo
}

const FIXES: { readonly [code: string]: string } = {
  POLICY_INVALID: 'Correct these in the file; all mistakes are listed.',
  POLICY_DIFFERS: 'See `amanat policy show`.',
  PLAN_OUTDATED: 'Run `amanat policy change` again, and look at what it would forget.',
  CARD_INVALID: 'Correct what is listed.',
  CONSENT_INVALID: 'Correct what is listed.',
  EXPIRES_TOO_SOON: 'Give a later --until, or ask the person again.',
  UNKNOWN_CONTACT: 'They may have left, or their time was over: list again.',
  VAULT_EXISTS: 'Use it as it is, or name another folder with --vault.',
  VAULT_MISSING: 'Make one with `amanat init`, or check the folder given with --vault.',
  CLOCK_JUMPED:
    'Check the date of this machine; if it is right, run `amanat confirm-time`, or restore with --confirm-time.',
  NO_AGE_KEYS: "Add the recipient's age keys with `amanat policy change`; that takes effect after its notice.",
  UNKNOWN_SLOT: 'See `amanat slots list`: ids change when a slot is removed or replaced.',
  LAST_SLOT: 'Add another one first: `amanat slots add`.',
  TOO_MANY_SLOTS: 'Remove one first: `amanat slots remove`.',
  NOT_A_BACKUP: 'Look for the file that `amanat backup` wrote.',
  BACKUP_DAMAGED: 'Fetch the file again, or use another backup. The folder is as it was.',
  BACKUP_FOREIGN: 'Name a new folder with --vault, or `amanat destroy` the vault that is there first.',
  BACKUP_OLDER:
    'Name a new folder with --vault; or add --even-if-older: what was withdrawn or erased since still stays gone.',
  IO: 'Look at the disk and its permissions, then run `amanat doctor`.',
  CORRUPT: 'Run `amanat doctor` to see what else; the rest can be read.',
}

/** What to do, in this program's words. */
export function fixOf(error: AnyVaultError): string {
  switch (error.code) {
    case 'UNKNOWN_PURPOSE':
    case 'UNKNOWN_RECIPIENT':
    case 'UNKNOWN_NOTICE':
    case 'UNKNOWN_FORMAT':
      return error.data.known.length > 0 ? `Use one of: ${error.data.known.join(', ')}.` : 'The policy declares none.'
    case 'VIA_NOT_ALLOWED':
      return waysOut(error.data.allowed)
    case 'BULK_READ_REFUSED':
      return error.data.resets === undefined
        ? 'To reach many people at once, export.'
        : `Try again from ${date(error.data.resets)}; to reach many people at once, export.`
    case 'EXPORT_REFUSED': {
      const { reasons } = error.data
      const short = Object.values(reasons).reduce((sum, count) => sum + (count ?? 0), 0)
      if (short === 0) return 'There is nobody here to export for this purpose.'
      return [
        `${people(short)} short of it:`,
        reasonLines(reasons),
        ...toDo(reasons),
        'Or export to those who did agree: --leave-out.',
      ].join('\n')
    }
    default:
      return FIXES[error.code] ?? error.fix
  }
}

/** A delivery hands people to a function: there is no command for it. */
function waysOut(allowed: readonly Via[]): string {
  const files = allowed.filter(way => way !== 'delivery')
  return files.length > 0
    ? `Use --via with one of: ${files.join(', ')}.`
    : 'The policy lets them have people by delivery only, from a program. A way that is added with `amanat policy change` takes effect after its notice.'
}

/** What a store can promise, in a sentence each. */
export function promises({ forgetting, fileSystem, durability }: Guarantees): string[] {
  const where = fileSystem === 'unknown' ? '' : ` (${fileSystem})`
  const said: { readonly [kind in Guarantees['forgetting']]: string } = {
    'in-place': `Forgotten keys are overwritten where they lie${where}.`,
    'copy-on-write': `Forgotten keys are overwritten, but this file system${where} may keep the old block for a while, and its snapshots longer.`,
    'best-effort': `Forgotten keys are overwritten as well as this file system${where} allows; whether it keeps old blocks can't be known from here.`,
    unknown: `What overwriting does on this file system${where} is not known; don't count on "gone for good".`,
  }
  return [said[forgetting], ...(durability === 'none' ? ['Nothing here survives a restart of the machine.'] : [])]
}
