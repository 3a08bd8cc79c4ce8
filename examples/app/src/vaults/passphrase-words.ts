/** Draws a passphrase: six words of BIP 39's English list, 11 bits each, from the browser's own randomness. */
const COUNT = 6

export async function drawWords(): Promise<readonly string[]> {
  const { wordlist } = await import('@scure/bip39/wordlists/english.js')
  const drawn = crypto.getRandomValues(new Uint16Array(COUNT))
  // 2,048 words: the low eleven bits are as even as the sixteen they are taken from.
  return Array.from(drawn, number => wordlist[number & 2047] as string)
}
