import { defineAsyncComponent } from 'vue'
import { loadPart } from '@/locales'

/** A point speaks up where there is something to say, and brings its words along. */
const withWords = <T>(component: () => Promise<T>) => async () => {
  const [loaded] = await Promise.all([component(), loadPart('point')])
  return loaded
}
export const PointList = defineAsyncComponent(withWords(() => import('./PointList.vue')))
export const PausedNote = defineAsyncComponent(withWords(() => import('./PausedNote.vue')))
