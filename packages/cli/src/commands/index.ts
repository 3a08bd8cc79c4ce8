// Every command, in the order in which the help lists them.
import type { AddCommand } from '../command'
import { backup } from './backup'
import { change } from './change'
import { check } from './check'
import { confirmTime } from './confirm-time'
import { consent } from './consent'
import { consents } from './consents'
import { destroy } from './destroy'
import { doctor } from './doctor'
import { erase } from './erase'
import { expiring } from './expiring'
import { exportPeople } from './export'
import { find } from './find'
import { identify } from './identify'
import { importFile } from './import'
import { init } from './init'
import { ledger } from './ledger'
import { list } from './list'
import { policy } from './policy'
import { purge } from './purge'
import { quarantine } from './quarantine'
import { refuse } from './refuse'
import { restore } from './restore'
import { show } from './show'
import { slots } from './slots'
import { status } from './status'
import { suppress } from './suppress'
import { withdraw } from './withdraw'

export const COMMANDS: readonly AddCommand[] = [
  init,
  status,
  importFile,
  list,
  find,
  show,
  consents,
  consent,
  refuse,
  withdraw,
  change,
  erase,
  identify,
  suppress,
  check,
  exportPeople,
  expiring,
  quarantine,
  purge,
  confirmTime,
  ledger,
  policy,
  slots,
  backup,
  restore,
  doctor,
  destroy,
]
