/** What the columns of a sheet are: as far as their headers tell, else as a suggestion that somebody looks at. */
import { type CsvPlace, columnsFrom, csvSample, suggestMapping } from '@amanat/cards'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button, Say } from '../../design/parts'
import { Select } from '../../design/select'
import { useFormat } from '../../i18n/format'
import { describe } from '../../i18n/policy'
import { useVault } from '../../vaults/session'
import type { Columns, Given } from './source'

const PLACES = [
  'name',
  'given',
  'surname',
  'mobile',
  'phone',
  'email',
  'address',
  'street',
  'locality',
  'postcode',
  'country',
  'organization',
  'jobTitle',
  'birthday',
  'language',
  'note',
  'id',
] as const satisfies readonly CsvPlace[]

const SAMPLE_BYTES = 262_144

interface Header {
  readonly header: string
  readonly sample: string
}

export function Mapping({
  given,
  columns = {},
  isUnknown = false,
  onBack,
  onColumns,
}: {
  given: Given
  /** What was said of them before. */
  columns?: Columns
  /** None of them is known by its name. */
  isUnknown?: boolean
  onBack?: () => void
  onColumns: (columns: Columns) => void
}) {
  const { t } = useTranslation(['bring', 'common'])
  const { language } = useFormat()
  const { policy } = useVault()
  const [headers, setHeaders] = useState<readonly Header[]>()
  const [places, setPlaces] = useState<Columns>(columns)
  const file = given.kind === 'file' ? given.file : undefined
  useEffect(() => {
    void sampleOf(file).then(({ found, suggested }) => {
      setHeaders(found)
      setPlaces({ ...suggested, ...columns })
    })
  }, [file, columns])
  const options = [
    { value: 'ignore', label: t('mapping.ignore') },
    ...PLACES.map(place => ({ value: place as string, label: t(`place.${place}`) })),
    ...Object.keys(policy.custom ?? {}).map(field => ({ value: field, label: field.slice(2) })),
    ...Object.keys(policy.purposes).flatMap(purpose => {
      const said = `«${describe(policy, purpose, language)}»`
      return [
        { value: `consent-status:${purpose}`, label: t('place.agreed', { purpose: said }) },
        { value: `consent-at:${purpose}`, label: t('place.agreedAt', { purpose: said }) },
      ]
    }),
    { value: 'consent-no', label: t('place.no') },
  ]
  const withOwn = (place: string | undefined) =>
    place === undefined || options.some(({ value }) => value === place)
      ? options
      : [{ value: place, label: place }, ...options]
  if (headers?.length === 0)
    return (
      <Say tone="soon" title={t('wrong.TYPE_UNKNOWN.what')} live>
        <p>{t('wrong.TYPE_UNKNOWN.fix')}</p>
        {onBack && <Button onPress={onBack}>{t('another')}</Button>}
      </Say>
    )
  return (
    <section className="sheet">
      {isUnknown && (
        <Say tone="soon" title={t('mapping.unknown')} live>
          <p>{t('mapping.unknownFix')}</p>
        </Say>
      )}
      <p className="soft">{t('mapping.how')}</p>
      <ul className="bring-columns">
        {(headers ?? []).map(({ header, sample }) => (
          <li key={header}>
            <div className="bring-sample">
              <bdi className="soft small">{sample}</bdi>
            </div>
            <Select
              label={`⁨${header}⁩`}
              value={places[header] ?? 'ignore'}
              options={withOwn(places[header])}
              onChange={place => setPlaces(all => ({ ...all, [header]: place as CsvPlace }))}
            />
          </li>
        ))}
      </ul>
      <div className="row">
        {onBack && <Button onPress={onBack}>{t('another')}</Button>}
        <Button look="primary" onPress={() => onColumns(places)} isDisabled={headers === undefined}>
          {t('mapping.read')}
        </Button>
      </div>
    </section>
  )
}

async function sampleOf(file: File | undefined): Promise<{ found: Header[]; suggested: Columns }> {
  if (!file) return { found: [], suggested: {} }
  try {
    const head = new Uint8Array(await file.slice(0, SAMPLE_BYTES).arrayBuffer())
    const { headers, samples } = await csvSample(head)
    const suggested = columnsFrom(suggestMapping(headers, samples))
    const found = [...new Set(headers)]
      .filter(header => header.trim() !== '')
      .slice(0, 60)
      .map(header => {
        const at = headers.indexOf(header)
        const sample = samples.map(row => (row[at] ?? '').trim()).find(cell => cell !== '') ?? ''
        return { header, sample: sample.slice(0, 60) }
      })
    // A page of prose has one long header and nothing that suggests itself.
    return headers.length > 1 || Object.keys(suggested).length > 0 ? { found, suggested } : { found: [], suggested: {} }
  } catch {
    return { found: [], suggested: {} }
  }
}
