import { defineStore } from 'pinia'
import { ref } from 'vue'

export type LiveState = 'connecting' | 'live' | 'lost'

/** Whether news arrive, when the last did, and what a screen reader is told. */
export const useLive = defineStore('live', () => {
  const state = ref<LiveState>('connecting')
  const offline = ref(!navigator.onLine)
  const lastNews = ref<Date | null>(null)
  const spoken = ref('')

  function news(): void {
    lastNews.value = new Date()
  }

  /** The one polite announcement; the same words twice are spoken twice. */
  function announce(text: string): void {
    spoken.value = spoken.value === text ? `${text}\u00a0` : text
  }

  return { state, offline, lastNews, spoken, news, announce }
})
