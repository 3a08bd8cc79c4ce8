// Dependencies point one way: between packages, and inside the vault between rooms. This reads every import of the
// sources and says which point the wrong way, which reach for Node where a browser must do, and where the vault asks
// for the time or for randomness by itself. Formatting and everything else is Biome's.
import { readdirSync, readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { join, posix } from 'node:path'
import { argv } from 'node:process'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

/** Each package, and those of ours that it may import. */
const PACKAGES = {
  crypto: [],
  'store-contract': [],
  vault: ['crypto', 'store-contract'],
  'store-disk': ['store-contract'],
  'store-indexeddb': ['store-contract'],
  cards: ['vault'],
  cli: ['vault', 'store-disk', 'cards'],
}

/** These run in browsers too: Node is reached by process.getBuiltinModule, never by an import. */
const ISOMORPHIC = ['crypto', 'store-contract', 'vault', 'store-indexeddb', 'cards']

/**
 * The rooms of the vault from the ground up: each may use those on the lines before it and on its own. A file that is a
 * room by itself is named with its folder. What a type names costs nothing and binds nothing when it runs, so imports of
 * types alone may point anywhere inside the package.
 */
const ROOMS = [
  ['errors', 'bytes', 'hex-id', 'stream', 'turn', 'actor'],
  ['record'],
  ['time'],
  ['injected'],
  ['contact/jscontact'],
  ['policy', 'consent'],
  ['rules'],
  ['pages'],
  ['contact'],
  ['ledger'],
  ['commit'],
  ['session'],
  ['verbs'],
  ['door'],
  ['backup'],
  ['open-vault'],
  ['opening'],
  ['vault'],
  ['public', 'testing'],
  ['index'],
]

/** Asked of the vault's surroundings, which are injected: only the system clock may. */
const SURROUNDINGS = /^(?:Date\.now|Math\.random|performance\.now|crypto\.(?:getRandomValues|randomUUID))$/
const MAY_ASK = ['vault/src/time/now.ts']

/** Every import of one file, with the line it stands on, and whether it is of types alone. */
function importsOf(source) {
  const found = []
  const add = (node, specifier, typesOnly) => found.push({ specifier, typesOnly, line: lineOf(source, node) })
  const visit = node => {
    if (ts.isImportDeclaration(node)) add(node, node.moduleSpecifier.text, isOfTypes(node.importClause))
    else if (ts.isExportDeclaration(node) && node.moduleSpecifier)
      add(node, node.moduleSpecifier.text, node.isTypeOnly || areOfTypes(node.exportClause))
    else if (ts.isImportTypeNode(node)) add(node, node.argument.literal.text, true)
    else if (ts.isCallExpression(node) && isLoad(node.expression) && ts.isStringLiteralLike(node.arguments[0] ?? node))
      add(node, node.arguments[0].text, false)
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

const isLoad = callee =>
  callee.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(callee) && callee.text === 'require')
const isOfTypes = clause =>
  clause !== undefined && (clause.isTypeOnly || (!clause.name && areOfTypes(clause.namedBindings)))
const areOfTypes = names =>
  names?.elements !== undefined && names.elements.length > 0 && names.elements.every(one => one.isTypeOnly)
const lineOf = (source, node) => source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1

/** Where the vault asks its surroundings, with the line. */
function askedOf(source) {
  const found = []
  const visit = node => {
    if (ts.isPropertyAccessExpression(node)) {
      const words = node.getText(source).replace(/^globalThis\./, '')
      if (SURROUNDINGS.test(words)) found.push({ words, line: lineOf(source, node) })
    }
    if (ts.isNewExpression(node) && node.expression.getText(source) === 'Date' && !node.arguments?.length)
      found.push({ words: 'new Date()', line: lineOf(source, node) })
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

/** The room that a file of the vault, named without its ending, belongs to, as a place in ROOMS. */
function roomOf(file) {
  for (const name of [file, file.split('/')[0]]) {
    const place = ROOMS.findIndex(line => line.includes(name))
    if (place >= 0) return { name, place }
  }
  return undefined
}

/**
 * What is wrong with one source, as sentences.
 * @param path from `packages/`, such as `vault/src/door/door.ts`
 */
export function check(path, text) {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true)
  const [own, , ...inside] = path.split('/')
  const file = inside.join('/').replace(/\.[jt]s$/, '')
  const problems = []
  const wrong = (line, sentence) => problems.push(`packages/${path}:${line} ${sentence}`)
  if (own === 'vault' && !roomOf(file)) wrong(1, 'is in no room that the plan names.')
  for (const { specifier, typesOnly, line } of importsOf(source)) {
    const ours = /^@amanat\/([^/]+)/.exec(specifier)?.[1]
    if (ours !== undefined && !PACKAGES[own]?.includes(ours)) wrong(line, `imports ${specifier}, which ${own} may not.`)
    if (ISOMORPHIC.includes(own) && isNodes(specifier)) wrong(line, `imports ${specifier}, which no browser has.`)
    if (!specifier.startsWith('.')) continue
    const target = posix.join(posix.dirname(file), specifier)
    if (target.startsWith('..') && target !== '../package.json')
      wrong(line, `imports ${specifier}, past the package's own sources.`)
    else if (own === 'vault' && !typesOnly) {
      const here = roomOf(file)
      const there = roomOf(target.replace(/\.[jt]s$/, ''))
      if (here && there && there.place > here.place)
        wrong(line, `imports ${specifier}: ${here.name} may not use ${there.name}.`)
    }
  }
  if (own === 'vault' && !MAY_ASK.includes(path))
    for (const { words, line } of askedOf(source)) wrong(line, `asks ${words}: time and randomness are injected.`)
  return problems
}

const isNodes = specifier => specifier.startsWith('node:') || builtinModules.includes(specifier.split('/')[0])

/** What is wrong in this checkout. */
export function checkAll() {
  const packages = fileURLToPath(new URL('../packages', import.meta.url))
  return readdirSync(packages)
    .flatMap(name => filesUnder(packages, `${name}/src`))
    .flatMap(path => check(path, readFileSync(join(packages, path), 'utf8')))
}

function filesUnder(base, folder) {
  return readdirSync(join(base, folder), { withFileTypes: true }).flatMap(entry => {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory()) return filesUnder(base, path)
    return /\.[jt]s$/.test(entry.name) ? [path] : []
  })
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  const problems = checkAll()
  for (const problem of problems) console.error(problem)
  process.exitCode = problems.length > 0 ? 1 : 0
}
