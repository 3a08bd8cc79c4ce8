/** A person's name in one line: as written in full, or put together from its components. */
import type { Name } from './jscontact'

export function displayName(name: Name): string {
  if (name.full !== undefined && name.full.trim() !== '') return name.full.trim()
  const components = name.components ?? []
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
