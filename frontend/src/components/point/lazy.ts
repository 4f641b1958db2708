import { defineAsyncComponent } from 'vue'
import { loadPart } from '@/locales'

/** A point speaks up where there is something to say, and brings its words along. */
export const withWords = <T>(component: () => Promise<T>) => async () => {
  const [loaded] = await Promise.all([component(), loadPart('point')])
  return loaded
}
export const KeptPoints = defineAsyncComponent(withWords(() => import('./KeptPoints.vue')))
export const PausedNote = defineAsyncComponent(withWords(() => import('./PausedNote.vue')))
