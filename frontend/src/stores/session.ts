import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import * as api from '@/api/session'
import { asProblem, type Problem } from '@/api/problem'
import { forgetToken, keepToken, readToken } from '@/api/token'
import type { ConsentKind, Persona, RoleKind, Session } from '@/api/types'
import { forgetKept, readKept, writeKept } from './kept'

/** Who is here, what she has agreed to, and what she may do. */
export const useSession = defineStore('session', () => {
  const token = ref(readToken())
  const me = ref<Session | null>(token.value ? readKept<Session>('session') : null)
  const personas = ref<Persona[] | null>(null)
  const problem = ref<Problem | null>(null)

  const signedIn = computed(() => token.value !== '')
  const holds = (...kinds: RoleKind[]) => me.value?.roles.some((r) => kinds.includes(r.kind)) ?? false
  const worker = computed(() => holds('worker', 'leader'))
  const walks = computed(() => holds('worker', 'leader', 'volunteer'))
  const operator = computed(() => holds('operator'))
  const resident = computed(() => me.value?.household != null || (!worker.value && !operator.value))
  const approved = computed(() => me.value?.person.state === 'approved')
  const mayPost = computed(() => approved.value && !!me.value?.consents.terms && !!me.value.consents.health)
  const workerGrid = computed(() => me.value?.roles.find((r) => r.kind === 'worker' || r.kind === 'leader')?.grid ?? null)
  const demo = computed(() => me.value?.demo ?? (personas.value?.length ?? 0) > 0)
  const home = computed(() => (worker.value ? '/today' : operator.value ? '/overview' : '/'))

  async function load(): Promise<void> {
    if (!token.value) return
    try {
      me.value = await api.getSession()
      problem.value = null
      writeKept('session', me.value)
    } catch (e) {
      problem.value = asProblem(e)
    }
  }

  async function loadPersonas(): Promise<void> {
    if (personas.value) return
    try {
      personas.value = await api.getPersonas()
    } catch (e) {
      if (asProblem(e).status === 404) personas.value = []
    }
  }

  async function arrive(fresh: string, tabOnly: boolean): Promise<void> {
    const before = token.value
    if (before) forgetKept(me.value?.person.id)
    keepToken(fresh, tabOnly)
    if (before) return location.reload() // another person is another app
    token.value = fresh
    await load()
    // Who came by WeChat and joined in the usual way is known by it from now on.
    if (sessionStorage.getItem('linli.wechat')) await import('@/composables/wechat').then((w) => w.bindKept())
  }

  const enterAsPersona = async (key: string) => arrive((await api.enterAsPersona(key)).token, true)
  const enterByDoor = async (code: string, name: string, phone: string) =>
    arrive((await api.enterByDoor({ code, name, phone })).token, false)
  const enterByInvitation = async (code: string, name: string, phone: string) =>
    arrive((await api.enterByInvitation({ code, name, phone })).token, false)
  const enterByWechat = async (fresh: string) => arrive(fresh, false)

  /** Leaves this device as it was before: token, last home, queue, memory. */
  function forget(entrance: string, person = me.value?.person.id): void {
    if (!token.value) return
    token.value = ''
    forgetKept(person) // first: it finds its place by the token
    forgetToken()
    location.hash = entrance
    location.reload()
  }

  async function leave(): Promise<void> {
    await api.endSession().catch(() => {}) // a token that nobody holds is as good as ended
    forget('#/enter')
  }

  /** Leaves Linli itself: what is known of her is emptied. */
  async function leaveForGood(): Promise<void> {
    await api.leaveForGood()
    forget('#/enter', '')
  }

  /** The token died while the app was open: 太久没用，点一下重新进. */
  const end = () => forget('#/enter?ended=1')

  async function consent(kind: ConsentKind, granted: boolean): Promise<void> {
    await api.giveConsent(kind, granted)
    if (me.value) me.value = { ...me.value, consents: { ...me.value.consents, [kind]: granted } }
    writeKept('session', me.value)
  }

  return {
    token, me, personas, problem, signedIn, worker, walks, operator, resident, approved, mayPost, workerGrid, demo, home,
    load, loadPersonas, enterAsPersona, enterByDoor, enterByInvitation, enterByWechat, leave, leaveForGood, end, consent,
  }
})
