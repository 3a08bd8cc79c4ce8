/**
 * Whether the vault and its place are sound: the folder, its permissions, the cell, and whether everything that the
 * vault says it holds can be opened. It reads, and tells ids and tables of rows at most.
 */
import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { disk } from '@amanat/store-disk'
import { type AnyVault, isVaultError, type Store, VaultError, vaultExists } from '@amanat/vault'
import type { AddCommand, Cli } from '../command'
import { tell } from '../errors'
import { folderOf, looksLikeVault, withVault } from '../open'
import { number } from '../output'
import { syncedBy } from '../synced'
import { promises } from '../words'

interface Finding {
  readonly check: 'folder' | 'permissions' | 'sync' | 'cell' | 'guarantees' | 'unlock' | 'rows'
  readonly state: 'ok' | 'warning' | 'problem'
  readonly detail: string
  /** Rows that don't open. */
  readonly broken?: readonly string[]
}

const HALF_BYTES = 4096
const BROKEN_SHOWN = 20

export const doctor: AddCommand = (program, act) => {
  program
    .command('doctor')
    .description('look whether the vault and its folder are sound')
    .option('--locked', 'without unlocking: only the folder and the cell')
    .action(
      act(async (cli, { locked }: { readonly locked?: boolean }) => {
        const folder = folderOf(cli)
        if (!looksLikeVault(folder)) throw new VaultError('VAULT_MISSING')
        const findings: Finding[] = [await permissions(folder), sync(folder), ...(await storeFindings(folder))]
        if (!locked) findings.push(...(await contents(cli)))
        const problems = findings.filter(({ state }) => state === 'problem').length
        return {
          value: { problems, findings },
          exit: problems > 0 ? 1 : 0,
          text: () => findings.map(finding => findingText(cli, finding)).join('\n'),
        }
      }),
    )
}

/** Everything in the folder is its owner's alone: 0700 and 0600. */
async function permissions(folder: string): Promise<Finding> {
  if (process.platform === 'win32') return { check: 'permissions', state: 'ok', detail: 'Left to Windows.' }
  let open = 0
  const look = async (path: string): Promise<void> => {
    const found = await lstat(path)
    if (!found.isSymbolicLink() && (found.mode & 0o077) !== 0) open++
    if (found.isDirectory()) for (const name of await readdir(path)) await look(join(path, name))
  }
  await look(folder)
  return open === 0
    ? { check: 'permissions', state: 'ok', detail: "The files are their owner's alone." }
    : {
        check: 'permissions',
        state: 'problem',
        detail: `Others may read ${number(open)} files or folders here: chmod -R go= the folder.`,
      }
}

function sync(folder: string): Finding {
  const by = syncedBy(folder)
  return by === undefined
    ? { check: 'sync', state: 'ok', detail: 'Nothing known seems to copy this folder elsewhere.' }
    : {
        check: 'sync',
        state: 'warning',
        detail: `${by} seems to copy this folder elsewhere, and such copies keep what the vault forgets. Move it.`,
      }
}

async function storeFindings(folder: string): Promise<Finding[]> {
  const store = disk(folder)
  try {
    if (!(await vaultExists(store))) throw new VaultError('VAULT_MISSING')
    const guarantees = await store.guarantees()
    return [
      await cell(store),
      {
        check: 'guarantees',
        state: guarantees.forgetting === 'in-place' ? 'ok' : 'warning',
        detail: promises(guarantees).join(' '),
      },
    ]
  } finally {
    await store.close()
  }
}

async function cell(store: Store): Promise<Finding> {
  const halves = await store.exclusive(() => Promise.all([store.cell.read(0), store.cell.read(1)]))
  const whole = halves.every(half => half?.length === HALF_BYTES)
  return whole
    ? { check: 'cell', state: 'ok', detail: 'The cell is there and can be read.' }
    : { check: 'cell', state: 'problem', detail: 'The cell is missing: nothing can be opened without it. Put it back.' }
}

async function contents(cli: Cli): Promise<Finding[]> {
  try {
    return await withVault(cli, async vault => [
      { check: 'unlock' as const, state: 'ok' as const, detail: 'The vault opens.' },
      await rows(vault),
    ])
  } catch (error) {
    // A wrong passphrase is the caller's answer, not the vault's state.
    if (!isVaultError(error) || error.code === 'CANNOT_UNLOCK') throw error
    const { message, fix } = tell(error)
    return [{ check: 'unlock', state: 'problem', detail: `${message} ${fix}` }]
  }
}

/** Every row once: pages, heads, the ring, the ledger, the ways of unlocking. Ids and tables are all that is told. */
async function rows(vault: AnyVault): Promise<Finding> {
  const { rows, damaged } = await vault.examine()
  return damaged.length === 0
    ? { check: 'rows', state: 'ok', detail: `Rows that were opened: ${number(rows)}.` }
    : {
        check: 'rows',
        state: 'problem',
        detail: `${number(damaged.length)} of ${number(rows)} rows do not open. What they held can't be read; the rest can.`,
        broken: damaged,
      }
}

const SIGN = { ok: 'ok      ', warning: 'warning ', problem: 'PROBLEM ' } as const

function findingText({ paint }: Cli, { state, detail, broken = [] }: Finding): string {
  const sign = state === 'ok' ? SIGN.ok : paint(state === 'warning' ? 'yellow' : 'red', SIGN[state])
  const some = broken.slice(0, BROKEN_SHOWN).map(row => `          ${row}`)
  return [`${sign}${detail}`, ...some].join('\n')
}
