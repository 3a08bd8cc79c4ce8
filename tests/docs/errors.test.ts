import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type ErrorCode, VaultError } from '@amanat/vault'
import ts from 'typescript'
import { expect, test } from 'vitest'
import { ROOT } from './pages'

interface Told {
  readonly code: string
  readonly kind: string
  readonly means: string
  readonly fix: string
  readonly data: string
}

const SOURCE = join(ROOT, 'packages/vault/src/errors.ts')

/** The codes with the names of what comes with them, from the source itself. */
function inCode(): Told[] {
  const source = ts.createSourceFile(SOURCE, readFileSync(SOURCE, 'utf8'), ts.ScriptTarget.ES2022, true)
  const found: Told[] = []
  for (const statement of source.statements) {
    if (!ts.isInterfaceDeclaration(statement) || statement.name.text !== 'ErrorData') continue
    for (const member of statement.members) {
      if (!ts.isPropertySignature(member) || !member.type) continue
      const code = member.name.getText(source)
      const error = new VaultError(code as 'CORRUPT', { data: undefined as never })
      const data = namesIn(member.type, source)
        .map(name => `\`${name}\``)
        .join(', ')
      found.push({ code, kind: error.kind, means: error.message, fix: error.fix, data })
    }
  }
  return found
}

function namesIn(type: ts.TypeNode, source: ts.SourceFile): string[] {
  if (ts.isUnionTypeNode(type)) return type.types.flatMap(each => namesIn(each, source))
  if (!ts.isTypeLiteralNode(type)) return []
  return type.members.flatMap(member => (member.name ? [member.name.getText(source)] : []))
}

/** The rows of the page's table. */
function inPage(): Told[] {
  const text = readFileSync(join(ROOT, 'docs/errors.md'), 'utf8')
  const rows = [...text.matchAll(/^\| `([A-Z_]+)` \| (\w+) \| (.+?) \| (.+?) \| (.*?) ?\|$/gm)]
  return rows.map(([, code = '', kind = '', means = '', fix = '', data = '']) => ({ code, kind, means, fix, data }))
}

test('the page on errors and the code tell the same', () => {
  expect(inPage()).toEqual(inCode())
})

test('the source is read right: it knows a code with data and one without', () => {
  const codes = new Map(inCode().map(told => [told.code as ErrorCode, told.data]))
  expect(codes.get('BULK_READ_REFUSED')).toBe('`left`, `resets`')
  expect(codes.get('VAULT_LOCKED')).toBe('')
})
