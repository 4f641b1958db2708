import type { Handover } from '@/api/types'

/** 48 27 15: six digits as they are read out. */
export const grouped = (code: string): string => code.replace(/(\d\d)(?=\d)/g, '$1 ')

/** Medicine is handed to adults only. */
export const holdsDrugs = (h: Handover): boolean => h.matches.some((m) => m.state === 'ready' && m.item.kind === 'drug')

/** The code of a scanned door: its address ends in it. */
export const doorOf = (text: string): string => /\/door\/([^/?#]+)/.exec(text)?.[1] ?? text.trim()
