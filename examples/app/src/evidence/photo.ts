/** Pictures that prove a yes, as small as they can be read. */

export interface Photo {
  readonly jpeg: Uint8Array
  /** An address for showing it, until it is revoked. */
  readonly shown: string
}

const LONGEST_SIDE = 1800

/**
 * Made smaller and written anew, so that what a camera adds (where, when, with which phone) stays out.
 * @throws if it is no picture
 */
export async function photoOf(file: Blob): Promise<Photo> {
  const picture = await createImageBitmap(file)
  const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.max(1, Math.round(picture.width * scale))
  canvas.height = Math.max(1, Math.round(picture.height * scale))
  canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height)
  picture.close()
  const blob = await blobOf(canvas, 'image/jpeg', 0.8)
  return { jpeg: new Uint8Array(await blob.arrayBuffer()), shown: URL.createObjectURL(blob) }
}

export const blobOf = (canvas: HTMLCanvasElement, type: string, quality?: number): Promise<Blob> =>
  new Promise((resolve, reject) =>
    canvas.toBlob(blob => (blob ? resolve(blob) : reject(new Error('no picture'))), type, quality),
  )
