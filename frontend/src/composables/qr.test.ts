import { afterEach, expect, test, vi } from 'vitest'
import drawing from './testdata/token.svg?raw'
import { openReader, readPixels } from './qr'
import { canFilm, scanInto, troubleOf } from './scan'

const token = '01a20b09-ffcf-73ca-89cd-8099ed4c9f42.1.1797588000.kP3vYw0yZ1c9vQ4mB7sXtA'

/** The server's drawing of a code as pixels, so many to a module. */
function pixelsOf(svg: string, size: number): { pixels: Uint8ClampedArray; side: number } {
  const modules = Number(/viewBox="0 0 (\d+)/.exec(svg)![1])
  const side = modules * size
  const pixels = new Uint8ClampedArray(side * side * 4).fill(255)
  for (const [, x, y, run] of svg.matchAll(/M(\d+) (\d+)h(\d+)v1/g)) {
    for (let py = Number(y) * size; py < (Number(y) + 1) * size; py++) {
      for (let px = Number(x) * size; px < (Number(x) + Number(run)) * size; px++) pixels.fill(0, (py * side + px) * 4, (py * side + px) * 4 + 3)
    }
  }
  return { pixels, side }
}
afterEach(() => vi.unstubAllGlobals())

test.each([3, 5, 9])('the library reads what the server draws, %i pixels to a module', async (size) => {
  const { pixels, side } = pixelsOf(drawing, size)
  expect(await readPixels(pixels, side, side)).toBe(token)
})

test('a picture without a code holds nothing', async () => {
  expect(await readPixels(new Uint8ClampedArray(100 * 100 * 4).fill(200), 100, 100)).toBe(null)
})

test('the browser’s own reader is used where it knows these codes, and only there', async () => {
  const drawn: string[] = []
  vi.spyOn(document, 'createElement').mockImplementation(() => ({ getContext: () => (drawn.push('library'), null) }) as unknown as HTMLCanvasElement)
  const knows = (formats: string[]) => vi.stubGlobal('BarcodeDetector', class {
    static getSupportedFormats = async () => formats
    detect = async () => [{ rawValue: 'own' }]
  })
  knows(['ean_13'])
  expect(await (await openReader())({} as HTMLVideoElement, 10, 10)).toBe(null)
  expect(drawn).toEqual(['library'])
  knows(['ean_13', 'qr_code'])
  expect(await (await openReader())({} as HTMLVideoElement, 10, 10)).toBe('own')
  expect(drawn).toEqual(['library'])
  vi.restoreAllMocks()
})

test('each reason for no camera has its own words', async () => {
  expect(['NotAllowedError', 'NotFoundError', 'NotReadableError', 'TypeError'].map((name) => troubleOf({ name }))).toEqual(['refused', 'missing', 'busy', 'closed'])
  vi.stubGlobal('navigator', {})
  expect(canFilm()).toBe(false)
  await expect(scanInto({} as HTMLVideoElement, () => {}).started.catch(troubleOf)).resolves.toBe('closed')
})

test('a camera that comes after the sheet was closed is given back', async () => {
  let stops = 0
  const stream = { getTracks: () => [{ stop: () => stops++ }], getVideoTracks: () => [] }
  let give = (_: unknown) => {}
  vi.stubGlobal('navigator', { mediaDevices: { getUserMedia: () => new Promise((r) => (give = r)) } })
  const scan = scanInto({ play: async () => {} } as unknown as HTMLVideoElement, () => {})
  scan.stop()
  give(stream)
  expect(await scan.started).toBe(null)
  expect(stops).toBe(1)
})
