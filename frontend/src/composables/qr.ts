// Reading a QR code out of a picture: by the browser where it can, else by a
// library that comes only when somebody scans. WeChat's and Apple's web views
// have no reader of their own.

interface Detector {
  detect(source: CanvasImageSource): Promise<{ rawValue: string }[]>
}
interface DetectorClass {
  new (options: { formats: string[] }): Detector
  getSupportedFormats(): Promise<string[]>
}

/** What can be drawn and looked at: a frame of the camera, or a photo. */
export type Picture = CanvasImageSource
export type Reader = (picture: Picture, width: number, height: number) => Promise<string | null>

/** The longest side in which a picture is looked at; a code may fill it or a corner of it. */
const sides = [640, 1024, 1600]

/** The browser's own reader, if it knows this kind of code: some have one that knows none. */
async function ownReader(): Promise<Reader | null> {
  const own = (globalThis as { BarcodeDetector?: DetectorClass }).BarcodeDetector
  const formats: string[] = (await own?.getSupportedFormats().catch(() => [])) ?? []
  if (!own || !formats.includes('qr_code')) return null
  const detector = new own({ formats: ['qr_code'] })
  return async (picture) => (await detector.detect(picture).catch(() => []))[0]?.rawValue ?? null
}

/** Reads the code in raw pixels, four bytes each. */
export async function readPixels(pixels: Uint8ClampedArray, width: number, height: number, careful = false): Promise<string | null> {
  const { default: jsQR } = await import('jsqr')
  return jsQR(pixels, width, height, { inversionAttempts: careful ? 'attemptBoth' : 'dontInvert' })?.data || null
}

function libraryReader(careful: boolean): Reader {
  const canvas = document.createElement('canvas')
  const pen = canvas.getContext('2d', { willReadFrequently: true })
  return async (picture, width, height) => {
    if (!pen || width === 0 || height === 0) return null
    for (const side of careful ? sides : sides.slice(0, 1)) {
      const scale = Math.min(1, side / Math.max(width, height))
      canvas.width = Math.round(width * scale)
      canvas.height = Math.round(height * scale)
      pen.drawImage(picture, 0, 0, canvas.width, canvas.height)
      const { data } = pen.getImageData(0, 0, canvas.width, canvas.height)
      const text = await readPixels(data, canvas.width, canvas.height, careful)
      if (text) return text
      if (scale === 1) return null // larger than it is shows no more
    }
    return null
  }
}

/** The best reader there is; a careful one takes its time over a single photo. */
export async function openReader(careful = false): Promise<Reader> {
  return (await ownReader()) ?? libraryReader(careful)
}

/** Reads the code in a photo, null where there is none. */
export async function readPhoto(file: Blob): Promise<string | null> {
  const picture = await createImageBitmap(file)
  try {
    return await (await openReader(true))(picture, picture.width, picture.height)
  } finally {
    picture.close()
  }
}
