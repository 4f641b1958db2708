import { onScopeDispose, ref } from 'vue'
import { asProblem, type Problem } from '@/api/problem'

/**
 * Loads what a page shows. The skeleton comes after 300 ms only, so that a
 * quick answer does not flicker; a failed one can be tried again.
 */
export function useLoad(read: () => Promise<unknown>, shown: () => boolean) {
  const skeleton = ref(false)
  const problem = ref<Problem | null>(null)
  const busy = ref(false)
  let timer = 0

  async function load(): Promise<void> {
    busy.value = true
    timer = window.setTimeout(() => (skeleton.value = !shown()), 300)
    try {
      await read()
      problem.value = null
    } catch (e) {
      problem.value = asProblem(e)
    } finally {
      clearTimeout(timer)
      skeleton.value = false
      busy.value = false
    }
  }
  onScopeDispose(() => clearTimeout(timer))
  void load()
  return { skeleton, problem, busy, load }
}

/** Runs one command at a time and keeps what went wrong for the page to say. */
export function useCommand() {
  const busy = ref('')
  const problem = ref<Problem | null>(null)

  async function run<T>(name: string, command: () => Promise<T>): Promise<T | undefined> {
    if (busy.value) return undefined
    busy.value = name
    problem.value = null
    try {
      return await command()
    } catch (e) {
      problem.value = asProblem(e)
      return undefined
    } finally {
      busy.value = ''
    }
  }
  return { busy, problem, run }
}
