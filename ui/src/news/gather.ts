// News of cameras that come in bursts, when a line breaks or comes back, become one notice of each kind.

import type { CameraNews, Id } from "../ipc/wire";

/** What is shown now, the newest last. */
export type Gathered = { lost: CameraNews[]; back: CameraNews[] };

export const NOTHING: Gathered = { lost: [], back: [] };

/** A camera stands in one of the two, by its newest news. */
export function gathered(before: Gathered, news: CameraNews): Gathered {
  const others = (all: CameraNews[]) => all.filter((each) => each.id !== news.id);
  const lost = others(before.lost);
  const back = others(before.back);
  if (news.lost) return { lost: [...lost, news], back };
  return { lost, back: [...back, news] };
}

/** The newest first; more than that is in the log. */
export function remembered(before: CameraNews[], news: CameraNews, most: number): CameraNews[] {
  return [news, ...before].slice(0, most);
}

/** The first names, and how many more there are. */
export function named(all: CameraNews[], most: number): { names: string[]; more: number; first: Id | null } {
  const newest = all.toReversed();
  return { names: newest.slice(0, most).map((each) => each.name), more: Math.max(0, all.length - most), first: newest[0]?.id ?? null };
}
