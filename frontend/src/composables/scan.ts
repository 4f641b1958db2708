// Scanning is offered only where the browser itself can read codes; typing the
// code always works.
interface Detector {
  detect(source: CanvasImageSource): Promise<{ rawValue: string }[]>
}
type DetectorClass = new (options: { formats: string[] }) => Detector

const detector = (globalThis as { BarcodeDetector?: DetectorClass }).BarcodeDetector

export const canScan = detector !== undefined && !!navigator.mediaDevices?.getUserMedia

/** Reads one QR code from the camera into `video`; `stop` gives the camera back. */
export function scanInto(video: HTMLVideoElement, found: (text: string) => void): { stop(): void; started: Promise<void> } {
  let stream: MediaStream | null = null
  let stopped = false

  function stop(): void {
    stopped = true
    stream?.getTracks().forEach((t) => t.stop())
  }

  async function start(): Promise<void> {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } })
    if (stopped) return stop()
    video.srcObject = stream
    await video.play()
    const reader = new detector!({ formats: ['qr_code'] })
    while (!stopped) {
      const codes = await reader.detect(video).catch(() => [])
      if (codes[0] && !stopped) {
        stop()
        found(codes[0].rawValue)
        return
      }
      await new Promise((r) => setTimeout(r, 150))
    }
  }
  return { stop, started: start() }
}
