// Stretches of time as people write and read them. Microseconds since 1970 towards the program, milliseconds here.

import type { Id, IncidentStretch, Period } from "../ipc/wire";
import { moment } from "../playback/words";
import { readDate } from "../records/dates";

export type Stretch = { camera: Id; from: number; until: number };

export const fromPeriod = ({ from, until }: Period) => ({ from: from / 1000, until: until / 1000 });
export const toPeriod = ({ from, until }: { from: number; until: number }): Period => ({ from: Math.round(from * 1000), until: Math.round(until * 1000) });
export const fromWire = ({ camera, period }: IncidentStretch): Stretch => ({ camera, ...fromPeriod(period) });
export const toWire = (stretch: Stretch): IncidentStretch => ({ camera: stretch.camera, period: toPeriod(stretch) });

/** Each camera once, with all of its time. */
export function byCamera(stretches: readonly Stretch[]): Stretch[] {
  const all = new Map<Id, Stretch>();
  for (const { camera, from, until } of stretches) {
    const known = all.get(camera);
    all.set(camera, { camera, from: Math.min(from, known?.from ?? from), until: Math.max(until, known?.until ?? until) });
  }
  return [...all.values()];
}

/** 16/07/2026 07:30:15, and the end without its day where that is the same. */
export function spanInWords({ from, until }: { from: number; until: number }): string {
  if (from === until) return moment(from);
  const [day, time] = moment(until).split(" ");
  return moment(from).startsWith(`${day} `) ? `${moment(from)} – ${time}` : `${moment(from)} – ${moment(until)}`;
}

/** What somebody typed; null: not a date and time. */
export function typed(text: string, now: number): number | null {
  return readDate(text, now) ?? null;
}
