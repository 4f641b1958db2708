import { defineStore } from 'pinia'
import { computed, ref, watchEffect } from 'vue'

export type Lang = 'zh' | 'en'
export type Theme = 'normal' | 'elder'

const name = 'linli.prefs'

interface Kept {
  lang: Lang
  theme: Theme
}

function read(): Partial<Kept> {
  try {
    return JSON.parse(localStorage.getItem(name) ?? '{}') as Partial<Kept>
  } catch {
    return {}
  }
}

/** WeChat's font scale, which the native shell hands over in the address. */
function scaleOf(address: string): number {
  const scale = Number(/[?&]scale=([\d.]+)/.exec(address)?.[1] ?? 1)
  return scale >= 0.8 && scale <= 2 ? scale : 1
}

/** How this person wants to read: theme, language, size of type. */
export const usePrefs = defineStore('prefs', () => {
  const kept = read()
  const lang = ref<Lang>(kept.lang ?? (navigator.language.startsWith('en') ? 'en' : 'zh'))
  const theme = ref<Theme>(kept.theme ?? 'normal')
  const scale = ref(scaleOf(location.href))
  const elder = computed(() => theme.value === 'elder')
  /** From 1.25 up 长辈版 is offered; it is never switched on unasked. */
  const suggestElder = computed(() => !elder.value && scale.value >= 1.25)

  watchEffect(() => {
    const root = document.documentElement
    root.dataset.theme = theme.value
    root.lang = lang.value === 'zh' ? 'zh-CN' : 'en'
    root.style.fontSize = scale.value === 1 ? '' : `${16 * scale.value}px`
    localStorage.setItem(name, JSON.stringify({ lang: lang.value, theme: theme.value } satisfies Kept))
  })

  return { lang, theme, scale, elder, suggestElder }
})
