import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { pages, ROOT } from './pages'

const scripts: string[] = Object.keys(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).scripts)

/** The words after which a command of the command line is declared. */
const commands = new Set(
  readdirSync(join(ROOT, 'packages/cli/src/commands')).flatMap(name =>
    [...readFileSync(join(ROOT, 'packages/cli/src/commands', name), 'utf8').matchAll(/\.command\('([a-z-]+)'/g)].map(
      ([, command]) => command as string,
    ),
  ),
)

/** What stands in code: blocks and `…`, which is where commands stand. */
const inCode = (text: string): string[] => [
  ...[...text.matchAll(/^```[a-z -]*\n([\s\S]*?)^```/gm)].map(([, code]) => code as string),
  ...[...text.replace(/^```[\s\S]*?^```/gm, '').matchAll(/`([^`\n]+)`/g)].map(([, code]) => code as string),
]

test.each(pages().map(page => [page.path, page.text] as const))('every npm script named in %s exists', (_, text) => {
  const named = inCode(text).flatMap(code =>
    [...code.matchAll(/\bnpm (?:run (?:-s |--silent )?([a-z:-]+)|(test)\b)/g)].map(([, run, test]) => run ?? test),
  )
  expect(named.filter(name => !scripts.includes(name as string))).toEqual([])
})

test.each(pages().map(page => [page.path, page.text] as const))(
  'every command of amanat named in %s exists',
  (_, text) => {
    const named = inCode(text).flatMap(code =>
      [...code.matchAll(/(?:^|\n|-- )(?:amanat )([a-z-]+)/g)].map(([, name]) => name as string),
    )
    expect(named.filter(name => !commands.has(name))).toEqual([])
  },
)

test('the README names the two commands, and the command line', () => {
  const code = inCode(pages()[0]?.text ?? '').join('\n')
  for (const command of ['npm run demo', 'npm test', 'npm run -s amanat -- --help']) expect(code).toContain(command)
})
