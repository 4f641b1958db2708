import { onScopeDispose, ref, type Ref } from 'vue'

/** The present time, moved on at each full minute: countdowns go by the minute. */
export function useClock(): Ref<Date> {
  const now = ref(new Date())
  let timer = 0
  const wait = () => {
    timer = window.setTimeout(() => {
      now.value = new Date()
      wait()
    }, 60_000 - (Date.now() % 60_000))
  }
  const wake = () => {
    if (!document.hidden) now.value = new Date()
  }
  wait()
  document.addEventListener('visibilitychange', wake)
  onScopeDispose(() => {
    clearTimeout(timer)
    document.removeEventListener('visibilitychange', wake)
  })
  return now
}
