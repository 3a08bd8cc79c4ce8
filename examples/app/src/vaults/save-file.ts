/** Gives the person a file: streamed to where they say, in browsers that can; else as a download. */

interface SavePicker {
  showSaveFilePicker?(options: {
    readonly suggestedName: string
  }): Promise<{ createWritable(): Promise<WritableStream<Uint8Array>> }>
}

/** @returns whether it was saved; not when the person changed their mind */
export async function saveStream(name: string, make: () => Promise<ReadableStream<Uint8Array>>): Promise<boolean> {
  const { showSaveFilePicker } = window as SavePicker
  if (!showSaveFilePicker) {
    download(name, await new Response(await make()).blob())
    return true
  }
  let target: WritableStream<Uint8Array>
  try {
    // Asked for first: a browser lets a page ask only right after a press.
    target = await (await showSaveFilePicker.call(window, { suggestedName: name })).createWritable()
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return false
    throw error
  }
  await (await make()).pipeTo(target)
  return true
}

export const saveText = (name: string, text: string): void => download(name, new Blob([text], { type: 'text/plain' }))

const KEPT_MS = 60_000

function download(name: string, blob: Blob): void {
  const url = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), KEPT_MS)
}
