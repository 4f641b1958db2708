// The camera as a reader of codes. Where it cannot be opened a photo does, and
// typing the code always works.
import { openReader } from './qr'

/** Why there is no camera: not allowed, none there, used by another, or none for this app. */
export type Trouble = 'refused' | 'missing' | 'busy' | 'closed'

/** Web views inside other apps, and pages without https, have no camera to ask for. */
export const canFilm = (): boolean => !!navigator.mediaDevices?.getUserMedia

export function troubleOf(error: unknown): Trouble {
  switch ((error as Error | undefined)?.name) {
    case 'NotAllowedError': case 'SecurityError': return 'refused'
    case 'NotFoundError': case 'OverconstrainedError': return 'missing'
    case 'NotReadableError': case 'AbortError': return 'busy'
    default: return 'closed'
  }
}

/** Switches the light beside the lens; null where there is none. */
export type Torch = ((on: boolean) => Promise<void>) | null

function torchOf(stream: MediaStream): Torch {
  const track = stream.getVideoTracks()[0]
  const can = track?.getCapabilities?.() as { torch?: boolean } | undefined
  if (!track || !can?.torch) return null
  return (on) => track.applyConstraints({ advanced: [{ torch: on } as MediaTrackConstraintSet] })
}

const pause = 150

/** Reads one QR code from the camera into `video`; `stop` gives the camera back. */
export function scanInto(video: HTMLVideoElement, found: (text: string) => void): { stop(): void; started: Promise<Torch> } {
  let stream: MediaStream | null = null
  let stopped = false

  function stop(): void {
    stopped = true
    stream?.getTracks().forEach((t) => t.stop())
  }

  async function look(): Promise<void> {
    const read = await openReader()
    while (!stopped) {
      const text = await read(video, video.videoWidth, video.videoHeight)
      if (text && !stopped) {
        stop()
        return found(text)
      }
      await new Promise((r) => setTimeout(r, pause))
    }
  }

  async function start(): Promise<Torch> {
    if (!canFilm()) throw new Error('no camera for this app')
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } })
    if (stopped) {
      stop()
      return null
    }
    video.srcObject = stream
    await video.play()
    void look()
    return torchOf(stream)
  }
  return { stop, started: start() }
}
