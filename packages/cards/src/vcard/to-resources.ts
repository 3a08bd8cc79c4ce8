// What is somewhere else, or as if it were: PHOTO, LOGO, SOUND and KEY, and links of every kind. Nothing is fetched.
import { about, type Draft, type Labelled, uriOf } from './draft'
import { inlineUri, isInline, mediaWords } from './media'

function resource(found: Labelled, uri: string): Record<string, unknown> {
  const mediaType = found.property.params.get('mediatype')?.[0]
  return {
    uri,
    ...(mediaType === undefined ? {} : { mediaType }),
    // TYPE=JPEG of vCard 3.0 is in the data: URI already.
    ...about(found, {
      params: ['mediatype'],
      types: isInline(found.property, uri) ? mediaWords(found.property) : [],
    }),
  }
}

export function media(found: Labelled, draft: Draft, kind: string): boolean {
  const uri = inlineUri(found.property)
  if (uri === undefined) return false
  draft.add('media', 'm', found.property, { kind, ...resource(found, uri) })
  return true
}

export function link(found: Labelled, draft: Draft, field: string, prefix: string, kind?: string): boolean {
  const uri = uriOf(found.property)
  if (uri === '') return true
  const index = Number(found.property.params.get('index')?.[0])
  const listAs = field === 'directories' && Number.isInteger(index) && index > 0 ? { listAs: index } : {}
  const mediaType = found.property.params.get('mediatype')?.[0]
  draft.add(field, prefix, found.property, {
    ...(kind === undefined ? {} : { kind }),
    uri,
    ...(mediaType === undefined ? {} : { mediaType }),
    ...listAs,
    ...about(found, { params: ['mediatype', 'index'] }),
  })
  return true
}

export function cryptoKey(found: Labelled, draft: Draft): boolean {
  const uri = inlineUri(found.property)
  if (uri === undefined) return false
  draft.add('cryptoKeys', 'y', found.property, resource(found, uri))
  return true
}
