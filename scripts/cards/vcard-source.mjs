// A second reading of a vCard file that shares nothing with the first: which properties are written in it, on which
// lines, and what their values say. It knows no mapping; it answers only whether a value, and each parameter, turned
// up anywhere in the card that was read from that line.
import { Buffer } from 'node:buffer'
import { count } from './differences.mjs'
import { Said, squash, textOf } from './words.mjs'

/** Properties that reached nothing: `tel` for a value, `tel;type` for a parameter, `card` for a whole card. */
export function unreached(bytes, items) {
  const { text, sure } = textOf(bytes)
  const byLine = new Map(items.map(item => [item.line, item]))
  const losses = {}
  const at = {}
  for (const { line, properties } of cardsOf(text)) {
    const lost = (name, where) => {
      count(losses, name)
      at[name] ??= where
    }
    const item = byLine.get(line)
    if (item === undefined) {
      if (properties.some(property => property.value.trim() !== '')) lost('card', line)
      continue
    }
    if (item.card === undefined) continue
    const skipped = new Set((item.skipped ?? []).map(one => one.line))
    const { line: _, ...rest } = item
    const said = new Said(rest)
    for (const property of properties) {
      if (skipped.has(property.line)) continue
      if (!reached(property, said, item.card, sure)) lost(property.name, property.line)
      for (const [name, value] of property.params) {
        if (!paramReached(property, name, value, said, item.card)) lost(`${property.name};${name}`, property.line)
      }
    }
  }
  return { losses, lines: at }
}

const PARAMS = /;((?:[^";:]|"[^"]*")*)/y

/** Cards with the line of their BEGIN; a card inside a card belongs to the property that holds it. */
function* cardsOf(text) {
  let card
  let nested = 0
  let last
  for (const { line, content } of contentLines(text)) {
    const word = content.replaceAll('\0', '').replace(/\s+/g, '').toUpperCase()
    if (word === '') continue
    if (word === 'BEGIN:VCARD') {
      if (card && last?.name === 'agent') nested++
      else {
        if (card) yield card
        card = { line, properties: [] }
        last = undefined
      }
    } else if (word === 'END:VCARD') {
      if (nested > 0) nested--
      else {
        if (card) yield card
        card = undefined
      }
    } else if (card) {
      const property = propertyOf(content, line)
      if (!property) continue
      if (nested > 0) property.name = 'agent'
      last = property
      card.properties.push(property)
    }
  }
  if (card) yield card
}

/** Folded lines, quoted-printable with soft breaks and base64 without blanks put together. */
function* contentLines(text) {
  const lines = text.replace(/^\ufeff/, '').split(/\r\n|\r|\n/)
  for (let at = 0; at < lines.length; ) {
    const line = at + 1
    let content = lines[at++]
    const head = /^[^:]*/.exec(content)[0].toUpperCase()
    const quoted = /[;=]QUOTED-PRINTABLE/.test(head)
    const binary = /[;=](BASE64|B)(?=;|$)/.test(head)
    while (at < lines.length) {
      if (quoted && content.endsWith('=')) content = content.slice(0, -1) + lines[at++].replace(/^[ \t](?==)/, '')
      else if (/^[ \t]/.test(lines[at]) && (!quoted || !/^\s*$/.test(lines[at]))) content += lines[at++].slice(1)
      else if (binary && /^[A-Za-z0-9+/]+=*$/.test(lines[at])) content += lines[at++]
      else break
    }
    const glued = /^(\s*END:VCARD)\s*(BEGIN:VCARD)\s*$/i.exec(content)
    for (const part of glued?.slice(1) ?? [content]) yield { line, content: part }
  }
}

function propertyOf(content, line) {
  const head = /^(?:([A-Za-z0-9_-]+)\.)?([A-Za-z0-9_-]+)(?=[;:])/.exec(content.trimStart())
  if (!head) return undefined
  const whole = content.trimStart()
  PARAMS.lastIndex = head[0].length
  const params = []
  let end = head[0].length
  for (let match = PARAMS.exec(whole); match; match = PARAMS.exec(whole)) {
    end = PARAMS.lastIndex
    const [name, ...rest] = match[1].split('=')
    if (rest.length === 0) params.push(['type', name])
    else for (const value of valuesOf(rest.join('='))) params.push([name.trim().toLowerCase(), value])
  }
  if (whole[end] !== ':') return undefined
  return { name: head[2].toLowerCase(), line, params, value: whole.slice(end + 1) }
}

const valuesOf = text => (text.match(/"[^"]*"|[^,"]+/g) ?? []).map(value => value.replace(/^"|"$/g, '').trim())

// Read before everything else, or saying when the file was made and not what is in it.
const SAYS_NOTHING = new Set(['version', 'begin', 'end', 'x-amanat-destroy-by'])
const DATE = /^(rev|created|bday|deathdate)$|anniversary|birthday|date$/
const NEEDS = new Map(
  Object.entries({
    fn: 'name',
    n: 'name',
    nickname: 'nicknames',
    tel: 'phones',
    email: 'emails',
    adr: 'addresses',
    org: 'organizations',
    title: 'titles',
    role: 'titles',
    note: 'notes',
    url: 'links',
    photo: 'media',
    logo: 'media',
    sound: 'media',
    key: 'cryptoKeys',
    bday: 'anniversaries',
    categories: 'keywords',
    uid: 'uid',
    related: 'relatedTo',
    member: 'members',
  }),
)

function reached({ name, params, value }, said, card, sure) {
  if (SAYS_NOTHING.has(name) || value.trim() === '') return true
  const encoding = params.find(([param]) => param === 'encoding')?.[1] ?? ''
  const types = params.filter(([param]) => param === 'type').map(([, type]) => type.toUpperCase())
  const kept = (card.vCardProps ?? []).some(([prop]) => prop === name)
  if (/^(b|base64)$/i.test(encoding) || types.includes('BASE64'))
    return said.hasBinary(value) || said.has(Buffer.from(value, 'base64').toString())
  const quoted = /^quoted-printable$/i.test(encoding) || types.includes('QUOTED-PRINTABLE')
  const charset = params.find(([param]) => param === 'charset')?.[1]
  const named = !sure && !quoted && charset !== undefined ? decoded(Buffer.from(value, 'latin1'), charset) : undefined
  const text = quoted ? unquoted(value, charset) : (named ?? value)
  const parts = partsOf(text)
    // A label without its quotes ends at some colon, and only the reader can say at which.
    .flatMap(part => (name === 'adr' ? part.split(':') : [part]))
    .filter(part => squash(part) !== '')
  if (parts.length === 0) return true
  // A table of Android's: what the row is, its value, and the numbers and words that say of which kind.
  if (name === 'x-android-custom')
    return parts.slice(1).every(part => /^\d{1,2}$/.test(part) || said.has(part) || said.hasDate(part))
  const place = NEEDS.get(name)
  if (place !== undefined && card[place] === undefined && !kept && card.localizations === undefined) {
    // Sounds of a name, and the like, have places of their own.
    if (name !== 'sound' && name !== 'uid') return false
  }
  // Apple writes a birthday without its year as one of 1604.
  const [, omitted] = params.find(([param]) => param === 'x-apple-omit-year') ?? []
  const date = omitted !== undefined && text.startsWith(omitted) ? text.slice(omitted.length) : text
  if (DATE.test(name) && said.hasDate(date)) return true
  if (name === 'tz') return card.addresses !== undefined || kept
  if (name === 'kind' || name === 'x-addressbookserver-kind') return card.kind !== undefined || kept
  // Whatever else the alphabet was, what is written in ASCII must be there.
  const legible = part => (!sure && !quoted && named === undefined ? part.replace(/[^\x20-\x7e]+/g, '\0') : part)
  return parts.every(part => {
    const plain = legible(part)
    if (plain.includes('\0')) return plain.split('\0').every(piece => said.has(piece))
    return said.has(part) || said.has(part.replace(/\\(.)/g, '$1'))
  })
}

const QUIET = new Set('encoding charset value altid calscale derived jsptr jscomps tz x-apple-omit-year'.split(' '))
const QUIET_TYPES = new Set([
  'internet',
  'pref',
  'base64',
  'b',
  'quoted-printable',
  '8bit',
  '7bit',
  'uri',
  'inline',
  'voice',
])

// RFC 2426 has words of its own for what is a media type.
const KEYS = new Map([
  ['x509', 'pkix-cert'],
  ['pgp', 'pgp-keys'],
])

function paramReached(property, name, value, said, card) {
  if (SAYS_NOTHING.has(property.name) || property.value.trim() === '' || QUIET.has(name)) return true
  // Android's way to put a word that isn't ASCII where a type stands.
  if (/^x-\w+\(charset$/.test(name)) return !value.startsWith('=') || said.has(unquoted(value.replace(/\)$/, '')))
  // Known to everybody without being said, or meant for whoever reads the line.
  if (name === 'type' && QUIET_TYPES.has(value.toLowerCase())) return true
  if (name === 'type' && property.name === 'sound' && /^x-irmc-n$/i.test(value)) return said.has('phonetic')
  // An address without any part is none, whatever it is said to be.
  if (name === 'type' && /^[;,\s]*$/.test(property.value) && !property.params.some(([param]) => param === 'label'))
    return true
  if (name === 'pref') return JSON.stringify(card).includes('"pref"')
  if (name === 'type' && /^(photo|logo|sound|key)$/.test(property.name))
    return said.has(value) || said.has(KEYS.get(value.toLowerCase()) ?? value) || /^[A-Z0-9]+$/.test(value)
  return partsOf(value).every(part => said.has(part))
}

/** Components and list members, without their escapes. */
function partsOf(text) {
  return text.split(/(?<!\\)[;,]/).map(part =>
    part
      .replace(/^_\$!<(.*)>!\$_$/, '$1')
      .replace(/\\n|\^n/gi, ' ')
      .replace(/\\(.)/g, '$1'),
  )
}

function unquoted(value, charset) {
  const bytes = Buffer.from(
    value.replace(/=([0-9A-Fa-f]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  )
  return decoded(bytes, charset ?? 'utf-8') ?? bytes.toString('latin1').replace(/[^\x20-\x7e\r\n]+/g, '\0')
}

function decoded(bytes, charset) {
  try {
    return new TextDecoder(charset, { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}
