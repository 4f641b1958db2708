import { client, keyed, read } from './client'
import { newKey } from './key'
import type { WechatArrival, WechatMomentName, WechatStatus } from './types'

export const getWechat = () => read<WechatStatus>(client.GET('/api/v1/wechat'))
export const exchangeTicket = (ticket: string) =>
  read<WechatArrival>(client.POST('/api/v1/wechat/tickets/exchange', { body: { ticket }, params: { header: keyed(newKey()) } }))
export const bindWechat = (ticket: string) =>
  read<void>(client.POST('/api/v1/wechat/binding', { body: { ticket }, params: { header: keyed(newKey()) } }))
export const unbindWechat = () => read<void>(client.DELETE('/api/v1/wechat/binding'))
export const allowWechat = (moments: WechatMomentName[]) =>
  read<WechatStatus>(client.POST('/api/v1/wechat/grants', { body: { moments }, params: { header: keyed(newKey()) } }))
