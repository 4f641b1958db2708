// Inside WeChat's mini-program the app lies in a web-view: what a page cannot do
// there (sign in, scan, ask for reminders) a native page of the shell does, which
// comes back by changing the address behind the #.

/** The environment is told late; WeChat's name for itself is there from the start. */
export const inMiniProgram = (): boolean => (window as { __wxjs_environment?: string }).__wxjs_environment === 'miniprogram' || /miniProgram/i.test(navigator.userAgent)

export type NativePage = 'login' | 'scan' | 'subscribe'

/** The address of a native page; `back` is the route that it comes back to. */
export function nativeUrl(page: NativePage, params: Record<string, string>): string {
  const query = Object.entries(params).map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
  return `/pages/${page}/${page}?${query.join('&')}`
}

export async function openNative(page: NativePage, params: Record<string, string>): Promise<void> {
  const { default: wx } = await import('weixin-js-sdk')
  wx.miniProgram.navigateTo({ url: nativeUrl(page, params) })
}

/** Who asked for a scan: several places of one page may. */
export const asker: { is: symbol | null } = { is: null }
