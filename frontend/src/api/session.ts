import { client, keyed, read } from './client'
import { newKey } from './key'
import type { Consent, ConsentKind, Page, Persona, Session } from './types'

interface Arrival {
  code: string
  name: string
  phone: string
}
type Token = { token: string }

export const getSession = () => read<Session>(client.GET('/api/v1/session'))
export const enterByDoor = (body: Arrival) =>
  read<Token>(client.POST('/api/v1/session/door', { body, params: { header: keyed(newKey()) } }))
export const enterByInvitation = (body: Arrival) =>
  read<Token>(client.POST('/api/v1/session/invitation', { body, params: { header: keyed(newKey()) } }))
export const endSession = () => read<void>(client.DELETE('/api/v1/session'))

export const leaveForGood = () => read<void>(client.DELETE('/api/v1/people/me'))

export const getPersonas = () => read<{ personas: Persona[] }>(client.GET('/api/v1/demo')).then((d) => d.personas)
export const enterAsPersona = (key: string) =>
  read<Token>(client.POST('/api/v1/demo/{key}/session', { params: { path: { key }, header: keyed(newKey()) } }))

export const getConsents = () => read<Page<Consent>>(client.GET('/api/v1/consents')).then((p) => p.items)
export const giveConsent = (kind: ConsentKind, granted: boolean) =>
  read<void>(client.POST('/api/v1/consents', { body: { kind, granted }, params: { header: keyed(newKey()) } }))
