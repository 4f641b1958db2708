import { nextTick, onScopeDispose, ref, type Ref } from 'vue'
import { asProblem, type Problem } from '@/api/problem'
import type { Verdict } from '@/api/types'

const pause = 120

/**
 * Asks the server, a moment after each change, what may be given to whom. The
 * last question counts. A button does not wait for the answer, it would swallow
 * a press that comes between: whoever is pressed waits until it is settled.
 */
export function useScreening(ask: () => Promise<Verdict> | null, problem: Ref<Problem | null>) {
  const verdict = ref<Verdict | null>(null)
  let round = 0
  let timer = 0
  let looking = Promise.resolve()

  async function look(): Promise<void> {
    const mine = ++round
    const answer = ask()
    if (!answer) {
      verdict.value = null
      return
    }
    try {
      const v = await answer
      if (mine !== round) return
      verdict.value = v
      problem.value = null
    } catch (e) {
      if (mine !== round) return
      verdict.value = null
      problem.value = asProblem(e).offline ? null : asProblem(e)
    }
  }

  function now(): void {
    clearTimeout(timer)
    timer = 0
    looking = look()
  }

  function soon(): void {
    clearTimeout(timer)
    timer = window.setTimeout(now, pause)
  }
  onScopeDispose(() => clearTimeout(timer))

  /** Waits for the answer to the last change. */
  async function settled(): Promise<void> {
    await nextTick() // the change may not have been noticed yet
    for (let last = null; last !== looking || timer;) {
      if (timer) now()
      last = looking
      await last
    }
  }

  return { verdict, soon, settled }
}
