import { client, keyed, read } from './client'
import type { Photo, PhotoKind } from './types'

// A photo goes as itself, not as JSON. Its picture never changes under its id, so
// the browser may keep it; who may see it is asked anew after an hour.
const places = {
  pack: '/api/v1/lots/{id}/pack-photos',
  leaflet: '/api/v1/lots/{id}/leaflet-photos',
  bag: '/api/v1/handovers/{id}/bag-photos',
} as const

/** Of a lot, or of a handover where it is a bag. */
export const addPhoto = (kind: PhotoKind, thing: string, file: Blob, key: string) =>
  read<Photo>(client.POST(places[kind], {
    params: { path: { id: thing }, header: keyed(key) }, headers: { 'Content-Type': file.type },
    body: file as never, bodySerializer: (body) => body as unknown as Blob,
  }))
export const getPhoto = (id: string) =>
  read<Blob>(client.GET('/api/v1/photos/{id}', { params: { path: { id } }, parseAs: 'blob', cache: 'default' }))
export const dropPhoto = (id: string) => read(client.DELETE('/api/v1/photos/{id}', { params: { path: { id } } }))
