import { defineAsyncComponent } from 'vue'
import { loadPart } from '@/locales'

/** Home says its own words first; notices come with theirs, when there are any. */
const withWords = <T>(component: () => Promise<T>) => async () => {
  const [loaded] = await Promise.all([component(), loadPart('notice')])
  return loaded
}
export const NoticeList = defineAsyncComponent(withWords(() => import('./NoticeList.vue')))
export const NoticeTasks = defineAsyncComponent(withWords(() => import('./NoticeTasks.vue')))
export const AnsweringNote = defineAsyncComponent(withWords(() => import('./AnsweringNote.vue')))
