// @ts-check
// A cultural centre that had 232 people in a messaging group whom nobody had asked: the same list in a vault, from
// the first import to ninety-one days later. Scenes tell it; this file sets the stage and clears it.
//
//   npm run demo                    builds what is missing, then tells
//   node examples/demo/demo.mjs     [--fast] no pauses  [--json] counts only  [--keep] keeps the folder
import { rmSync } from 'node:fs'
import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { argv, exit, stderr, stdout } from 'node:process'
import { parseArgs } from 'node:util'
import { fakeClock } from '@amanat/vault/testing'
import { generateX25519Identity, identityToRecipient } from 'age-encryption'
import { centrePolicy } from './policy.mjs'
import { createTheVault } from './scenes/1-policy.mjs'
import { importTheOldList } from './scenes/2-import.mjs'
import { writeDownWhatPeopleSaid } from './scenes/3-consent.mjs'
import { askForEverybody, readOneAfterAnother } from './scenes/4-refused.mjs'
import { exportToTheProvider } from './scenes/5-export.mjs'
import { leaveAndStayGone } from './scenes/6-withdraw.mjs'
import { letTimePass } from './scenes/7-forgotten.mjs'
import { readTheLedger } from './scenes/8-ledger.mjs'
import { expectations } from './stage.mjs'
import { counted, teller } from './tell.mjs'

const { json, keep, fast } = options()
const folder = await mkdtemp(join(tmpdir(), 'amanat-demo-'))
const clear = () => {
  if (!keep) rmSync(folder, { recursive: true, force: true })
}
for (const [signal, code] of /** @type {const} */ ([
  ['SIGINT', 130],
  ['SIGTERM', 143],
])) {
  process.once(signal, () => {
    clear()
    exit(code)
  })
}

const tell = teller({ silent: json, fast })
const { failures, expect } = expectations()
try {
  await run()
} finally {
  clear()
}
if (failures.length > 0) {
  stderr.write('\nThe demo found something that is not as it should be:\n')
  for (const failure of failures) stderr.write(`  ${failure}\n`)
  process.exitCode = 1
}

async function run() {
  const { demoStart, signUps } = JSON.parse(await readFile(new URL('sign-ups.json', import.meta.url), 'utf8'))
  const identity = await generateX25519Identity()
  const chat = await identityToRecipient(await generateX25519Identity())
  /** @type {Record<string, unknown>} */
  const counts = {}
  const set = {
    tell,
    clock: fakeClock(`${demoStart}T09:00:00Z`),
    folder,
    vaultFolder: join(folder, 'vault'),
    passphrase: 'a passphrase for a demo, and for nothing else',
    identity,
    policy: centrePolicy({ smsGateway: await identityToRecipient(identity), communityChat: chat }),
    entries: [],
    signUps,
    agreed: new Map(),
    counts,
    expect,
  }
  tell.say(
    'This happened: a cultural centre put 232 people into a messaging group. Some had met it once, ten years before. ' +
      'Nobody had asked them, and each got to see the numbers of all the others. Here is a list like theirs, with ' +
      'everybody in it invented, in an Amanat vault.',
  )
  await tell.pause()
  const stage = { ...set, vault: await createTheVault(set) }
  for (const scene of [
    importTheOldList,
    writeDownWhatPeopleSaid,
    askForEverybody,
    readOneAfterAnother,
    exportToTheProvider,
    leaveAndStayGone,
    letTimePass,
    readTheLedger,
  ]) {
    await tell.pause()
    // So that the record doesn't say that all of it happened in one minute.
    await stage.clock.advance('PT12M')
    await scene(stage)
  }
  await stage.vault.lock()
  if (json) stdout.write(`${JSON.stringify({ ...counts, failures, ...(keep ? { folder } : {}) })}\n`)
  else end(counts)
}

/** @param {Record<string, any>} counts */
function end({ imported, consents, groupChatRefused, insider, export: out, importedAgain, forgotten, ledger }) {
  tell.scene(9, 'In short', '')
  tell.table([
    [imported.quarantined, 'entries came in without consent, and waited 30 days'],
    [consents.evidenced, 'people agreed, with evidence'],
    [groupChatRefused.people, 'were asked for by the group chat; it got nobody'],
    [insider.read, `of ${insider.of} could be read one after another in an hour`],
    [out.opened, 'left for the SMS provider, sealed; all had agreed to it'],
    [importedAgain.cameIn, `of ${importedAgain.refused} came back when the old list was imported again`],
    [forgotten.stillHere, 'are left after 91 days: those whose consent says a year'],
    [ledger.entries, 'entries on the record'],
  ])
  if (failures.length === 0) tell.done('Everything was as it should be; the demo checked it as it went.')
  else tell.refused(`${counted(failures.length, 'thing was', 'things were')} not as expected: see below.`)
  tell.say(
    'From here: examples/demo/scenes holds the code of what you saw. README.md says what is kept safe, and from whom.',
  )
  tell.say('docs/ has the threat model, and how to put a vault into a program of yours. The same on a command line:')
  tell.table([['npm run --silent amanat -- --help']])
  if (keep) tell.say(`The folder is kept: ${folder}`)
}

function options() {
  try {
    const flag = /** @type {const} */ ({ type: 'boolean', default: false })
    const { values } = parseArgs({
      args: argv.slice(2),
      options: { json: flag, keep: flag, fast: flag, help: { ...flag, short: 'h' } },
    })
    if (!values.help) return values
    stdout.write('node examples/demo/demo.mjs [--fast] [--json] [--keep]\n')
    exit(0)
  } catch (error) {
    stderr.write(
      `${error instanceof Error ? error.message : error}\nnode examples/demo/demo.mjs [--fast] [--json] [--keep]\n`,
    )
    exit(2)
  }
}
