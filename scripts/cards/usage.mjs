// node --import usage.mjs PROGRAM: when it ends, what it took of memory and processor goes as JSON to the file in
// AMANAT_USAGE. Loaded into the program that is measured, since nobody else can ask for its largest memory.
import { writeFileSync } from 'node:fs'
import { cpuUsage, env, on, resourceUsage } from 'node:process'

on('exit', () => {
  const { user, system } = cpuUsage()
  writeFileSync(env.AMANAT_USAGE, JSON.stringify({ memory: resourceUsage().maxRSS * 1024, cpu: (user + system) / 1e6 }))
})
