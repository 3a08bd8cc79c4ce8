/** How the person shows that it was them: their name typed, a signature, or a photo of the paper that they signed. */
import { useEffect, useState } from 'react'
import { FileTrigger, Tab, TabList, TabPanel, Tabs } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { Button, TextField } from '../../design/parts'
import { photoOf } from '../../evidence/photo'
import type { Proof } from './evidence'
import { Signature } from './signature'
import { type At, Step } from './step'

export function ProofStep({
  at,
  suggested,
  proof,
  onProof,
  onBack,
  onNext,
}: {
  at: At
  suggested: string
  proof: Proof | undefined
  onProof: (proof: Proof | undefined) => void
  onBack: () => void
  onNext: () => void
}) {
  const { t } = useTranslation(['signup', 'common'])
  const [way, setWay] = useState<Proof['how']>(proof?.how ?? 'typed')
  const [isMissed, setMissed] = useState(false)
  const isThere = proof?.how === way && (proof.how !== 'typed' || proof.name.trim() !== '')
  const choose = (next: Proof['how']) => {
    setWay(next)
    setMissed(false)
    if (proof && proof.how !== next) onProof(undefined)
  }
  return (
    <Step
      title={t('proof.title')}
      lead={t('proof.lead')}
      at={at}
      next={t('common:continue')}
      onBack={onBack}
      onNext={() => (isThere ? onNext() : setMissed(true))}
    >
      <Tabs className="sheet" selectedKey={way} onSelectionChange={key => choose(key as Proof['how'])}>
        <TabList className="signup-tabs" aria-label={t('proof.title')}>
          <Tab id="typed">{t('proof.typed')}</Tab>
          <Tab id="drawn">{t('proof.drawn')}</Tab>
          <Tab id="photo">{t('proof.photo')}</Tab>
        </TabList>
        <TabPanel id="typed" className="stack">
          <TextField
            label={t('proof.name')}
            hint={suggested.trim() === '' ? t('proof.nameHint') : t('proof.nameAs', { name: `⁨${suggested.trim()}⁩` })}
            autoComplete="off"
            value={proof?.how === 'typed' ? proof.name : ''}
            onChange={name => onProof({ how: 'typed', name })}
          />
        </TabPanel>
        <TabPanel id="drawn" className="stack">
          <Signature isThere={proof?.how === 'drawn'} onDrawn={png => onProof(png && { how: 'drawn', png })} />
        </TabPanel>
        <TabPanel id="photo" className="stack">
          <Photo photo={proof?.how === 'photo' ? proof : undefined} onPhoto={onProof} />
        </TabPanel>
        {isMissed && !isThere && (
          <p className="signup-wrong" role="alert">
            {t(`proof.missed.${way}`)}
          </p>
        )}
      </Tabs>
      <p className="soft small">{t('proof.kept')}</p>
    </Step>
  )
}

function Photo({
  photo,
  onPhoto,
}: {
  photo: Extract<Proof, { how: 'photo' }> | undefined
  onPhoto: (photo: Proof) => void
}) {
  const { t } = useTranslation('signup')
  const [isWrong, setWrong] = useState(false)
  const shown = photo?.shown
  useEffect(() => () => (shown === undefined ? undefined : URL.revokeObjectURL(shown)), [shown])
  async function take(files: FileList | null) {
    const [file] = files ?? []
    if (!file) return
    setWrong(false)
    try {
      onPhoto({ how: 'photo', ...(await photoOf(file)) })
    } catch {
      setWrong(true)
    }
  }
  return (
    <>
      <p>{t('proof.photoHow')}</p>
      {shown !== undefined && <img className="signup-photo" src={shown} alt={t('proof.photoAlt')} />}
      <FileTrigger acceptedFileTypes={['image/*']} defaultCamera="environment" onSelect={files => void take(files)}>
        <Button icon="plus">{photo ? t('proof.photoAgain') : t('proof.photoTake')}</Button>
      </FileTrigger>
      {isWrong && (
        <p className="signup-wrong" role="alert">
          {t('proof.photoWrong')}
        </p>
      )}
    </>
  )
}
