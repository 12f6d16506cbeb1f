// What a condition means to people: how urgent it is, and whether anybody has to do something.

import type { Condition } from "../ipc/wire";

/** The most urgent first. */
export const CONDITIONS: Condition[] = ["dark", "unwell", "waiting", "unknown", "live", "well"];

export function needsAttention(condition: Condition): boolean {
  return condition === "dark" || condition === "unwell" || condition === "waiting";
}

export function urgency(condition: Condition): number {
  return CONDITIONS.indexOf(condition);
}

export function worst(conditions: Condition[]): Condition {
  return conditions.reduce<Condition>((worse, each) => (urgency(each) < urgency(worse) ? each : worse), "well");
}

export type Tally = Record<Condition, number>;

export function tallied(conditions: Condition[]): Tally {
  const tally: Tally = { dark: 0, unwell: 0, waiting: 0, unknown: 0, live: 0, well: 0 };
  for (const condition of conditions) tally[condition] += 1;
  return tally;
}
