import { computed, reactive, ref, watch } from 'vue'
import { getSigns, screenNeed } from '@/api/exchange'
import { newKey } from '@/api/key'
import { asProblem, Problem } from '@/api/problem'
import type { Age, Item, NewRequest, Patient, Question, Request, Urgency, Way } from '@/api/types'
import { useOutbox } from '@/stores/outbox'
import { useSession } from '@/stores/session'
import { useScreening } from './screening'

export type Who = 'adult' | 'elder' | 'child' | 'pregnant' | 'nursing'
export const childAges = ['0-2m', '3-5m', '6-11m', '1y', '2y', '3-4y', '5y', '6-11y', '12-17y'] as const

/** More than three days of fever: a doctor today (data/catalogue.md). */
const longFeverDays = 4
const mostUnits = 999

/**
 * The form of a request. It asks the server after every change what may be
 * given to whom; it holds no rule of medicine itself.
 */
export function useAsk(start: { who: Who | '' }) {
  const session = useSession()
  const outbox = useOutbox()
  const form = reactive({
    item: null as Item | null,
    who: start.who,
    childAge: '' as Age | '',
    quantity: 1,
    urgency: 'today' as Urgency,
    way: 'relay' as Way,
    private: !session.me?.consents.board,
    note: '',
    /** What was ticked of the questions; the rest counts once `rest` says so. */
    yes: [] as string[],
    rest: false,
    longFever: false,
    signs: [] as string[],
  })
  const asked = ref<Question[]>([])
  const sending = ref(false)
  const problem = ref<Problem | null>(null)
  const signs = ref<string[]>([])
  let key = newKey()

  const age = computed<Age | ''>(() =>
    form.who === 'child' ? form.childAge : form.who === 'elder' ? 'elder' : form.who === '' ? '' : 'adult')
  const medicine = computed(() => form.item?.kind === 'drug' || form.item?.kind === 'class')

  const patient = computed<Patient>(() => {
    const answers: Patient['answers'] = {}
    for (const q of asked.value) {
      if (form.yes.includes(q.key)) answers[q.key] = 'yes'
      else if (form.rest) answers[q.key] = 'no'
    }
    if (form.who === 'pregnant') answers.pregnant = 'yes'
    if (form.who === 'nursing') answers.nursing = 'yes'
    return {
      age: age.value, answers, signs: form.signs, fever: form.longFever, fever_days: form.longFever ? longFeverDays : 0,
    }
  })

  const complete = computed(() => form.item !== null && age.value !== '')
  const unanswered = computed(() => asked.value.some((q) => patient.value.answers[q.key] === undefined))
  const screening = useScreening(() => complete.value
    ? screenNeed({ item_id: form.item!.id, quantity: form.quantity, patient: patient.value }) : null, problem)
  const verdict = screening.verdict
  const stop = computed(() => verdict.value !== null && !['ok', 'ask'].includes(verdict.value.outcome))
  const most = computed(() => verdict.value?.ceiling || mostUnits)
  const presets = computed(() => smallAmounts(form.item?.unit ?? '', most.value))
  watch(verdict, (v) => {
    for (const q of v?.questions ?? []) if (q.key !== 'age' && !asked.value.some((a) => a.key === q.key)) asked.value = [...asked.value, q]
  })

  // Another thing or another person: the questions are others too.
  watch(() => [form.item?.id, form.who, form.childAge], ([item], [before]) => {
    Object.assign(form, { yes: [], rest: false, longFever: false })
    asked.value = []
    verdict.value = null
    key = newKey()
    if (item !== before) form.quantity = presets.value[0] ?? 1
    if (form.who === 'pregnant' || form.who === 'nursing') form.private = true
    screening.soon()
  })
  watch(() => [form.quantity, form.yes.length, form.rest, form.longFever, form.signs.length], screening.soon)
  watch(most, (n) => {
    if (form.quantity > n) form.quantity = n
  })

  async function loadSigns(): Promise<void> {
    signs.value = await getSigns()
  }

  function body(): NewRequest {
    return {
      lines: [{ item_id: form.item!.id, quantity: form.quantity, patient: patient.value, urgency: form.urgency, urgency_why: '' }],
      way: form.way, private: form.private, note: form.note.trim(),
    }
  }

  /** Sends once, however often it is pressed; what is refused is shown as the verdict. */
  async function send(): Promise<{ sent: Request } | { queued: true } | null> {
    if (!complete.value || sending.value) return null
    sending.value = true
    problem.value = null
    try {
      await screening.settled()
      // Who is in danger is heard, whatever else is open.
      if (form.signs.length === 0 && (stop.value || unanswered.value)) return null
      return await outbox.sendRequest(body(), { item: form.item!, quantity: form.quantity }, key)
    } catch (e) {
      problem.value = asProblem(e)
      if (!problem.value.passing) key = newKey()
      const refusal = problem.value.refused[0]
      if (refusal) {
        verdict.value = { ...refusal, warnings: [], items: [], ceiling: verdict.value?.ceiling ?? 0 }
      }
      return null
    } finally {
      sending.value = false
    }
  }

  return { form, age, patient, asked, verdict, stop, sending, problem, signs, medicine, complete, unanswered, most, presets, loadSigns, send }
}

/** A small first portion: 先拿一小份，不够再来. */
export function smallAmounts(unit: string, most: number): number[] {
  const usual = /[片粒颗丸袋包]/.test(unit) ? [4, 6] : /[个只双]/.test(unit) ? [5, 10] : [1, 2]
  const fitting = usual.filter((n) => n <= most)
  return fitting.length > 0 ? fitting : [Math.max(1, most)]
}
