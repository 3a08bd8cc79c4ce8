// Measures the reference app with many people in a real Chromium, on the app as it was built, and prints what it found.
// npm run app:figures -- [--people 10000] [--json]
import { loadavg } from 'node:os'
import { argv, exit } from 'node:process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { runnerImport } from 'vite'

const { values } = parseArgs({
  args: argv.slice(2),
  options: { people: { type: 'string', default: '10000' }, json: { type: 'boolean', default: false } },
})
const people = Number(values.people)
if (!Number.isInteger(people) || people < 50) {
  console.error('--people takes a whole number from 50 on.')
  exit(2)
}
const { module } = await runnerImport(fileURLToPath(new URL('../examples/app/test/figures.ts', import.meta.url)), {
  configFile: false,
})
const found = await module.measure(people)
if (values.json) console.log(JSON.stringify(found))
else {
  const { longestTask, heapMb, brotliKb } = found
  const said = ({ ms, cpuMs }) => `${ms} ms (${cpuMs} ms of the processor’s time)`
  const lines = [
    ['load of this machine', loadavg()[0].toFixed(1)],
    ['first screen, brotli', `${brotliKb.firstScreen} kB`],
    ['until a vault is open, brotli', `${brotliKb.vaultOpen} kB`],
    ['people', found.people.toLocaleString('en')],
    ['unlock to list', `${found.unlockToListMs.toLocaleString('en')} ms (Argon2 included)`],
    ['longest task while opening', said(longestTask.opening)],
    ['longest task while scrolling through', said(longestTask.scrolling)],
    ['frames later than 50 ms while scrolling', String(found.framesOver50Ms)],
    ['longest task when jumping to the end', said(longestTask.toTheEnd)],
    ['longest task while searching by name', said(longestTask.searching)],
    [`longest task while reading ${found.people.toLocaleString('en')} rows`, said(longestTask.reading)],
    [`longest task while importing ${found.people.toLocaleString('en')} rows`, said(longestTask.importing)],
    ['heap with the list', `${heapMb.list} MB`],
    ['heap after scrolling through', `${heapMb.scrolled} MB`],
    ['elements in the page then', String(found.domNodes)],
  ]
  for (const [what, figure] of lines) console.log(`${what.padEnd(42)}${figure}`)
}
