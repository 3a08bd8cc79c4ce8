/**
 * Text that came from outside, made safe to show. A name can hold escape sequences that repaint the screen or type into
 * it, and marks that turn the rest of a line around; here they become a visible box. Joiners that Persian and other
 * scripts need to be written at all stay.
 */

// Controls (C0, DEL, C1), line and paragraph separators, marks and overrides of direction, invisible operators, tags,
// and halves of characters.
const UNSAFE =
  /[\p{Cc}\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]|\p{Surrogate}/gu

/** One line, without anything that acts on a terminal. */
export const plain = (text: unknown): string => String(text).replace(UNSAFE, '\ufffd')

/** The same for JSON, which has escapes for them: what is read back is what was written. */
export const plainJson = (value: unknown): string =>
  JSON.stringify(value, undefined, 2).replace(UNSAFE, found =>
    found === '\n'
      ? found
      : Array.from({ length: found.length }, (_, i) => `\\u${found.charCodeAt(i).toString(16).padStart(4, '0')}`).join(
          '',
        ),
  )
