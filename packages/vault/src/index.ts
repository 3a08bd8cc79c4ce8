// The public face of the vault: named re-exports only.
export {
  type CryptoErrorCode,
  createRecoveryCode,
  isCryptoError,
  passphrase,
  type Randomness,
  recoveryCode,
  secretKey,
  type Unlock,
  type UnlockKind,
} from '@amanat/crypto'
export type { Guarantees, Store } from '@amanat/store-contract'
export type { Erasure } from './backup/gone'
export type { Restored, RestoreOptions } from './backup/restore'
export type { Backup } from './backup/write'
export type { Examination } from './commit/examine'
export type { ConsentState } from './consent/consent'
export type { MayAsk } from './contact/held'
export { type ContactId, isContactId } from './contact/id'
export type {
  Address,
  AddressComponent,
  Anniversary,
  Author,
  Calendar,
  Card,
  CardField,
  ContactPoint,
  Contexts,
  CryptoKey,
  Directory,
  EmailAddress,
  Id,
  LanguagePref,
  LanguageTag,
  Link,
  Media,
  Name,
  NameComponent,
  Nickname,
  Note,
  OnlineService,
  Organization,
  OrgUnit,
  PartialDate,
  PatchObject,
  PersonalInfo,
  Phone,
  PhoneFeature,
  Pref,
  Pronouns,
  Relation,
  SchedulingAddress,
  SpeakToAs,
  Timestamp,
  Title,
  UtcDateTime,
  VCardParams,
  VCardProp,
  WordSet,
} from './contact/jscontact'
export { CARD_FIELDS, CONTACT_POINTS } from './contact/jscontact'
export { e164, type PointBy } from './contact/points'
export type { ExportedPerson, Format, FormatContext, Formats } from './door/format'
export {
  type AnyVaultError,
  type ErrorCode,
  type ErrorData,
  type ErrorKind,
  type Issue,
  isVaultError,
  VaultError,
  type VaultErrorJson,
  vaultErrorFrom,
} from './errors'
export { definePolicy, definePurposes, parsePolicy } from './policy/define'
export type {
  Assurance,
  BulkLimits,
  BulkWindow,
  Controller,
  CustomField,
  Duration,
  FieldsOf,
  Notice,
  NoticeOf,
  Policy,
  PurposeOf,
  PurposeSpec,
  RecipientOf,
  RecipientSpec,
  SelfSpec,
  SharedFields,
  Text,
  Via,
} from './policy/policy'
export { isPurpose, isRecipient } from './policy/purpose'
export type {
  AddManyOptions,
  AddReport,
  AnyVault,
  CardPatch,
  ConsentView,
  Contact,
  Decision,
  DeliveredPerson,
  DeliverOptions,
  Delivery,
  Door,
  DoorCard,
  Expiring,
  Export,
  ExportRequest,
  ExportWho,
  Find,
  LedgerLine,
  LedgerQuery,
  ListOptions,
  Manifest,
  People,
  Person,
  Quarantine,
  QuarantinedPerson,
  RowOutcome,
  Vault,
} from './public'
export type { Reason } from './rules/export'
export type { PurgeReport, VaultEvent } from './session'
export { type Clock, systemClock } from './time/now'
export {
  type CreateOptions,
  createVault,
  type Dropped,
  dropExpired,
  openAnyVault,
  openVault,
  restoreVault,
  type VaultOptions,
  vaultExists,
} from './vault'
export type { ChangeOptions, Revision } from './verbs/change'
export type { Statement } from './verbs/leave'
export type {
  Added,
  CardOf,
  Given,
  NewConsent,
  NewContact,
  NewEvidence,
  Receipt,
} from './verbs/new-contact'
export type { PolicyPlan } from './verbs/policy'
export type { SlotView } from './verbs/slots'
