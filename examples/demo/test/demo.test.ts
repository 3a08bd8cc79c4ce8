// The demo, run as a user runs it, on the built packages: what it counts is what the files say, worked out here from
// the files alone; and what it tells is there to be read.
import { execFile } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const run = promisify(execFile)
const beside = (name: string) => fileURLToPath(new URL(`../${name}`, import.meta.url))
const text = (name: string) => readFileSync(beside(name), 'utf8')
const demo = (...args: string[]) =>
  run(process.execPath, [beside('demo.mjs'), ...args], { encoding: 'utf8', env: { ...process.env, FORCE_COLOR: '1' } })

const DAY = 86_400_000
const START = Date.parse('2026-03-01')

/** Mobile numbers in the demo's files by their last three digits, whatever the script: each is one person. */
const endings = (part: string) =>
  [...part.matchAll(/\p{Nd}(?:[ ()-]{0,3}\p{Nd}){6,}/gu)].flatMap(([number]) => {
    const digits = [...number.matchAll(/\p{Nd}/gu)].map(([digit]) => (digit.codePointAt(0) as number) % 16).join('')
    return /7700900\d{3}$/.test(digits) ? [digits.slice(-3)] : []
  })

// A card or row with exactly one mobile number is somebody; 999 is kept for entries that are broken on purpose.
const people = (parts: string[]) => parts.map(endings).filter(([end]) => end !== undefined && end !== '999')
const unfolded = text('address-book.vcf').replace(/\r\n /g, '')
const cards = unfolded.split('BEGIN:VCARD').filter(part => part.includes('END:VCARD'))
const rows = text('address-book.csv').split('\r\n').slice(1)
const onPhone = people(cards).flat()
const inMail = people(rows).flat()
const everybody = [...onPhone, ...inMail]

interface SignUp {
  who: { phone?: string; email?: string }
  purpose?: string
  answer: string
  on: string
  evidence?: object
}
const signUps: SignUp[] = JSON.parse(text('sign-ups.json')).signUps
const said = (answer: string) => signUps.filter(signUp => signUp.answer === answer)
const KEEP_DAYS: Record<string, number> = { 'prayer-times': 90, 'group-chat': 365 }
const lastsUntil = ({ evidence, purpose = '', on }: SignUp) =>
  Date.parse(on) + Math.min(KEEP_DAYS[purpose] ?? 0, evidence ? Number.POSITIVE_INFINITY : 30) * DAY
const given = (purpose: string, at = START) =>
  said('given').filter(signUp => signUp.purpose === purpose && lastsUntil(signUp) > at)
const proved = (list: SignUp[]) => list.filter(({ evidence }) => evidence).length
const entriesOf = ({ who }: SignUp) => {
  const home = [...cards, ...rows].find(part => who.email && part.includes(who.email))
  const [end] = endings(home ?? who.phone ?? '')
  return everybody.filter(other => other === end).length
}

beforeAll(async () => {
  const root = fileURLToPath(new URL('../../..', import.meta.url))
  await run(process.execPath, ['scripts/bootstrap.mjs', '--quiet', '--build'], { cwd: root })
}, 600_000)

describe('what the demo counts', () => {
  // biome-ignore lint/suspicious/noExplicitAny: it is JSON, and each test says what it wants of it
  let counts: Record<string, any>
  let printed: { stdout: string; stderr: string }
  beforeAll(async () => {
    printed = await demo('--json', '--keep')
    counts = JSON.parse(printed.stdout)
  }, 180_000)
  afterAll(() => {
    if (counts?.folder) rmSync(counts.folder, { recursive: true, force: true })
  })

  test('one JSON value on stdout, nothing on stderr, and nothing that is not as it should be', () => {
    expect(printed.stdout.trim().split('\n')).toHaveLength(1)
    expect(printed.stderr).toBe('')
    expect(counts.failures).toEqual([])
  })

  test('everybody who can be read comes into quarantine, and those in both files twice', () => {
    expect(onPhone.length + inMail.length).toBe(252)
    const both = inMail.filter(end => onPhone.includes(end)).length
    expect(counts.imported).toMatchObject({ quarantined: everybody.length, refused: 0, maybeSame: both })
    expect(counts.imported.broken.map(({ code }: { code: string }) => code)).toEqual([
      'VERSION_UNSUPPORTED',
      'ROW_WITHOUT_PERSON',
      'ROW_WITHOUT_PERSON',
    ])
    for (const { file, line } of counts.imported.broken) {
      const lines = text(file).split('\r\n')
      const entry = file.endsWith('.csv') ? lines[line - 1] : lines.slice(line - 1, line + 4).join('\n')
      expect(entry).toMatch(/Entry|came on Tuesday/)
    }
    expect(counts.leftOutside.notes).toBe(
      cards.filter(card => /^NOTE:/m.test(card)).length +
        rows.filter(row => row.split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/)[14] && endings(row).length).length,
    )
  })

  test('consents are those of the sign-ups, less those that are over before they are recorded', () => {
    const live = [...given('prayer-times'), ...given('group-chat')]
    expect(counts.consents).toEqual({
      evidenced: proved(live),
      claimed: live.length - proved(live),
      tooOld: said('given').length - live.length,
      refusals: said('refused').length,
      neverAgain: said('never-again').length,
    })
    const erased = said('never-again').reduce((sum, signUp) => sum + entriesOf(signUp), 0)
    expect(counts.reachable).toEqual({
      'prayer-times': given('prayer-times').length,
      'group-chat': given('group-chat').length,
      quarantine: everybody.length - live.length - erased,
    })
  })

  test('the group gets nobody, and each is counted once with a reason', () => {
    const { quarantine } = counts.reachable
    expect(counts.groupChatRefused).toEqual({
      people: quarantine + given('prayer-times').length + given('group-chat').length,
      reasons: {
        quarantined: quarantine,
        'no-consent': given('prayer-times').length,
        'assurance-too-low': given('group-chat').length,
      },
      consented: { 'assurance-too-low': given('group-chat').length },
    })
  })

  test('whoever reads one after another is stopped at the limit of the policy', () => {
    expect(counts.insider).toEqual({
      read: 12,
      of: given('prayer-times').length,
      resets: expect.stringMatching(/^2026-03-01T1/),
      left: 0,
    })
  })

  test('exactly those who agreed with evidence leave for the provider', () => {
    const agreed = proved(given('prayer-times'))
    const claims = given('prayer-times').length - agreed
    expect(counts.export).toEqual({
      allowed: agreed,
      refused: { 'assurance-too-low': claims },
      people: agreed,
      leftOut: claims,
      opened: agreed,
      strangers: 0,
      missing: 0,
    })
  })

  test('whoever left is gone at once, and the old list brings nobody back', () => {
    const { entries, before, after, back } = counts.withdrawn
    expect({ entries, before, after, back }).toEqual({ entries: 2, before: 86, after: 85, back: 0 })
    const { cameIn, refused, reasons } = counts.importedAgain
    expect([cameIn, refused]).toEqual([0, everybody.length])
    const left = entries + said('never-again').reduce((sum, signUp) => sum + entriesOf(signUp), 0)
    // A fingerprint is short: now and then it stops a stranger too.
    expect(reasons.SUPPRESSED).toBeGreaterThanOrEqual(left)
    expect(reasons.SUPPRESSED).toBeLessThanOrEqual(left + 5)
    expect(reasons.SUPPRESSED + reasons.QUARANTINE_AGAIN).toBe(refused)
  })

  test('after ninety-one days nobody can be reached for prayer times, by anybody', () => {
    const { forgotten } = counts
    const later = START + 31 * DAY
    // One of those whose consent lasts the longest may be the one who left.
    const lasting = given('prayer-times', later).length
    expect([lasting - 1, lasting]).toContain(forgotten.after31['prayer-times'])
    const chat = given('group-chat', START + 91 * DAY).length
    expect(forgotten).toMatchObject({
      foundBefore: 0,
      foundAfter: 0,
      after31: { quarantine: 0, 'group-chat': given('group-chat', later).length },
      after91: { quarantine: 0, 'prayer-times': 0, 'group-chat': chat },
      revealed: 0,
      stillHere: chat,
      rowsBeforeStop: 'CELL_STALE',
      olderRows: { revealed: 0, entries: chat },
    })
    expect(forgotten.foundInBook).toBeGreaterThan(500)
    expect(forgotten.wholeCopy.entries).toBe(forgotten.wholeCopy.of)
  })

  test('--keep keeps the folder, with the export and the vault in it', () => {
    for (const name of ['for-sms-gateway.csv.age', 'vault/cell/cell'])
      expect(existsSync(`${counts.folder}/${name}`)).toBe(true)
  })
})

describe('what the demo tells', () => {
  let printed: { stdout: string; stderr: string }
  beforeAll(async () => {
    printed = await demo('--fast')
  }, 180_000)

  test('all of it, in at most a hundred columns, without colours or stack traces where no terminal is', () => {
    const { stdout, stderr } = printed
    for (let scene = 1; scene <= 9; scene++) expect(stdout).toMatch(new RegExp(`^${scene}  .+─`, 'm'))
    for (const line of stdout.split('\n')) expect([...line].length, line).toBeLessThanOrEqual(100)
    expect(stdout).not.toContain('\u001b')
    expect(stdout).not.toMatch(/^\s+at .+:\d+:\d+|undefined|NaN|\[object/m)
    expect(stderr).toBe('')
  })

  test('the refusals of scene 4, in words and on the record', () => {
    const scene = printed.stdout.split(/^4 {2}/m)[1]?.split(/^5 {2}/m)[0]
    expect(scene).toContain('EXPORT_REFUSED')
    expect(scene).toContain('never agreed to anything')
    expect(scene).toMatch(/on the record. Number \d+: export-refused, staff:omid/)
    expect(scene).toMatch(/BULK_READ_REFUSED after 12 of 86/)
  })

  test('what scene 7 tried, and what the file system promises: no more than that', () => {
    const scene =
      printed.stdout
        .split(/^7 {2}/m)[1]
        ?.split(/^8 {2}/m)[0]
        ?.replace(/\s+/g, ' ') ?? ''
    expect(scene).toContain('0 found in the vault')
    expect(scene).toContain('CELL_STALE')
    const [, forgetting] = /What guarantees\(\) says here: \w+, ([a-z-]+)\./.exec(scene) ?? []
    expect(/(?<!called )gone for ever/.test(scene)).toBe(forgetting === 'in-place')
  })

  test('a wrong option is said in one line and how to call it, and ends with 2', async () => {
    const failed = await demo('--fats').catch(error => error)
    expect(failed.code).toBe(2)
    expect(failed.stderr).toContain('[--fast] [--json] [--keep]')
    expect(failed.stderr).not.toMatch(/^\s+at /m)
  })
})
