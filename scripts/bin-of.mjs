// Where the command of a tool that the root installs lies. Started as `node <file>`, it needs no shell and no PATH,
// which npx and the links of node_modules/.bin do on Windows.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const modules = fileURLToPath(new URL('../node_modules', import.meta.url))

export function binOf(name) {
  const { bin } = JSON.parse(readFileSync(join(modules, name, 'package.json'), 'utf8'))
  return join(modules, name, typeof bin === 'string' ? bin : Object.values(bin)[0])
}
