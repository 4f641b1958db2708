import { ref } from 'vue'
import { useLive } from '@/stores/live'
import { copyFetched } from './clipboard'

/**
 * Copies, and says in the given words whether it was done or has to be done by hand:
 * not every phone lets a page write to the clipboard. '': not tried yet.
 */
export function useCopy(words: () => { done: string; byHand: string }) {
  const live = useLive()
  const copied = ref<'' | 'done' | 'byHand'>('')

  async function copy(text: string | Promise<string>): Promise<void> {
    copied.value = ''
    copied.value = (await copyFetched(Promise.resolve(text))) ? 'done' : 'byHand'
    live.announce(words()[copied.value])
  }
  return { copied, copy }
}
