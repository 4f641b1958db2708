import type { Today } from '@/api/types'

/** One line of 接下来: something to do, when, and where it is done. */
export interface Task {
  key: string
  /** When it is due; '' where it has no hour. */
  at: string
  title: string
  text: string
  to: string
  icon: string
  action: string
  /** It can be done now; what is awaited stands below. */
  here: boolean
  /** What holds of it beside its hour: 等着发送. */
  chip?: string
}

export interface Scene {
  day: Today
  now: Date
  /** A hand-over that was closed on this phone and is not sent yet. */
  waits: (handover: string) => boolean
}

/** A source gives its lines of the day; a new kind of task is a new file here. */
export type Source = (scene: Scene) => Task[]
