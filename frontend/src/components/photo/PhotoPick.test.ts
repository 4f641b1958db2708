import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createApp, defineComponent, h, nextTick, ref, type App } from 'vue'
import { Problem } from '@/api/problem'
import type { Photo, PhotoKind } from '@/api/types'
import { fit, shrink } from '@/composables/shrink'
import { i18n, loadLanguage } from '@/locales'
import PhotoPick from './PhotoPick.vue'

vi.mock('@/composables/shrink', async (original) => ({ ...(await original<object>()), shrink: vi.fn() }))

const photo = (id: string, kind: PhotoKind = 'leaflet'): Photo => ({ id, kind, width: 640, height: 480, created_at: '2026-12-18T12:12:00Z' })
const photos = ref<Photo[]>([])
let app: App
let calls: { method: string; path: string; key: string | null; type: string | null; body: string }[]
let offline = false

const text = () => document.body.textContent ?? ''
const button = (name: string) => [...document.querySelectorAll('button')].find((b) => b.textContent?.startsWith(name))
async function settle(): Promise<void> {
  for (let i = 0; i < 30; i++) await new Promise((r) => setTimeout(r, 0))
  await nextTick()
}
async function take(): Promise<void> {
  const input = document.querySelector<HTMLInputElement>('input[type=file]')!
  Object.defineProperty(input, 'files', { value: [new File(['as it came'], 'a.jpg')], configurable: true })
  input.dispatchEvent(new Event('change'))
  await settle()
}
function show(kind: PhotoKind): void {
  app = createApp(defineComponent(() => () => h(PhotoPick, { kind, thing: 't1', label: '拍一张', photos: photos.value, 'onUpdate:photos': (all: Photo[]) => (photos.value = all) })))
  app.use(createPinia()).use(i18n).mount(document.body.appendChild(document.createElement('div')))
}

beforeEach(async () => {
  setActivePinia(createPinia())
  await loadLanguage('zh')
  photos.value = []
  calls = []
  offline = false
  vi.mocked(shrink).mockReset().mockResolvedValue({ file: new Blob(['small'], { type: 'image/jpeg' }), url: 'data:image/jpeg;base64,' })
  vi.stubGlobal('IntersectionObserver', class { observe() {} disconnect() {} })
  vi.stubGlobal('fetch', async (r: Request) => {
    calls.push({ method: r.method, path: new URL(r.url).pathname, key: r.headers.get('Idempotency-Key'), type: r.headers.get('Content-Type'), body: await r.text() })
    if (offline) throw new TypeError('no net')
    return r.method === 'DELETE' ? new Response(null, { status: 204 }) : new Response(JSON.stringify(photo('p1')), { status: 201, headers: { 'Content-Type': 'application/json' } })
  })
})
afterEach(() => {
  app.unmount()
  document.body.innerHTML = ''
  vi.unstubAllGlobals()
})

test('a photo is made small and goes at once, as itself', async () => {
  show('leaflet')
  await take()
  expect(calls).toEqual([{ method: 'POST', path: '/api/v1/lots/t1/leaflet-photos', key: expect.stringMatching(/^[0-9a-f]{32}$/), type: 'image/jpeg', body: 'small' }])
  expect(photos.value.map((p) => p.id)).toEqual(['p1'])
  expect(text()).toContain('再拍一张')
})

test('a bag is of a handover, and the page says: no face', () => {
  show('bag')
  expect(text()).toContain('不要拍到人')
})

test('what did not get through waits, and is the same call when it is sent again', async () => {
  show('pack')
  offline = true
  await take()
  expect(photos.value).toEqual([])
  offline = false
  button('再传一次')!.click()
  await settle()
  expect(calls.length).toBe(2)
  expect(calls[1]).toEqual(calls[0])
  expect(photos.value.length).toBe(1)
  expect(button('再传一次')).toBeUndefined()
})

test('what cannot be read is said, and nothing is sent', async () => {
  vi.mocked(shrink).mockRejectedValue(new Problem({ status: 422, reason: 'photo_broken', detail: '这张照片没读出来，请再拍一张' }))
  show('pack')
  await take()
  expect(text()).toContain('请再拍一张')
  expect(calls).toEqual([])
})

test('three of a kind are enough, and one can be taken away', async () => {
  photos.value = [photo('a'), photo('b'), photo('c'), photo('d', 'pack')]
  show('leaflet')
  expect(document.querySelector('input[type=file]')).toBeNull()
  button('去掉')!.click()
  await settle()
  expect(calls.map((c) => `${c.method} ${c.path}`)).toEqual(['DELETE /api/v1/photos/a'])
  expect(photos.value.map((p) => p.id)).toEqual(['b', 'c', 'd'])
  expect(document.querySelector('input[type=file]')).not.toBeNull()
})

test('a picture keeps its shape and is never made larger', () => {
  expect(fit(4000, 3000, 1280)).toEqual([1280, 960])
  expect(fit(3000, 4000, 1280)).toEqual([960, 1280])
  expect(fit(640, 480, 1280)).toEqual([640, 480])
  expect(fit(9000, 1, 1280)).toEqual([1280, 1])
})
