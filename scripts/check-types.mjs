// Checks the types of every package, as its own `typecheck` says: `tsc -p …` for each of its programs, with the options that
// stand in their tsconfig.json. The compiler is started twice, beside each other, each time for about half of the work:
// dozens of files, those of the standard library before all, stand in every program, and are read once in each half.
import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { argv, execPath, stdout } from 'node:process'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

const root = fileURLToPath(new URL('..', import.meta.url))
/** By the options that files were read with: what was read, by its name. */
const read = new Map()

if (argv[2] === undefined) {
  // The tests read the vault's sources, and are with it.
  const large = ['packages/vault', 'tests']
  const halves = [[...inFolder('packages'), ...inFolder('examples')].filter(folder => !large.includes(folder)), large]
  const checked = await Promise.all(halves.map(checkedApart))
  process.exitCode = checked.every(Boolean) ? 0 : 1
} else {
  const sound = argv.slice(2).flatMap(programsOf).map(check)
  process.exitCode = sound.every(Boolean) ? 0 : 1
}

function inFolder(folder) {
  return readdirSync(join(root, folder)).map(name => `${folder}/${name}`)
}

function checkedApart(folders) {
  return new Promise(resolve => {
    const child = spawn(execPath, [fileURLToPath(import.meta.url), ...folders], { cwd: root, stdio: 'inherit' })
    child.on('close', code => resolve(code === 0))
  })
}

/** The configurations that a package's `typecheck` names. It may say nothing else, or that would not be checked here. */
function programsOf(folder) {
  const manifest = join(root, folder, 'package.json')
  if (!existsSync(manifest)) return []
  const { scripts: { typecheck = '' } = {} } = JSON.parse(readFileSync(manifest, 'utf8'))
  return typecheck.split(' && ').map(command => {
    const [, config] = /^tsc -p (\S+)$/.exec(command) ?? []
    if (config === undefined) throw new Error(`The typecheck of ${folder} is more than \`tsc -p …\`: ${typecheck}`)
    return join(root, folder, config)
  })
}

function check(config) {
  const parsed = ts.getParsedCommandLineOfConfigFile(config, undefined, {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic: problem => {
      throw new Error(ts.flattenDiagnosticMessageText(problem.messageText, '\n'))
    },
  })
  const program = ts.createProgram({
    rootNames: parsed.fileNames,
    options: parsed.options,
    projectReferences: parsed.projectReferences,
    host: sharing(parsed.options),
    configFileParsingDiagnostics: ts.getConfigFileParsingDiagnostics(parsed),
  })
  const problems = ts.sortAndDeduplicateDiagnostics(ts.getPreEmitDiagnostics(program))
  const files = program.getSourceFiles().filter(({ fileName }) => !fileName.includes('/node_modules/'))
  console.log(`${relative(root, config)}: ${files.length} files, ${problems.length} problems`)
  stdout.write(
    ts.formatDiagnostics(problems, {
      getCanonicalFileName: name => name,
      getCurrentDirectory: () => root,
      getNewLine: () => '\n',
    }),
  )
  return problems.length === 0 && files.length > 0
}

/** Reads a file once for all programs whose options agree, but for those that only say which files there are. */
function sharing(options) {
  const { types, lib, allowJs, resolveJsonModule, configFilePath, ...others } = options
  const key = JSON.stringify(others)
  const known = read.get(key) ?? new Map()
  read.set(key, known)
  const host = ts.createCompilerHost(options)
  const { getSourceFile } = host
  host.getSourceFile = (name, how, ...rest) => {
    const as = `${name} ${how.languageVersion} ${how.impliedNodeFormat} ${how.jsDocParsingMode}`
    if (!known.has(as)) known.set(as, getSourceFile(name, how, ...rest))
    return known.get(as)
  }
  return host
}
