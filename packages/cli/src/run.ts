/**
 * One command from its arguments to its exit code: 0 done, 1 failure, 2 mistake in the call, 3 refused by the rules.
 * The answer goes to stdout, once and whole; everything else to stderr.
 */
import { Command, CommanderError } from 'commander'
import { version } from '../package.json'
import type { Act, Answer, Cli, Globals } from './command'
import { wholeNumber } from './command'
import { COMMANDS } from './commands'
import { tell, usage } from './errors'
import type { Io } from './io'
import { paintFor } from './output'
import { plain, plainJson } from './terminal'

export async function run(argv: readonly string[], io: Io): Promise<number> {
  const json = argv.includes('--json')
  let answer: Answer | undefined
  const program = programOf(io)
  const paint = paintFor(io.stderr, io)
  const note = (text: string) => {
    io.stderr.write(`${paint('yellow', 'Note:')} ${plain(text)}\n`)
  }
  const act: Act =
    <A extends readonly unknown[]>(handler: (cli: Cli, ...args: A) => Promise<Answer>) =>
    async (...args: unknown[]) => {
      const cli: Cli = { io, globals: program.opts<Globals>(), paint: paintFor(io.stdout, io), note }
      // Last comes the command itself, which holds all of its options too.
      answer = await handler(cli, ...(args.slice(0, -1) as unknown as A))
    }
  for (const add of COMMANDS) add(program, act)
  let help = 'amanat --help'
  program.hook('preSubcommand', (_, called) => {
    help = `amanat ${called.name()} --help`
  })
  try {
    await program.parseAsync([...argv], { from: 'user' })
    if (answer) io.stdout.write(`${json ? plainJson(answer.value) : answer.text()}\n`)
    return answer?.exit ?? 0
  } catch (caught) {
    const error = caught instanceof CommanderError ? mistyped(caught, help) : caught
    // Help or the version was asked for, and shown.
    if (error === undefined) return 0
    if (io.env['AMANAT_DEBUG'] === '1' && error instanceof Error) io.stderr.write(`${error.stack}\n`)
    const { exit, message, fix, json: value } = tell(error)
    if (json) io.stdout.write(`${plainJson(value)}\n`)
    else io.stderr.write(`${paint('red', safe(message))}\n${safe(fix)}\n`)
    return exit
  }
}

const safe = (text: string): string => text.split('\n').map(plain).join('\n')

function programOf(io: Io): Command {
  return new Command('amanat')
    .description("A vault of other people's contact details: each for a purpose they agreed to, and until a date.")
    .version(version)
    .option('--vault <dir>', 'the folder of the vault (or AMANAT_VAULT)')
    .option('--actor <id>', 'who acts, such as staff:leila (or AMANAT_ACTOR; default: cli)')
    .option('--passphrase-file <file>', 'the passphrase is in this file; - is stdin')
    .option('--passphrase-fd <number>', 'the passphrase can be read from this descriptor', wholeNumber)
    .option('--key-file <file>', 'unlock with the key in this file')
    .option('--recovery-code', 'unlock with the recovery code, which is asked for')
    .option('--json', 'one JSON value on stdout, errors too')
    .showSuggestionAfterError()
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: text => io.stdout.write(text),
      writeErr: text => io.stderr.write(text),
      // Told below, without what was typed.
      outputError: () => undefined,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .exitOverride()
}

/**
 * Commander's errors repeat what was typed, and that may be a name or a passphrase. What they say about the program
 * itself is kept: the option's own name, how many arguments it takes, the nearest command there is.
 *
 * @param help what tells more about the command that was called
 */
function mistyped({ code, message, exitCode }: CommanderError, help: string) {
  if (exitCode === 0) return undefined
  const [, option] = /(--?[A-Za-z][A-Za-z-]*)/.exec(message) ?? []
  const [, suggestion] = /\(Did you mean (.*)\?\)/.exec(message) ?? []
  const fix = suggestion ? `Did you mean ${suggestion}?` : `See \`${help}\`.`
  if (code === 'commander.help') return usage('Which command?', fix)
  if (code === 'commander.unknownOption') return usage(`There is no option ${option ?? 'like that'} here.`, fix)
  if (code === 'commander.unknownCommand') return usage('There is no such command.', fix)
  if (code === 'commander.excessArguments') return usage('There are more arguments than this command takes.', fix)
  if (code === 'commander.invalidArgument') {
    const [, reason = ''] = /is invalid\. (.*)$/.exec(message) ?? []
    return usage(`What was given with ${option ?? 'an argument'} won't do. ${reason}`.trim(), fix)
  }
  // These name options and arguments of the program only.
  if (/^commander\.(missing|optionMissing|conflicting)/.test(code))
    return usage(sentence(message.replace(/^error: /, '')), fix)
  return usage('This is not how the command is called.', fix)
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
