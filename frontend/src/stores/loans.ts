import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import * as api from '@/api/exchange'
import type { Loan } from '@/api/types'
import { readKept, writeKept } from './kept'

/** What I have borrowed, and the loans that I look at. */
export const useLoans = defineStore('loans', () => {
  const mine = ref<Loan[]>(readKept('loans') ?? [])
  const seen = ref<Record<string, Loan>>({})
  const out = computed(() => mine.value.filter((l) => l.state === 'out'))

  async function load(show: (apply: () => void) => void = (apply) => apply()): Promise<void> {
    const fresh = await api.listLoans()
    show(() => {
      mine.value = fresh
      writeKept('loans', fresh)
    })
  }
  function put(loan: Loan): void {
    const known = seen.value[loan.id]
    if (!known || loan.version >= known.version) seen.value[loan.id] = loan
  }
  async function loadOne(id: string): Promise<void> {
    put(await api.getLoan(id))
  }
  /** News of a loan: mine, or one that is on the screen. */
  async function heard(id: string, resident: boolean): Promise<void> {
    await Promise.all([...(resident ? [load()] : []), ...(seen.value[id] ? [loadOne(id)] : [])])
  }

  const changed = <A extends unknown[]>(command: (id: string, ...args: A) => Promise<Loan>) => async (id: string, ...args: A) => {
    const loan = await command(id, ...args)
    put(loan)
    mine.value = mine.value.map((l) => (l.id === id ? loan : l))
    return loan
  }

  return { mine, out, seen, load, loadOne, heard, extend: changed(api.extendLoan), close: changed(api.closeLoan), takeBack: changed(api.returnLoan) }
})
