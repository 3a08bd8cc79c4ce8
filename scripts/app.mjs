// Serves the reference app, as it was built, on this machine alone, and says where.
import { argv } from 'node:process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { preview } from 'vite'

const { values } = parseArgs({ args: argv.slice(2), options: { port: { type: 'string', default: '4173' } } })
const server = await preview({
  root: fileURLToPath(new URL('../examples/app', import.meta.url)),
  logLevel: 'error',
  preview: { host: 'localhost', port: Number(values.port), strictPort: false },
})
console.log(`The app runs at ${server.resolvedUrls?.local[0]} (Ctrl+C ends it)`)
