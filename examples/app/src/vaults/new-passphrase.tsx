/** A new passphrase: drawn, and typed back when it stands on paper; or an own one, measured and typed twice. */
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Bar, Button, Choices, TextField } from '../design/parts'
import { PassphraseField } from './passphrase-field'
import { ENOUGH, measure, type Strength } from './passphrase-strength'
import { drawWords } from './passphrase-words'
import './new-passphrase.css'

interface Props {
  /** The passphrase once it can be used; `undefined` while it can't. */
  readonly onChange: (passphrase: string | undefined) => void
}

const tidy = (text: string) => text.trim().replace(/\s+/g, ' ')

export function NewPassphrase({ onChange }: Props) {
  const { t } = useTranslation('create')
  const [kind, setKind] = useState('drawn')
  return (
    <div className="stack">
      <Choices
        label={t('key.kind')}
        value={kind}
        onChange={next => {
          setKind(next)
          onChange(undefined)
        }}
        choices={[
          { value: 'drawn', label: t('key.drawn'), hint: t('key.drawnHint') },
          { value: 'own', label: t('key.own'), hint: t('key.ownHint') },
        ]}
      />
      {kind === 'drawn' ? <Drawn onChange={onChange} /> : <Own onChange={onChange} />}
    </div>
  )
}

function Drawn({ onChange }: Props) {
  const { t } = useTranslation('create')
  const [words, setWords] = useState<readonly string[]>([])
  const [isHidden, setHidden] = useState(false)
  const [typed, setTyped] = useState('')
  // biome-ignore lint/correctness/useExhaustiveDependencies: drawn once, and again when asked
  useEffect(() => void draw(), [])

  async function draw() {
    onChange(undefined)
    setTyped('')
    setHidden(false)
    setWords(await drawWords())
  }

  if (!isHidden)
    return (
      <div className="new-passphrase-drawn">
        <ol className="ltr" lang="en" data-testid="words">
          {words.map((word, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a word may come twice
            <li key={at}>{word}</li>
          ))}
        </ol>
        <p className="soft small">{t('key.write')}</p>
        <div className="row">
          <Button look="primary" onPress={() => setHidden(true)} isDisabled={words.length === 0}>
            {t('key.written')}
          </Button>
          <Button look="quiet" onPress={draw}>
            {t('key.others')}
          </Button>
        </div>
      </div>
    )
  const isWrong = typed !== '' && !words.join(' ').startsWith(tidy(typed))
  return (
    <div className="new-passphrase-drawn">
      <TextField
        label={t('key.typeBack')}
        hint={t('key.typeBackHint')}
        value={typed}
        onChange={text => {
          setTyped(text)
          onChange(tidy(text) === words.join(' ') ? words.join(' ') : undefined)
        }}
        wrong={isWrong ? t('key.typeBackWrong') : undefined}
        autoComplete="off"
        spellCheck="false"
        autoFocus
        ltr
      />
      <Button look="quiet" onPress={() => setHidden(false)}>
        {t('key.again')}
      </Button>
    </div>
  )
}

function Own({ onChange }: Props) {
  const { t } = useTranslation('create')
  const [text, setText] = useState('')
  const [again, setAgain] = useState('')
  const [strength, setStrength] = useState<Strength>()

  async function see(next: string, repeated: string) {
    setText(next)
    setAgain(repeated)
    onChange(undefined)
    const found = next === '' ? undefined : await measure(next)
    setStrength(found)
    if (found && found.score >= ENOUGH && next === repeated) onChange(tidy(next))
  }

  const score = strength?.score ?? 0
  return (
    <div className="stack">
      <PassphraseField label={t('key.ownLabel')} value={text} onChange={next => void see(next, again)} isNew />
      {strength && (
        <div className="stack-s" aria-live="polite">
          <Bar label={t('key.strength')} share={(score + 1) / 5} said={t(`key.score.${score as 0}`)} />
          <p className={score >= ENOUGH ? 'soft small' : 'new-passphrase-weak small'}>
            {score >= ENOUGH ? t('key.enough') : t('key.weak', { context: strength.warning ?? '' })}
          </p>
        </div>
      )}
      <PassphraseField label={t('key.repeat')} value={again} onChange={next => void see(text, next)} isNew />
      {again !== '' && again !== text && <p className="new-passphrase-weak small">{t('key.differ')}</p>}
    </div>
  )
}
