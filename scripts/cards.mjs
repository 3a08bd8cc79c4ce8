// `npm run -s cards -- FOLDER [--json]`: takes every address book in a folder through reading, writing and reading
// again, and prints what was refused, lost or changed, file by file. With --json nothing but one JSON value is
// printed. `npm run -s cards -- --bench [--json]` measures throughput and memory beside other libraries
// (cards/bench.mjs), and `--bench --import` those of bringing each format into a vault (cards/bench-import.mjs).
import { argv, exit, stdout } from 'node:process'
import { parseArgs } from 'node:util'
import { checkFolder, totalsOf } from './cards/check-folder.mjs'
import { folderTable } from './cards/table.mjs'

const USAGE =
  'npm run -s cards -- FOLDER [--json]\nnpm run -s cards -- --bench [--cards 100000] [--times 3] [--json]\nnpm run -s cards -- --bench --import [--cards 100000] [--json]'
const { values, positionals } = argumentsOf()

if (values.bench && values.import) {
  const { benchImport, importTable } = await import('./cards/bench-import.mjs')
  const result = await benchImport(Number(values.cards), line => console.error(line))
  print(values.json ? JSON.stringify(result) : importTable(result))
} else if (values.bench) {
  const { bench, benchTable } = await import('./cards/bench.mjs')
  const result = await bench(Number(values.cards), Number(values.times), line => console.error(line))
  print(values.json ? JSON.stringify(result) : benchTable(result))
} else {
  const [folder] = positionals
  const cards = await import('../packages/cards/dist/index.js')
  const files = []
  try {
    for await (const report of checkFolder(cards, folder)) files.push(report)
  } catch (error) {
    console.error(`${folder} can't be read (${error.code ?? error.name}).`)
    exit(2)
  }
  const result = { files, totals: totalsOf(files) }
  print(values.json ? JSON.stringify(result) : folderTable(result))
  process.exitCode = result.totals.faults === 0 ? 0 : 1
}

function print(text) {
  stdout.write(`${text}\n`)
}

function argumentsOf() {
  try {
    const parsed = parseArgs({
      args: argv.slice(2).filter(arg => arg !== '--'),
      allowPositionals: true,
      options: {
        json: { type: 'boolean' },
        bench: { type: 'boolean' },
        import: { type: 'boolean' },
        times: { type: 'string', default: '3' },
        cards: { type: 'string', default: '100000' },
        help: { type: 'boolean', short: 'h' },
      },
    })
    const wanted = parsed.values.bench ? 0 : 1
    if (!parsed.values.help && parsed.positionals.length === wanted) return parsed
    console.error(USAGE)
    exit(parsed.values.help ? 0 : 2)
  } catch (error) {
    console.error(`${error.message}\n${USAGE}`)
    exit(2)
  }
}
