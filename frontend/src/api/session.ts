import { call } from './client'
import { newKey } from './key'
import type { Consent, ConsentKind, Page, Persona, Session } from './types'

interface Arrival {
  code: string
  name: string
  phone: string
}

export const getSession = () => call<Session>('GET', '/session')
export const enterByDoor = (body: Arrival) => call<{ token: string }>('POST', '/session/door', { body, key: newKey() })
export const enterByInvitation = (body: Arrival) => call<{ token: string }>('POST', '/session/invitation', { body, key: newKey() })
export const endSession = () => call<void>('DELETE', '/session', { key: newKey() })

export const getPersonas = () => call<{ personas: Persona[] }>('GET', '/demo').then((d) => d.personas)
export const enterAsPersona = (key: string) => call<{ token: string }>('POST', `/demo/${key}/session`)

export const getConsents = () => call<Page<Consent>>('GET', '/consents', { query: { limit: 100 } }).then((p) => p.items)
export const giveConsent = (kind: ConsentKind, granted: boolean) =>
  call<void>('POST', '/consents', { body: { kind, granted }, key: newKey() })
