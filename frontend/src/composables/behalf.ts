import { computed, reactive, ref, watch } from 'vue'
import { newKey } from '@/api/key'
import * as registry from '@/api/registry'
import type { Heard, Home, Resident } from '@/api/types'
import { useToday } from '@/stores/today'

/**
 * For whom a worker posts: a home of her grid, somebody of it, and the yes that
 * she has just heard. Who is not known yet is added by name.
 */
export function useBehalf() {
  const today = useToday()
  const homes = ref<Home[] | null>(null)
  const residents = ref<Resident[] | null>(null)
  const form = reactive({ query: '', home: null as Home | null, person: '' as string, name: '', heard: '' as Heard | '' })
  let key = newKey()

  async function find(): Promise<void> {
    homes.value = await registry.findHomes(today.grid?.id ?? '', form.query.trim())
  }
  async function choose(home: Home): Promise<void> {
    residents.value = await registry.listResidents(home.id)
    Object.assign(form, { home, person: residents.value[0]?.id ?? 'new', name: '', heard: '' })
  }
  function other(): void {
    Object.assign(form, { home: null, person: '', name: '', heard: '' })
    residents.value = null
  }
  watch(() => [form.home?.id, form.person, form.name, form.heard], () => (key = newKey()))

  const known = computed(() => residents.value?.find((r) => r.id === form.person) ?? null)
  const named = computed(() => form.home !== null && (known.value !== null || form.name.trim() !== ''))
  const address = computed(() => (form.home ? `${form.home.building} ${form.home.door}` : ''))

  /** Records the yes, once however often it is pressed, and tells for whom. */
  async function hear(): Promise<{ household_id: string; person_id: string }> {
    const heard = form.heard as Heard
    const person = known.value
      ? await registry.hearConsent(known.value.id, heard, key)
      : await registry.addResident(form.home!.id, form.name.trim(), heard, key)
    return { household_id: form.home!.id, person_id: person.id }
  }

  return { form, homes, residents, known, named, address, find, choose, other, hear }
}
