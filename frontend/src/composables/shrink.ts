import { Problem } from '@/api/problem'
import { i18n } from '@/locales'

/** A picture as it is sent, and as the page shows it. */
export interface Shot {
  file: Blob
  url: string
}

const sides = [1280, 960, 720]
const qualities = [0.85, 0.7, 0.5]
const most = 600_000

/** The sides of a picture that is no longer than `side`. */
export function fit(width: number, height: number, side: number): [number, number] {
  const scale = Math.min(1, side / Math.max(width, height))
  return [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))]
}

/**
 * Makes a small JPEG of what the camera gave, before anything is sent: a village's
 * net is slow, and what else is in the file is nobody's business. The server draws
 * it anew all the same. Pictures are data addresses, because the page's policy
 * lets no others in.
 */
export async function shrink(file: Blob): Promise<Shot> {
  const picture = new Image()
  try {
    picture.src = await addressOf(file)
    await picture.decode() // upright, as the camera says
  } catch {
    throw new Problem({ status: 422, reason: 'photo_broken', detail: i18n.global.t('photo.broken') })
  }
  let blob: Blob | null = null
  for (const side of sides) {
    const canvas = draw(picture, side)
    for (const quality of qualities) {
      blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/jpeg', quality))
      if (blob && blob.size <= most) return { file: blob, url: await addressOf(blob) }
    }
  }
  throw new Problem({ status: 422, reason: 'photo_broken', detail: i18n.global.t('photo.broken') })
}

function draw(picture: HTMLImageElement, side: number): HTMLCanvasElement {
  const canvas = document.createElement('canvas')
  ;[canvas.width, canvas.height] = fit(picture.naturalWidth, picture.naturalHeight, side)
  const paper = canvas.getContext('2d')!
  paper.fillStyle = '#fff'
  paper.fillRect(0, 0, canvas.width, canvas.height)
  paper.imageSmoothingQuality = 'high'
  paper.drawImage(picture, 0, 0, canvas.width, canvas.height)
  return canvas
}

/** The bytes of a picture as an address that an image can show. */
export function addressOf(blob: Blob): Promise<string> {
  return new Promise((done, broken) => {
    const reader = new FileReader()
    reader.onload = () => done(reader.result as string)
    reader.onerror = () => broken(reader.error ?? new Error('unreadable'))
    reader.readAsDataURL(blob)
  })
}
