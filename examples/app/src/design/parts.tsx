/**
 * The parts that screens are made of: react-aria-components with this app's look, so that keyboard, screen readers and both
 * directions of writing work in each of them. No part knows the vault.
 */
import type { ReactNode } from 'react'
import {
  Button as AriaButton,
  type ButtonProps as AriaButtonProps,
  TextField as AriaTextField,
  type TextFieldProps as AriaTextFieldProps,
  Checkbox,
  CheckboxGroup,
  type CheckboxGroupProps,
  FieldError,
  Input,
  Label,
  ProgressBar,
  Radio,
  RadioGroup,
  type RadioGroupProps,
  Text,
  TextArea,
} from 'react-aria-components'
import { Link } from 'wouter'
import { Icon, type IconName } from './icon'
import './parts.css'

type Look = 'plain' | 'primary' | 'danger' | 'quiet'

export function Button({
  look = 'plain',
  icon,
  wide,
  children,
  ...rest
}: Omit<AriaButtonProps, 'children' | 'className'> & {
  look?: Look
  icon?: IconName
  wide?: boolean
  children: ReactNode
}) {
  return (
    <AriaButton {...rest} className={`button ${look}${wide ? ' wide' : ''}`}>
      {icon && <Icon name={icon} />}
      {children}
    </AriaButton>
  )
}

/** A link that looks like a button: it goes somewhere, and changes nothing. */
export function ButtonLink({
  to,
  look = 'plain',
  icon,
  children,
}: {
  to: string
  look?: Look
  icon?: IconName
  children: ReactNode
}) {
  return (
    <Link href={to} className={`button ${look}`}>
      {icon && <Icon name={icon} turns={icon === 'next' || icon === 'back'} />}
      {children}
    </Link>
  )
}

export function TextField({
  label,
  hint,
  wrong,
  lines,
  ltr,
  placeholder,
  ...rest
}: Omit<AriaTextFieldProps, 'children' | 'className'> & {
  label: string
  hint?: ReactNode
  /** What is wrong with it, in a sentence. */
  wrong?: string | undefined
  /** More than one: a text of several lines. */
  lines?: number
  /** For numbers, addresses and keys. */
  ltr?: boolean
  placeholder?: string
}) {
  const input = { className: 'input', dir: ltr ? 'ltr' : 'auto', ...(placeholder === undefined ? {} : { placeholder }) }
  return (
    // `aria`: what is wrong is said, but doesn’t keep the browser from sending the form again.
    <AriaTextField validationBehavior="aria" {...rest} isInvalid={wrong !== undefined} className="field">
      <Asked label={label} hint={hint} />
      {lines ? <TextArea {...input} rows={lines} /> : <Input {...input} />}
      <FieldError className="wrong">{wrong}</FieldError>
    </AriaTextField>
  )
}

/** What a field or a group of them asks for. */
function Asked({ label, hint }: { label: ReactNode; hint: ReactNode }) {
  return (
    <>
      <Label className="label">{label}</Label>
      {hint && (
        <Text slot="description" className="hint">
          {hint}
        </Text>
      )}
    </>
  )
}

export interface Choice {
  readonly value: string
  readonly label: ReactNode
  readonly hint?: ReactNode
  readonly disabled?: boolean
}

/** One of several, as tiles. Nothing is chosen unless `value` says so. */
export function Choices({
  label,
  hint,
  choices,
  wrong,
  ...rest
}: Omit<RadioGroupProps, 'children' | 'className'> & {
  label: ReactNode
  hint?: ReactNode
  choices: readonly Choice[]
  wrong?: string | undefined
}) {
  return (
    <RadioGroup validationBehavior="aria" {...rest} isInvalid={wrong !== undefined} className="choices">
      <Asked label={label} hint={hint} />
      {choices.map(choice => (
        <Radio key={choice.value} value={choice.value} isDisabled={choice.disabled ?? false} className="tile radio">
          <Tile {...choice} />
        </Radio>
      ))}
      <FieldError className="wrong">{wrong}</FieldError>
    </RadioGroup>
  )
}

/** Any of several, as tiles. */
export function Checks({
  label,
  hint,
  choices,
  ...rest
}: Omit<CheckboxGroupProps, 'children' | 'className'> & {
  label: ReactNode
  hint?: ReactNode
  choices: readonly Choice[]
}) {
  return (
    <CheckboxGroup {...rest} className="choices">
      <Asked label={label} hint={hint} />
      {choices.map(choice => (
        <Checkbox key={choice.value} value={choice.value} isDisabled={choice.disabled ?? false} className="tile">
          <Tile {...choice} />
        </Checkbox>
      ))}
    </CheckboxGroup>
  )
}

export function Check({
  children,
  isSelected,
  onChange,
}: {
  children: ReactNode
  isSelected: boolean
  onChange: (selected: boolean) => void
}) {
  return (
    <Checkbox isSelected={isSelected} onChange={onChange} className="tile">
      <Tile label={children} />
    </Checkbox>
  )
}

function Tile({ label, hint }: Pick<Choice, 'label' | 'hint'>) {
  return (
    <>
      <span className="mark">
        <Icon name="check" size={14} />
      </span>
      <span className="stack-s">
        <span>{label}</span>
        {hint && <span className="soft small">{hint}</span>}
      </span>
    </>
  )
}

export type Tone = 'note' | 'good' | 'soon' | 'stop'
const TONE_ICON = { note: 'note', good: 'check', soon: 'soon', stop: 'stop' } as const

/** Something worth saying, with what can be done about it. With `live` it is read out when it appears. */
export function Say({
  tone = 'note',
  title,
  children,
  live,
}: {
  tone?: Tone
  title?: ReactNode
  children?: ReactNode
  live?: boolean
}) {
  return (
    <div className={`say ${tone}`} role={live ? (tone === 'stop' ? 'alert' : 'status') : undefined}>
      <Icon name={TONE_ICON[tone]} />
      <div>
        {title && <p className="title">{title}</p>}
        {children}
      </div>
    </div>
  )
}

export function Badge({ tone, children }: { tone?: Tone | 'accent'; children: ReactNode }) {
  return <span className={`badge ${tone ?? ''}`}>{children}</span>
}

export function Empty({ icon, title, children }: { icon: IconName; title: ReactNode; children?: ReactNode }) {
  return (
    <div className="empty">
      <Icon name={icon} />
      <h2>{title}</h2>
      {children}
    </div>
  )
}

/** How far something is, from 0 to 1; said in words beside it. */
export function Bar({ label, share, said }: { label: string; share: number; said?: ReactNode }) {
  const percent = Math.round(Math.min(1, Math.max(0, share)) * 100)
  return (
    <div className="bar">
      <div className="said">
        <span>{label}</span>
        <span className="numbers">{said}</span>
      </div>
      <ProgressBar aria-label={label} value={percent} className="track">
        <div className="fill" style={{ width: `${percent}%` }} />
      </ProgressBar>
    </div>
  )
}

/** The head of a screen and what it holds. Its heading is what a screen reader is sent to when the screen changes. */
export function Page({
  title,
  lead,
  back,
  actions,
  narrow,
  children,
}: {
  title: ReactNode
  lead?: ReactNode
  back?: { readonly to: string; readonly label: string }
  actions?: ReactNode
  narrow?: boolean
  children: ReactNode
}) {
  return (
    <main className={`page${narrow ? ' narrow' : ''}`} id="main">
      <header className="page-head">
        <div>
          {back && (
            <Link href={back.to} className="button quiet back">
              <Icon name="back" turns />
              {back.label}
            </Link>
          )}
          <h1 tabIndex={-1} data-page-title>
            {title}
          </h1>
          {lead && <p className="soft">{lead}</p>}
        </div>
        {actions && <div className="row">{actions}</div>}
      </header>
      {children}
    </main>
  )
}
