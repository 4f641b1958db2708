import { defineStore } from 'pinia'
import { ref } from 'vue'
import * as api from '@/api/exchange'
import type { Message } from '@/api/types'
import { readKept, writeKept } from './kept'

/** What a worker wants a word about, until it is answered. */
export const useMessages = defineStore('messages', () => {
  const messages = ref<Message[]>(readKept('messages') ?? [])

  function set(list: Message[]): void {
    messages.value = list
    writeKept('messages', list)
  }
  async function load(show: (apply: () => void) => void = (apply) => apply()): Promise<void> {
    const fresh = await api.listMessages()
    show(() => set(fresh))
  }
  async function answer(id: string, said: 'ok' | 'later' | 'cannot'): Promise<void> {
    await api.answerMessage(id, said)
    set(messages.value.filter((m) => m.id !== id))
  }

  return { messages, load, answer }
})
