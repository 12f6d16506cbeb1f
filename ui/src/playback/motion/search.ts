// What a search for motion is asked for, and how it stands, in people's words.

import type { Id, MotionSearch, MotionSensitivity, PicturePart } from "../../ipc/wire";
import { spanInWords } from "../../incidents/times";
import { m } from "../../paraglide/messages.js";
import type { App } from "../../state/app";
import { dayAfter, dayOf } from "../month";
import { HOUR, type Window } from "../timeline";
import { moment } from "../words";

/** As the program takes it at once; with the hour that a day is longer when clocks change. */
export const LONGEST = 25 * HOUR;
/** As many as the program takes. */
export const MOST_PARTS = 32;

export type Span = "shown" | "day" | "repeat" | "own";

export type Draft = { area: PicturePart[]; sensitivity: MotionSensitivity };

/** What was asked for last of each camera: an area is seldom drawn only once. */
const drafts = new Map<Id, Draft>();

export const draftOf = (camera: Id): Draft => drafts.get(camera) ?? { area: [], sensitivity: "medium" };
export const keepDraft = (camera: Id, draft: Draft): void => void drafts.set(camera, draft);

/** What a choice stands for; null: nothing yet. */
export function windowOf(span: Span, { shown, at, repeat, own, now }: { shown: Window; at: number; repeat: Window | null; own: Window | null; now: number }): Window | null {
  const chosen = span === "shown" ? shown : span === "repeat" ? repeat : span === "own" ? own : { from: dayOf(at), until: dayAfter(dayOf(at), 1) };
  if (!chosen) return null;
  const past = { from: chosen.from, until: Math.min(chosen.until, now) };
  return past.until > past.from ? past : null;
}

export const isOver = ({ state }: MotionSearch): boolean => state === "done" || state === "stopped" || state === "full" || state === "failed";

/** Of its time, 0–1. */
export function shareOf({ period, reached, state }: MotionSearch): number {
  if (state === "done") return 1;
  const length = period.until - period.from;
  return length > 0 ? Math.min(Math.max((reached - period.from) / length, 0), 1) : 0;
}

/** What was recorded and was not looked at. */
export const unsearched = ({ missed }: MotionSearch) => missed.filter((each) => !each.not_recorded);

/** Never that nothing moved where nobody has looked. */
export function standing(search: MotionSearch): string {
  const { state, text, hits } = search;
  switch (state) {
    case "asking":
      return m.page_motion_asking();
    case "in_line":
      return m.page_motion_in_line();
    case "searching":
      return m.page_motion_searching();
    case "again":
      return m.page_motion_asks_again({ reason: text });
    case "done":
      if (hits.length > 0) return m.page_motion_done();
      if (search.looked === 0 && !search.by_recorder) return m.page_motion_nothing_looked();
      return unsearched(search).length > 0 ? m.page_motion_none_in_part() : m.page_motion_none();
    case "stopped":
      return m.page_motion_stopped();
    case "full":
      return m.page_motion_full();
    case "failed":
      return m.page_motion_failed({ reason: text });
  }
}

/** Up to where it has looked: the time of day alone where the day stands beside it. */
export function reachedInWords({ period: { from, until }, reached }: MotionSearch): string {
  const oneDay = dayOf(from / 1000) === dayOf((until - 1) / 1000);
  return oneDay ? (moment(reached / 1000).split(" ")[1] ?? "") : moment(reached / 1000);
}

export function periodInWords({ from, until }: { from: number; until: number }): string {
  return spanInWords({ from: from / 1000, until: until / 1000 });
}

/** What was found of a camera that the wall plays, by camera. */
export function foundOf(search: MotionSearch | null): ReadonlyMap<Id, readonly Window[]> {
  if (!search) return new Map();
  return new Map([[search.camera, search.hits.map(({ period }) => ({ from: period.from / 1000, until: period.until / 1000 }))]]);
}

export function searchOf(app: App, wall: number): MotionSearch | null {
  return app.motion.get().get(wall) ?? null;
}
