import { answers } from './answers'
import { checks } from './checks'
import { claims } from './claims'
import { handOvers } from './handOvers'
import type { Scene, Source, Task } from './task'

export type { Scene, Source, Task } from './task'

/** Every source of the day's work; their lines stand in one list by the hour. */
const sources: Source[] = [checks, handOvers, claims, answers]

export function tasksOf(scene: Scene): Task[] {
  return sources.flatMap((source) => source(scene))
    .sort((a, b) => Number(b.here) - Number(a.here) || (a.at || '9').localeCompare(b.at || '9'))
}
