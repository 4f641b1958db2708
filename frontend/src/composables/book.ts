import { computed, reactive, ref, watch } from 'vue'
import { bookIn, closeBag } from '@/api/box'
import { getOffer } from '@/api/exchange'
import { newKey } from '@/api/key'
import type { BookIn, BookLine, Home, Item, Lot, Offer, RefuseReason, Seal } from '@/api/types'
import { useCommand } from './load'

type Answer = 'yes' | 'no' | ''
export type From = BookIn['from']
const most = 1000

/** What the worker books in at her point, one thing after the other. */
export function useBook(relay: string, bagId: string) {
  const form = reactive({
    from: (bagId ? 'bag' : '') as From | '', home: null as Home | null, item: null as Item | null, quantity: 1, strength: '', expires: '', batch: '', seal: '' as Seal | '',
    sealed: '' as Answer, readable: '' as Answer, in_date: '' as Answer, otc: '' as Answer,
  })
  const bag = ref<Offer | null>(null)
  const booked = ref<Lot[]>([])
  const { busy, problem, run } = useCommand()
  let key = newKey()

  const drug = computed(() => form.item?.kind === 'drug')
  const wantsOtc = computed(() => form.item?.evidence === 'otc')
  const dated = computed(() => form.item !== null && (drug.value || form.item.evidence !== 'none'))
  const asked = computed(() => (['sealed', 'readable', 'in_date', 'otc'] as const).filter((k) => k !== 'otc' || wantsOtc.value))
  const giver = computed(() => form.from !== '' && (form.from !== 'household' || form.home !== null))
  const ready = computed(() => giver.value && form.item !== null && form.seal !== '' && asked.value.every((k) => form[k] === 'yes') &&
    (!dated.value || form.expires !== '') && (!drug.value || form.batch.trim() !== ''))
  const said = computed(() => asked.value.some((k) => form[k] === 'no'))

  watch(() => form.item?.id, () => {
    const packs = form.item?.packs.map((p) => p.size).filter((n) => n > 1) ?? []
    Object.assign(form, { quantity: packs[0] ?? 1, strength: '', expires: '', batch: '', seal: '', sealed: '', readable: '', in_date: '', otc: '' })
    problem.value = null
  })

  /** A repeated call with the same words is the same call; other words are another. */
  watch(form, () => (key = newKey()))

  async function loadBag(): Promise<void> {
    if (bagId) bag.value = await getOffer(bagId)
  }

  async function book(name: string, line: BookLine): Promise<Lot | undefined> {
    const body: BookIn = { from: form.from as From, lines: [line] }
    if (form.from === 'household') body.household_id = form.home!.id
    if (form.from === 'bag') body.bag_id = bagId
    const done = await run(name, () => bookIn(relay, body, key))
    if (!done) return undefined
    key = newKey()
    booked.value = [...done.lots, ...booked.value]
    if (bag.value && done.bag) bag.value = { ...bag.value, bag: done.bag }
    form.item = null
    return done.lots[0]
  }
  const line = (): BookLine => ({
    item_id: form.item?.id ?? '', quantity: form.quantity, strength: form.strength.trim(), batch: form.batch.trim(), seal: form.seal || 'opened',
    ...(form.expires ? { expires_on: form.expires } : {}),
  })
  const take = () => book('take', { ...line(), sealed: form.sealed === 'yes', readable: form.readable === 'yes', in_date: form.in_date === 'yes', otc: !wantsOtc.value || form.otc === 'yes' })
  const refuse = (reason: RefuseReason, kept: boolean) => book('refuse', { ...line(), refuse: reason, kept })
  const unnamed = (kept: boolean) => book('unnamed', { item_id: '', quantity: 1, seal: 'opened', refuse: 'unreadable', kept })
  const close = () => run('close', () => closeBag(bagId))

  return { form, bag, booked, busy, problem, drug, dated, asked, giver, ready, said, most, loadBag, take, refuse, unnamed, close }
}
