// The account of WeChat: a ticket that came in the address becomes a session, or
// is kept until the usual joining is done and binds the account then.
import { bindWechat, exchangeTicket } from '@/api/wechat'
import { newKey } from '@/api/key'
import { openNative } from '@/composables/mini'
import { useSession } from '@/stores/session'

const name = 'linli.wechat'
const asked = 'linli.wechat.state'

/** Binds what was kept; a ticket that is over is no reason to stop anybody. */
export async function bindKept(): Promise<void> {
  const ticket = sessionStorage.getItem(name)
  sessionStorage.removeItem(name)
  if (ticket) await bindWechat(ticket).catch(() => {})
}

/**
 * Opens the native login. The state comes back with the ticket: a ticket that
 * nobody here asked for is somebody else's account, sent in a link, and would
 * open this home to him or his to her.
 */
export async function askLogin(back: string): Promise<void> {
  const state = newKey()
  sessionStorage.setItem(asked, state)
  await openNative('login', { back, state })
}

/** Says where to go on: in, to the usual joining, back with the account bound, or nowhere. */
export async function arriveByTicket(ticket: string, state: string): Promise<'in' | 'join' | 'bound' | 'unasked'> {
  const session = useSession()
  const wanted = sessionStorage.getItem(asked)
  sessionStorage.removeItem(asked)
  if (!wanted || wanted !== state) return 'unasked'
  if (session.signedIn) {
    await bindWechat(ticket)
    return 'bound'
  }
  const arrival = await exchangeTicket(ticket)
  if (arrival.bind) {
    sessionStorage.setItem(name, arrival.bind.ticket)
    return 'join'
  }
  await session.enterByWechat(arrival.token ?? '')
  return 'in'
}
