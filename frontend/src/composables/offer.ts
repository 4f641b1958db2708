import { computed, reactive, ref, watch } from 'vue'
import { screenLot } from '@/api/exchange'
import { addPhoto } from '@/api/photo'
import { newKey } from '@/api/key'
import { asProblem, type Problem } from '@/api/problem'
import type { Ask, Item, LotKind, NewLot, Notice, Offer, Seal, Verdict } from '@/api/types'
import { useAsks } from '@/stores/asks'
import { useMine } from '@/stores/mine'
import { useOutbox } from '@/stores/outbox'
import type { Behalf } from './ask'
import { useScreening } from './screening'
import type { Shot } from './shrink'

export interface Draft {
  item: Item
  quantity: number
  strength: string
  expires: string
  seal: Seal
  shots: Shot[]
  kind: LotKind
  days: number
}
export interface Refused {
  draft: Draft
  verdict: Pick<Verdict, 'outcome' | 'reasons' | 'go'>
}

const mostUnits = 999
/** Tablets mostly come ten to a blister. */
const blister = 10
const mostLines = 10
/** A cold's worth of watching a fever; the owner may say otherwise. */
const lendDays = 3

/**
 * The form of an offer: one pack is written at a time, several make a post.
 * A pack that cannot be taken says why at once and never blocks the others.
 * With a call it is named, and its bar counts what is sent.
 * With an ask it is the answer to it, which is of no use later: it does not wait.
 */
export function useOffer(ask?: Ask, behalf?: Behalf, call?: Notice) {
  const asks = useAsks()
  const outbox = useOutbox()
  const mine = useMine()
  const first = ask?.item ?? call?.call?.item ?? null
  /** Of a call what is still missing, as far as one home may have it. */
  const missing = Math.max(1, Math.min((call?.call?.wanted ?? 1) - (call?.call?.got ?? 0), /[片粒]/.test(first?.unit ?? '') ? blister : 1))
  const form = reactive({
    item: first && first.kind !== 'class' ? first : (null as Item | null), quantity: ask?.quantity ?? missing, strength: '', expires: '', seal: '' as Seal | '', note: '', fetch: false,
    shots: [] as (Shot | null)[],
    kind: call ? ('gift' as LotKind) : kindOf(first), days: lendDays,
  })
  const calling = ref(call)
  const packs = ref<Draft[]>([])
  const refused = ref<Refused[]>([])
  const sending = ref(false)
  const problem = ref<Problem | null>(null)
  let key = newKey()

  /** What comes back may have been used: nobody is asked whether it was opened. */
  const lent = computed(() => form.kind === 'loan' && form.item?.lend === true)
  /** Plain supplies need no date; what acts in the body does. */
  const dated = computed(() => form.item !== null && (form.item.kind === 'drug' || form.item.evidence !== 'none'))
  const complete = computed(() => form.item !== null && (form.seal !== '' || lent.value) && (!dated.value || form.expires !== ''))
  // Without seal or date the thing itself is asked already: a prescription drug
  // is refused before anybody looks for its date.
  const screening = useScreening(() => form.item
    ? screenLot({
        item_id: form.item.id, quantity: form.quantity, seal: form.seal || 'box', expires_on: form.expires || (dated.value ? farAway() : ''),
        kind: lent.value ? 'loan' : 'gift',
      }) : null, problem)
  const verdict = screening.verdict
  const stop = computed(() => verdict.value !== null && verdict.value.outcome !== 'ok')
  const ready = computed(() => (complete.value && !stop.value) || (form.item === null && packs.value.length > 0))
  const presets = computed(() => [...new Set(form.item?.packs.map((p) => p.size).filter((n) => n > 1))].slice(0, 2))
  const all = computed<Draft[]>(() => (complete.value && !stop.value ? [...packs.value, draft()] : packs.value))

  function draft(): Draft {
    return { item: form.item!, quantity: form.quantity, strength: form.strength.trim(), expires: form.expires,
      seal: form.seal || 'opened', kind: lent.value ? 'loan' : 'gift', days: form.days, shots: form.shots.filter((s) => s !== null) }
  }

  watch(() => form.item?.id, () => {
    Object.assign(form, { strength: '', expires: '', seal: '', kind: kindOf(form.item), days: lendDays, quantity: presets.value[0] ?? (/[片粒]/.test(form.item?.unit ?? '') ? blister : 1) })
    verdict.value = null
    key = newKey()
  })
  watch(() => [form.item?.id, form.quantity, form.expires, form.seal, form.kind], screening.soon)

  /** Puts the written pack aside, with the others or with those that cannot be taken. */
  function another(): void {
    if (form.item && stop.value && verdict.value) refused.value = [...refused.value, { draft: draft(), verdict: verdict.value }]
    else if (complete.value && all.value.length <= mostLines) packs.value = [...packs.value, draft()]
    Object.assign(form, { item: null, shots: [] })
  }

  /**
   * Photos follow their lots, which come back in the order of their lines without
   * those that were refused. The offer stands without them; it tells whether all
   * got through.
   */
  async function attach(offer: Offer, drafts: Draft[]): Promise<boolean> {
    const refused = new Set(offer.refused.map((r) => r.line))
    const kept = drafts.filter((_, line) => !refused.has(line))
    try {
      for (const [i, lot] of offer.lots.entries()) {
        for (const shot of kept[i]?.shots ?? []) await addPhoto('pack', lot.id, shot.file, newKey())
      }
      if (drafts.some((d) => d.shots.length > 0)) await mine.loadOffer(offer.id)
      return true
    } catch {
      return false
    }
  }

  async function send(): Promise<({ sent: { id: string } } | { queued: true }) & { photos: Promise<boolean> } | null> {
    if (!ready.value || sending.value) return null
    sending.value = true
    problem.value = null
    let drafts: Draft[] = []
    try {
      await screening.settled()
      if (!ready.value) return null
      drafts = all.value
      const lots: NewLot[] = drafts.map((d) => ({
        item_id: d.item.id, strength: d.strength, form: '', pack_size: 0, batch: '', quantity: d.quantity,
        expires_on: d.expires, seal: d.seal, kind: d.kind, lend_days: d.kind === 'loan' ? d.days : 0,
      }))
      if (ask) {
        const offer = await mine.loadOffer((await asks.answer(ask.id, { answer: 'yes', lots }, key)).offer_id)
        return { sent: offer, photos: attach(offer, drafts) }
      }
      const done = await outbox.sendOffer({ lots, way: form.fetch ? 'door' : 'relay', note: form.note.trim(), ...behalf, ...(calling.value ? { call_id: calling.value.id } : {}) }, { item: drafts[0]!.item, quantity: drafts[0]!.quantity }, key)
      return 'sent' in done ? { ...done, photos: attach(done.sent, drafts) } : { ...done, photos: Promise.resolve(!drafts.some((d) => d.shots.length > 0)) }
    } catch (e) {
      problem.value = asProblem(e)
      if (!problem.value.passing) key = newKey()
      for (const r of problem.value.refused) {
        const of = drafts[r.line]
        if (of) refused.value = [...refused.value, { draft: of, verdict: r }]
      }
      return null
    } finally {
      sending.value = false
    }
  }

  /** Who comes too late for a call gives to whomever needs it. */
  function anyway(): void {
    calling.value = undefined
    problem.value = null
    key = newKey()
  }

  return { form, calling, anyway, lent, packs, refused, verdict, sending, problem, dated, complete, stop, ready, presets, all, most: mostUnits, another, send }
}

/** What is lent is mostly lent: a thermometer comes back. */
const kindOf = (item: Item | null): LotKind => (item?.lend ? 'loan' : 'gift')

function farAway(): string {
  return `${new Date().getFullYear() + 2}-12`
}
