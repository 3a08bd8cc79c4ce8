/**
 * Histories of a clock, as a table: what happens to it and to the vault, who can be seen at the end, and whose bytes are
 * still whole once the clock is back where the vault last was. The model in device.ts judges each step besides.
 */
import { memoryMedium, memoryStore } from '@amanat/vault/testing'
import { afterAll, expect, test } from 'vitest'
import { figures } from '../trust/figures'
import { Device, HOUR, type Medium, type Op } from './device'
import { onDisk } from './on-disk'

export interface History {
  readonly start?: string
  /** By how much the second process's clock is off, where there is one. */
  readonly skew?: number
  /** Who is there, and until when. */
  readonly people: { readonly [name: string]: string }
  readonly steps: readonly Op[]
  /** Who can be seen at the end, at what the clock says then. */
  readonly here: readonly string[]
  /** Whose bytes open once the clock is back. Default: the same. */
  readonly intact?: readonly string[]
  /** Also on a disk. */
  readonly disk?: true
}

const at = (to: string): Op => ({ do: 'set', to })
const wait = (duration: string): Op => ({ do: 'wait', for: duration })
const look: Op = { do: 'look' }
const purge: Op = { do: 'purge' }
const confirm: Op = { do: 'confirm' }
const reopen: Op = { do: 'reopen' }
const lock: Op = { do: 'lock' }
const drop: Op = { do: 'drop' }
const add = (name: string, until: string): Op => ({ do: 'add', name, until })
const other = (op: Op): Op => ({ ...op, who: 1 }) as Op
const PEOPLE = { Soon: '2026-03-20', Later: '2026-09-01', Last: '2027-03-01' }

const HISTORIES: { readonly [what: string]: History } = {
  'a clock set back a day': {
    people: PEOPLE,
    steps: [at('2026-03-15T09:00:00Z'), look, at('2026-03-14T09:00:00Z'), look, purge, reopen, look],
    here: ['Last', 'Later', 'Soon'],
  },
  'a clock set back over an expiry brings nobody back': {
    people: PEOPLE,
    steps: [at('2026-03-20T00:00:00Z'), look, at('2026-03-19T09:00:00Z'), look],
    here: ['Last', 'Later'],
    disk: true,
  },
  'nor after it was locked and opened': {
    people: PEOPLE,
    steps: [at('2026-03-20T00:00:00Z'), look, at('2026-03-19T09:00:00Z'), reopen, look],
    here: ['Last', 'Later'],
    disk: true,
  },
  'a clock that steps back and forth over an expiry': {
    people: PEOPLE,
    steps: [
      ...[at('2026-03-19T23:59:59.999Z'), look, at('2026-03-20T00:00:00Z'), look, at('2026-03-19T23:59:59.999Z'), look],
      ...[at('2026-03-20T00:00:00Z'), purge, at('2026-03-19T00:00:00Z'), look, reopen, look],
    ],
    here: ['Last', 'Later'],
  },
  'a clock at zero: an empty battery': {
    people: PEOPLE,
    steps: [at('1970-01-01T00:00:00Z'), look, purge, drop, reopen, look, add('New', '2026-04-01')],
    here: ['Last', 'Later', 'New', 'Soon'],
  },
  'a clock a day ahead': {
    people: PEOPLE,
    steps: [at('2026-03-02T09:00:00Z'), look, purge],
    here: ['Last', 'Later', 'Soon'],
  },
  'a clock a month ahead': {
    people: PEOPLE,
    steps: [at('2026-04-01T09:00:00Z'), look, purge, reopen, look],
    here: ['Last', 'Later'],
  },
  'a machine asleep over an expiry: its first call hides already': {
    people: PEOPLE,
    steps: [at('2026-10-01T09:00:00Z'), look],
    here: ['Last'],
  },
  'a machine asleep over an expiry, and then somebody is added': {
    people: PEOPLE,
    steps: [at('2026-10-01T09:00:00Z'), add('New', '2026-12-01'), look],
    here: ['Last', 'New'],
  },
  'a machine awake over an expiry: it goes at midnight, though nobody calls': {
    people: PEOPLE,
    steps: [wait('P19D')],
    here: ['Last', 'Later'],
    disk: true,
  },
  'an open vault believes 400 days': {
    people: { ...PEOPLE, Far: '2030-01-01' },
    steps: [at('2027-04-05T09:00:00Z'), look, purge],
    here: ['Far'],
  },
  'and not a millisecond more: it hides, destroys nothing and is refused': {
    people: { ...PEOPLE, Far: '2030-01-01' },
    steps: [at('2027-04-05T09:00:00.001Z'), look, purge, add('New', '2027-05-01'), reopen, look, { do: 'erase' }],
    here: ['Far'],
    intact: ['Far', 'Last', 'Later', 'Soon'],
  },
  'a clock a hundred years ahead hides everybody, and nobody is gone': {
    people: PEOPLE,
    steps: [at('2126-03-01T09:00:00Z'), look, purge, drop, reopen, look, wait('P3D'), lock],
    here: [],
    intact: ['Last', 'Later', 'Soon'],
    disk: true,
  },
  'a clock a hundred years ahead that is confirmed': {
    people: PEOPLE,
    steps: [at('2126-03-01T09:00:00Z'), look, confirm, look, add('New', '2126-04-01')],
    here: ['New'],
    intact: ['New'],
  },
  'a clock two hundred years ahead can not be confirmed, and comes back': {
    people: PEOPLE,
    steps: [at('2226-03-01T09:00:00Z'), confirm, look, at('2026-03-02T09:00:00Z'), look, add('New', '2026-04-01')],
    here: ['Last', 'Later', 'New', 'Soon'],
  },
  'a jump that goes away by itself is never stored': {
    people: PEOPLE,
    steps: [at('2029-01-01T00:00:00Z'), look, purge, reopen, drop, at('2026-03-02T09:00:00Z'), look, purge],
    here: ['Last', 'Later', 'Soon'],
    disk: true,
  },
  'a wrong time, once confirmed, revives nobody': {
    people: PEOPLE,
    steps: [
      at('2029-01-01T00:00:00Z'),
      confirm,
      at('2026-03-02T09:00:00Z'),
      look,
      reopen,
      look,
      add('New', '2029-02-01'),
    ],
    here: ['New'],
    intact: ['New'],
    disk: true,
  },
  'a jump in two halves is believed, half by half, as far as each goes': {
    people: { ...PEOPLE, Far: '2030-01-01' },
    steps: [at('2026-12-01T00:00:00Z'), look, at('2027-12-01T00:00:00Z'), look, purge],
    here: ['Far'],
  },
  'a locked vault believes thirty days': {
    people: PEOPLE,
    steps: [lock, at('2026-03-31T09:00:00Z'), drop],
    here: ['Last', 'Later'],
    disk: true,
  },
  'and not a millisecond more: a cron job destroys nothing': {
    people: PEOPLE,
    steps: [lock, at('2026-03-31T09:00:00.001Z'), drop, drop],
    here: ['Last', 'Later'],
    intact: ['Last', 'Later'],
  },
  'a cron job in doubt, and a clock that comes back': {
    people: PEOPLE,
    steps: [lock, at('2026-09-15T09:00:00Z'), drop, at('2026-03-05T09:00:00Z'), drop],
    here: ['Last', 'Later', 'Soon'],
    disk: true,
  },
  'a cron job a month is believed all year': {
    people: PEOPLE,
    steps: [
      lock,
      ...['2026-03-30', '2026-04-28', '2026-05-27', '2026-06-25', '2026-07-24', '2026-08-22', '2026-09-20'].flatMap(
        day => [at(`${day}T09:00:00Z`), drop],
      ),
    ],
    here: ['Last'],
  },
  'a cron job whose clock is behind moves nothing back': {
    people: PEOPLE,
    steps: [at('2026-03-20T01:00:00Z'), purge, lock, at('2026-03-01T09:00:00Z'), drop, look],
    here: ['Last', 'Later'],
  },
  'a process whose clock is ahead is believed by the others': {
    people: { ...PEOPLE, Soon: '2026-03-23' },
    skew: 20 * 24 * HOUR,
    steps: [look, at('2026-03-04T09:00:00Z'), other(purge), look, purge],
    here: ['Last', 'Later'],
    disk: true,
  },
  'a process whose clock is behind revives nobody': {
    people: PEOPLE,
    skew: -20 * 24 * HOUR,
    steps: [at('2026-03-20T01:00:00Z'), purge, other(look), other(purge), other(reopen), other(look)],
    here: ['Last', 'Later'],
  },
  'one process confirms a jump, and the other hears of it': {
    people: { ...PEOPLE, Far: '2040-01-01' },
    skew: 0,
    steps: [at('2029-01-01T00:00:00Z'), confirm, other(look), other(add('New', '2029-02-01')), look],
    here: ['Far', 'New'],
  },
  'a process that ends without locking, and a clock set back': {
    people: PEOPLE,
    steps: [at('2026-03-20T01:00:00Z'), purge, { do: 'kill' }, at('2026-03-02T09:00:00Z'), reopen, look],
    here: ['Last', 'Later'],
  },
  'the last second of a 32-bit clock, and the first after it': {
    start: '2038-01-10T09:00:00Z',
    people: { Before: '2038-01-19', After: '2038-01-20', Far: '2039-01-01' },
    steps: [
      at('2038-01-19T03:14:07Z'),
      look,
      purge,
      at('2038-01-19T03:14:08Z'),
      look,
      reopen,
      at('1901-12-13T20:45:52Z'),
      look,
    ],
    here: ['After', 'Far'],
    disk: true,
  },
  'awake over the end of the 32-bit clock': {
    start: '2038-01-18T09:00:00Z',
    people: { Before: '2038-01-20', Far: '2039-01-01' },
    steps: [wait('P3D'), look, reopen, look],
    here: ['Far'],
  },
  'the seconds of 2106, where an unsigned 32-bit clock ends': {
    start: '2106-02-01T00:00:00Z',
    people: { Before: '2106-02-07', After: '2106-02-09' },
    steps: [at('2106-02-07T06:28:16Z'), look, purge, reopen, look],
    here: ['After'],
  },
  'over a leap day': {
    start: '2028-02-27T12:00:00Z',
    people: { Leap: '2028-02-29', March: '2028-03-01', Far: '2029-01-01' },
    steps: [at('2028-02-28T23:59:59Z'), look, wait('PT1S'), look, at('2028-02-29T23:59:59Z'), look, wait('PT1S'), look],
    here: ['Far'],
  },
  'over a February without one': {
    start: '2100-02-27T12:00:00Z',
    people: { End: '2100-02-28', March: '2100-03-01', Far: '2101-01-01' },
    steps: [wait('P1D'), look, wait('P1D'), look],
    here: ['Far'],
  },
  'over a new year': {
    start: '2026-12-31T12:00:00Z',
    people: { Year: '2027-01-01', Far: '2028-01-01' },
    steps: [at('2026-12-31T23:59:59.999Z'), look, at('2027-01-01T00:00:00Z'), look, reopen, look],
    here: ['Far'],
  },
}

const DEFAULT_START = '2026-03-01T09:00:00Z'

function inMemory(): Medium {
  const medium = memoryMedium()
  return { store: () => memoryStore({ medium }), cell: async () => medium.cellNow() as readonly Uint8Array[] }
}

async function play(medium: Medium, { start = DEFAULT_START, skew, people, steps, here, intact = here }: History) {
  const device = await Device.create(medium, start, skew === undefined ? [0] : [0, skew])
  for (const [name, until] of Object.entries(people)) await device.run({ do: 'add', name, until })
  for (const step of steps) await device.run(step)
  expect(await device.here()).toEqual(here)
  expect(await device.intact()).toEqual(intact)
  counted['clock histories']++
  counted.steps += device.steps
}

const counted = { 'clock histories': 0, steps: 0 }
afterAll(() => figures('clocks', counted))

test.each(Object.entries(HISTORIES))('R13 to R16: %s', (_, history) => play(inMemory(), history))

const ON_DISK = Object.entries(HISTORIES).filter(([, { disk }]) => disk)
test.each(ON_DISK)('R13 to R16, on disk: %s', (_, history) => onDisk(medium => play(medium, history)))
