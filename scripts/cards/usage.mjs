// node --import usage.mjs PROGRAM: when it ends, what it took of memory and processor goes as JSON to the file in
// AMANAT_USAGE. Loaded into the program that is measured, since nobody else can ask for its largest memory.
import { writeFileSync } from 'node:fs'
import process from 'node:process'

process.on('exit', () => {
  const { user, system } = process.cpuUsage()
  const memory = process.resourceUsage().maxRSS * 1024
  writeFileSync(process.env.AMANAT_USAGE, JSON.stringify({ memory, cpu: (user + system) / 1e6 }))
})
