/**
 * Where a file goes: straight into one that the person chose, piece by piece, where the browser can; else it is gathered and handed
 * to the browser's downloads. The place is asked for first: somebody who turns away at that question has exported nothing.
 */

interface SavePicker {
  showSaveFilePicker?: (options: { readonly suggestedName: string }) => Promise<FileSystemFileHandle>
}

export interface Place {
  write(file: ReadableStream<Uint8Array>): Promise<void>
}

/** `undefined` when the person turned away. Call it while a press is being answered. */
export async function choosePlace(suggestedName: string): Promise<Place | undefined> {
  const pick = (globalThis as SavePicker).showSaveFilePicker
  if (!pick) return downloads(suggestedName)
  try {
    return streamed(await pick({ suggestedName }))
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return undefined
    throw error
  }
}

/** What is written shows up when it is whole: a file that breaks off leaves nothing behind. */
const streamed = (handle: FileSystemFileHandle): Place => ({
  async write(file) {
    const target = await handle.createWritable().catch(async error => {
      await file.cancel(error)
      throw error
    })
    await file.pipeTo(target)
  },
})

export const downloads = (name: string): Place => ({
  write: async file => offer(await new Response(file as BodyInit).blob(), name),
})

/** Gives it to the browser's downloads. */
export function offer(blob: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  // The browser has taken it up by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
