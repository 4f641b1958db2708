import { onScopeDispose, ref, watch, type Ref, type WatchSource } from 'vue'

/** True for two seconds after the watched value has changed under one's eyes. */
export function useTint(source: WatchSource): Ref<boolean> {
  const tinted = ref(false)
  let timer = 0
  watch(source, (now, before) => {
    if (before === undefined || now === undefined) return
    tinted.value = true
    clearTimeout(timer)
    timer = window.setTimeout(() => (tinted.value = false), 2000)
  })
  onScopeDispose(() => clearTimeout(timer))
  return tinted
}
