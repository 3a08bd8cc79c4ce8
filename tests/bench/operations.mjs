// What is measured, in the order in which one launch does it: loading in a launch by itself, all the rest in another one, so that
// opening finds nothing warm. A candidate is an object with these methods; whatever it answers is looked at, so that a candidate
// that does nothing can't be fast.
import { person, scattered } from './contacts.mjs'

/** Durable commits, one after another, of which the median and the 99th percentile are told; fewer to see only that all works. */
export const SINGLES = 100
export const FEW = 15

export const OPERATIONS = [
  ['load', 'load all'],
  ['open', 'open until the first look-up by phone answers'],
  ['byId', 'look-ups by id'],
  ['byIdAgain', 'the same again: on the ledger already'],
  ['byPhone', 'look-ups by phone'],
  ['list', 'list 50 sorted by name'],
  ['addP50', 'one durable add, p50'],
  ['addP99', 'one durable add, p99'],
  ['changeP50', 'one durable change, p50'],
  ['changeP99', 'one durable change, p99'],
  ['withdrawP50', 'one durable withdrawal, p50'],
  ['withdrawP99', 'one durable withdrawal, p99'],
  ['changes', 'scattered changes in a batch'],
  ['expiry', "a day's expiry"],
  ['withdrawals', 'scattered withdrawals in a batch'],
  ['exportAll', 'export all, to cards in memory'],
]

/** Of how many people one batch is; a tenth at most, which is what the vault lets anybody look at within a month. */
export const batchOf = count => Math.min(1000, Math.floor(count / 10))

const clock = () => performance.now()

async function timed(times, name, work) {
  const start = clock()
  const answer = await work()
  times[name] = clock() - start
  return answer
}

const percentile = (values, share) => {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]
}

function must(holds, sentence) {
  if (!holds) throw new Error(`The candidate is wrong: ${sentence}`)
}

/**
 * The longest task that held up the page's thread, from now on until it is asked: only those over 50 ms are told (W3C Long Tasks);
 * 0 where there was none. Nothing where there is no page.
 */
function longestTask() {
  if (!PerformanceObserver.supportedEntryTypes.includes('longtask')) return async () => undefined
  let longest = 0
  const note = entries => {
    for (const { duration } of entries) longest = Math.max(longest, duration)
  }
  const observer = new PerformanceObserver(list => note(list.getEntries()))
  observer.observe({ type: 'longtask' })
  return async () => {
    // The task under way is told once it is over.
    await new Promise(resolve => setTimeout(resolve, 100))
    note(observer.takeRecords())
    observer.disconnect()
    return longest
  }
}

/** @returns milliseconds by operation, and what the candidate says of its parts */
export async function loadAll(candidate, { count, seed }) {
  const times = {}
  await timed(times, 'load', () => candidate.load(count, seed))
  await candidate.close()
  return { times, parts: candidate.parts ?? {} }
}

export async function workThrough(candidate, { count, seed, round, samples = SINGLES }) {
  const times = {}
  const batch = batchOf(count)
  // A seed for each round: other people each time, the same ones for each candidate.
  const chosen = scattered(batch, count, 1000 + round)
  const known = chosen.map(index => person(index, seed))
  const longest = longestTask()
  await timed(times, 'open', async () => {
    await candidate.open()
    must((await candidate.byPhone(known[0].phones[0])) === known[0].name, 'the first look-up found somebody else')
  })
  const held = await longest()
  const memory = candidate.memory?.()
  const ids = await candidate.idsOf(known)
  // A vault has whom somebody looked at on its ledger before it answers, once within the policy's shortest window: apart from
  // that, what a look-up costs is told by the second time.
  for (const time of ['byId', 'byIdAgain']) {
    await timed(times, time, async () => {
      for (let i = 0; i < batch; i++) must((await candidate.byId(ids[i])) === known[i].name, 'a look-up by id')
    })
  }
  await timed(times, 'byPhone', async () => {
    for (const one of known) must((await candidate.byPhone(one.phones[0])) === one.name, 'a look-up by phone')
  })
  await timed(times, 'list', async () => must((await candidate.list()).length === 50, 'a list of 50'))

  const singles = Math.min(samples, batch)
  const single = async (name, act) => {
    const each = []
    for (let i = 0; i < singles; i++) {
      const start = clock()
      await act(i)
      each.push(clock() - start)
    }
    times[`${name}P50`] = percentile(each, 0.5)
    times[`${name}P99`] = percentile(each, 0.99)
  }
  await single('add', i => candidate.add(person(count + i, seed)))
  await single('change', i => candidate.change(ids[i], `another note, of round ${round}`))
  const others = await candidate.idsOf(scattered(singles, count, 2000 + round).map(index => person(index, seed)))
  await single('withdraw', i => candidate.withdraw(others[i]))

  const gone = new Set(others)
  const changed = ids.filter(id => !gone.has(id))
  await timed(times, 'changes', () => candidate.changeMany(changed, 'a note for many'))
  const expired = await timed(times, 'expiry', () => candidate.expire())
  must(expired > 0, 'nobody expired')
  const leaving = (
    await candidate.idsOf(scattered(batch, count, 3000 + round).map(index => person(index, seed)))
  ).filter(id => id !== undefined)
  await timed(times, 'withdrawals', () => candidate.withdrawMany(leaving))
  const left = await timed(times, 'exportAll', () => candidate.exportAll())
  must(left.length > count * 0.7 && typeof left[0].name === 'string', 'an export of everybody')
  await candidate.close()
  return {
    times,
    expired,
    people: left.length,
    ...(memory === undefined ? {} : { memory }),
    ...(held === undefined ? {} : { held }),
    parts: candidate.parts ?? {},
  }
}
