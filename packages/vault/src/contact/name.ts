/** A person's name in one line: as written in full, or put together from its components. */
import type { Name, NameComponent } from './jscontact'

export function displayName(name: Name): string {
  if (name.full !== undefined && name.full.trim() !== '') return name.full.trim()
  const components = name.isOrdered ? (name.components ?? []) : said(name.components ?? [])
  const separator = name.defaultSeparator ?? ' '
  let line = ''
  let glue = ''
  for (const { kind, value } of components) {
    if (kind === 'separator') {
      glue = value
    } else if (value !== '') {
      line += line === '' ? value : glue + value
      glue = separator
    }
  }
  return line.trim()
}

// Where nothing says in which order they are said (RFC 9553, section 2.2.1.1): what vCard lists begins with the surname.
const SAID: readonly string[] = ['title', 'given', 'given2', 'surname', 'surname2', 'credential', 'generation']

function said(components: readonly NameComponent[]): NameComponent[] {
  const rank = ({ kind }: NameComponent) => (SAID.indexOf(kind) + SAID.length + 1) % (SAID.length + 1)
  return [...components].sort((one, other) => rank(one) - rank(other))
}
