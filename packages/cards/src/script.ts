// In which script how a name sounds is written, told by its letters. Programs that keep the sound of a name don't say by
// which system it is written, and JSContact asks for a system or a script (RFC 9553, section 1.5.4).

const SCRIPTS: readonly (readonly [script: string, letters: RegExp])[] = [
  ['Latn', /\p{Script=Latin}/u],
  ['Kana', /\p{Script=Katakana}/u],
  ['Hira', /\p{Script=Hiragana}/u],
  ['Arab', /\p{Script=Arabic}/u],
  ['Cyrl', /\p{Script=Cyrillic}/u],
  ['Hang', /\p{Script=Hangul}/u],
  ['Hani', /\p{Script=Han}/u],
  ['Grek', /\p{Script=Greek}/u],
  ['Hebr', /\p{Script=Hebrew}/u],
  ['Deva', /\p{Script=Devanagari}/u],
  ['Thai', /\p{Script=Thai}/u],
]

/** ISO 15924; `Zyyy` where nothing tells. */
export const scriptOf = (text: string) => SCRIPTS.find(([, letters]) => letters.test(text))?.[0] ?? 'Zyyy'
