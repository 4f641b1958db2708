import { defineStore } from 'pinia'
import { computed, ref } from 'vue'

/**
 * Nothing moves on the page while a field or a sheet is open: what the stream
 * brings meanwhile waits here, the last of each kind, and is shown afterwards.
 */
export const useStill = defineStore('still', () => {
  const holds = ref(0)
  const held = computed(() => holds.value > 0)
  const waiting = new Map<string, () => void>()

  function whenStill(what: string, show: () => void): void {
    if (held.value) waiting.set(what, show)
    else show()
  }

  function hold(): () => void {
    holds.value++
    let over = false
    return () => {
      if (over) return
      over = true
      holds.value--
      if (held.value) return
      const shows = [...waiting.values()]
      waiting.clear()
      shows.forEach((show) => show())
    }
  }

  /** Holds while a text field has the focus. */
  function watchFields(page: Document): void {
    let release: (() => void) | null = null
    page.addEventListener('focusin', (e) => {
      if (!(e.target as Element).matches('input:not([type=checkbox]):not([type=radio]):not([type=file]),textarea')) return
      release ??= hold()
    })
    page.addEventListener('focusout', () => {
      release?.()
      release = null
    })
  }

  return { held, hold, whenStill, watchFields }
})
