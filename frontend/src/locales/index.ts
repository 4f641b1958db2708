import { createI18n, type MessageContext } from 'vue-i18n'
import type { Reason } from '@/api/types'
import type { Lang } from '@/stores/prefs'
import first from './texts.zh.first.gen.json'
import firstWords from './words.zh.first.gen.json'

export type Texts = typeof import('./zh').default

/** 您 in 长辈版: the same sentences, spoken to an elder. */
let polite = false

export const i18n = createI18n({
  legacy: false,
  locale: 'zh',
  fallbackLocale: 'zh',
  messages: { zh: first } as unknown as Record<string, Texts>,
  // Our texts know one thing only, {name}: vue-i18n's own compiler, with its
  // plurals and links, would weigh more than all the Chinese of the app.
  messageCompiler: (message) => (given: MessageContext) => String(message).replace(/\{(\w+)\}/g, (_, name: string) => String(given.named(name) ?? '')),
  postTranslation: (text) => (typeof text === 'string' ? courteous(text) : text),
  missingWarn: false,
  fallbackWarn: false,
})

// What only one role reads comes with her pages, not with everybody's first load.
const parts = {
  box: { zh: () => import('./box/zh'), en: () => import('./box/en') },
  notice: { zh: () => import('./notice/zh'), en: () => import('./notice/en') },
  robots: { zh: () => import('./robots/zh'), en: () => import('./robots/en') },
  point: { zh: () => import('./point/zh'), en: () => import('./point/en') },
  group: { zh: () => import('./group/zh'), en: () => import('./group/en') },
}
export type Part = keyof typeof parts
const wanted = new Set<Part>()

async function fill(lang: Lang): Promise<void> {
  for (const part of wanted) i18n.global.mergeLocaleMessage(lang, (await parts[part][lang]()).default)
}

/** Loads the texts of a part of the app, in the language in use and in every later one. */
export async function loadPart(part: Part): Promise<void> {
  wanted.add(part)
  await fill(i18n.global.locale.value as Lang)
}

const sentences: Record<string, Record<string, string>> = { zh: firstWords }
let whole = false

function courteous(text: string): string {
  return polite ? text.replaceAll('你', '您') : text
}

export function setPolite(on: boolean): void {
  polite = on
}

/** Loads the texts of a language, and the sentences that come as codes. Chinese has come with the app as far as home says it. */
export async function loadLanguage(lang: Lang): Promise<void> {
  if (lang === 'zh' && !whole) {
    const [texts, words] = await Promise.all([import('./texts.zh.later.gen.json'), import('./words.zh.later.gen.json')])
    i18n.global.mergeLocaleMessage('zh', texts.default)
    Object.assign(sentences.zh!, words.default)
    whole = true
  }
  if (lang !== 'zh' && !sentences[lang]) {
    const [texts, words] = await Promise.all([import('./en'), import('./words.en.gen.json')])
    i18n.global.setLocaleMessage(lang, texts.default)
    sentences[lang] = words.default
  }
  await fill(lang)
  i18n.global.locale.value = lang
}

/** Whether there is a sentence for the code in the language in use. */
export function known(code: string): boolean {
  return sentences[i18n.global.locale.value]?.[code] !== undefined
}

/** The sentence of a code; an unknown one shows itself, not nothing. */
export function say({ code, args }: Reason): string {
  let text = sentences[i18n.global.locale.value]?.[code] ?? code
  for (const [name, value] of Object.entries(args ?? {})) text = text.replaceAll(`{${name}}`, value)
  return courteous(text)
}
