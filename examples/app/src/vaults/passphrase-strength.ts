/** How long somebody would have to guess at a passphrase of one's own. Measured here, with lists that are loaded when they are needed. */
export interface Strength {
  /** From 0 to 4; what is below 3 isn't taken. */
  readonly score: number
  /** Why it is weak, as a key of this screen's words. */
  readonly warning: string | undefined
}

export const ENOUGH = 3

let measuring: Promise<(text: string) => Strength> | undefined

export async function measure(text: string): Promise<Strength> {
  measuring ??= load()
  return (await measuring)(text)
}

async function load(): Promise<(text: string) => Strength> {
  const [{ ZxcvbnFactory }, { adjacencyGraphs, dictionary }] = await Promise.all([
    import('@zxcvbn-ts/core'),
    import('@zxcvbn-ts/language-common'),
  ])
  const zxcvbn = new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs })
  return text => {
    const { score, feedback } = zxcvbn.check(text)
    return { score, warning: feedback.warning ?? undefined }
  }
}
