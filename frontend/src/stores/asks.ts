import { defineStore } from 'pinia'
import { ref } from 'vue'
import * as api from '@/api/exchange'
import type { Ask } from '@/api/types'
import { readKept, writeKept } from './kept'

/** What neighbours need and I am asked for. */
export const useAsks = defineStore('asks', () => {
  const asks = ref<Ask[]>(readKept('asks') ?? [])

  async function load(show: (apply: () => void) => void = (apply) => apply()): Promise<void> {
    const fresh = await api.listAsks()
    show(() => {
      asks.value = fresh
      writeKept('asks', fresh)
    })
  }

  async function answer(id: string, body: Parameters<typeof api.answerAsk>[1], key?: string): Promise<Ask> {
    const answered = await api.answerAsk(id, body, key)
    asks.value = asks.value.filter((a) => a.id !== id)
    writeKept('asks', asks.value)
    return answered
  }

  return { asks, load, answer }
})
