// The stops of a tour while somebody arranges them.

import type { Id, Saved, TourStop } from "../ipc/wire";

export const SHORTEST = 3;
export const LONGEST = 3600;
const USUAL = 20;

/** A stop with a name of its own: the same layout may come twice. */
export type EditedStop = TourStop & { key: number };

export function numbered(stops: TourStop[]): EditedStop[] {
  return stops.map((stop, key) => ({ ...stop, key }));
}

export function added(stops: EditedStop[], layout: Id): EditedStop[] {
  const key = Math.max(-1, ...stops.map((stop) => stop.key)) + 1;
  return [...stops, { layout, seconds: stops.at(-1)?.seconds ?? USUAL, key }];
}

/** To the place `to`; beyond the ends, to the end. */
export function movedTo(stops: EditedStop[], from: number, to: number): EditedStop[] {
  const stop = stops[from];
  const place = Math.min(Math.max(0, to), stops.length - 1);
  if (!stop || place === from) return stops;
  return stops.toSpliced(from, 1).toSpliced(place, 0, stop);
}

export function withSeconds(stops: EditedStop[], key: number, seconds: number): EditedStop[] {
  return stops.map((stop) => (stop.key === key ? { ...stop, seconds } : stop));
}

export function without(stops: EditedStop[], key: number): EditedStop[] {
  return stops.filter((stop) => stop.key !== key);
}

export function lasts(seconds: number): boolean {
  return Number.isInteger(seconds) && seconds >= SHORTEST && seconds <= LONGEST;
}

/** Which of the tours stop at that layout. */
export function toursThrough(saved: Saved, layout: Id): string[] {
  return saved.tours.filter((tour) => tour.stops.some((stop) => stop.layout === layout)).map((tour) => tour.name);
}
