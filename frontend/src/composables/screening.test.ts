import { beforeEach, describe, expect, it, vi } from 'vitest'
import { effectScope, ref } from 'vue'
import type { Verdict } from '@/api/types'
import { useScreening } from './screening'

const verdict = (outcome: string) => ({ outcome }) as unknown as Verdict

describe('screening', () => {
  beforeEach(() => void vi.useFakeTimers())

  function open(answers: ((v: Verdict) => void)[]) {
    return effectScope().run(() =>
      useScreening(() => new Promise<Verdict>((resolve) => void answers.push(resolve)), ref(null)))!
  }

  it('waits for the answer to a change that nobody has asked about yet', async () => {
    const answers: ((v: Verdict) => void)[] = []
    const s = open(answers)
    s.soon()
    let settled = false
    const pressed = s.settled().then(() => (settled = true))
    await vi.advanceTimersByTimeAsync(0)
    expect(answers).toHaveLength(1) // asked at once, not after the pause
    expect(settled).toBe(false)
    answers[0]!(verdict('refused'))
    await pressed
    expect(s.verdict.value?.outcome).toBe('refused')
  })

  it('waits for the last of several', async () => {
    const answers: ((v: Verdict) => void)[] = []
    const s = open(answers)
    s.soon()
    const pressed = s.settled()
    await vi.advanceTimersByTimeAsync(0)
    s.soon()
    answers[0]!(verdict('ok'))
    await vi.advanceTimersByTimeAsync(0)
    expect(answers).toHaveLength(2)
    answers[1]!(verdict('doctor'))
    await pressed
    expect(s.verdict.value?.outcome).toBe('doctor')
  })

  it('asks once for a burst of changes', async () => {
    const answers: ((v: Verdict) => void)[] = []
    const s = open(answers)
    for (let i = 0; i < 5; i++) s.soon()
    await vi.advanceTimersByTimeAsync(500)
    expect(answers).toHaveLength(1)
  })
})
