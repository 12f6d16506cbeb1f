// The arithmetic of the time line. Times are milliseconds since 1970, places are pixels from its left edge.

export type Window = { from: number; until: number };

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export const SHORTEST = 2 * MINUTE;
export const LONGEST = 15 * DAY;

/** What lies between two marks, from the finest on. */
const STEPS = [10 * SECOND, 30 * SECOND, MINUTE, 5 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY];

export function lengthOf({ from, until }: Window): number {
  return until - from;
}

export function placeOf(window: Window, width: number, at: number): number {
  return ((at - window.from) / lengthOf(window)) * width;
}

export function timeAt(window: Window, width: number, place: number): number {
  return window.from + (Math.min(Math.max(place, 0), width) / Math.max(width, 1)) * lengthOf(window);
}

/** As wide as asked for within what is offered, around `at`, which keeps its place. */
export function zoomed(window: Window, at: number, factor: number): Window {
  const length = Math.min(Math.max(lengthOf(window) * factor, SHORTEST), LONGEST);
  const share = Math.min(Math.max((at - window.from) / lengthOf(window), 0), 1);
  const from = at - share * length;
  return { from, until: from + length };
}

export function moved(window: Window, by: number): Window {
  return { from: window.from + by, until: window.until + by };
}

/** Not further into the time to come than a margin: nothing is recorded there. */
export function untilNow(window: Window, now: number): Window {
  const over = window.until - (now + 0.15 * lengthOf(window));
  return over > 0 ? moved(window, -over) : window;
}

/** Moved so that `at` is seen and has room in front of it; the same window where that is so. */
export function following(window: Window, at: number): Window {
  const length = lengthOf(window);
  const share = (at - window.from) / length;
  if (share >= 0 && share <= 0.9) return window;
  // A step further turns the page, a leap puts the place into the middle.
  return moved(window, at - window.from - (share > 0.9 && share < 1.5 ? 0.1 : 0.5) * length);
}

/** Marks at round local times, at least `room` pixels apart. `offset`: what local time is ahead of UTC. */
export function marks(window: Window, width: number, room: number, offset: number): { at: number; step: number }[] {
  const least = (lengthOf(window) * room) / Math.max(width, 1);
  const step = STEPS.find((each) => each >= least) ?? Math.ceil(least / DAY) * DAY;
  const all: { at: number; step: number }[] = [];
  for (let at = Math.ceil((window.from + offset) / step) * step - offset; at <= window.until; at += step) all.push({ at, step });
  return all;
}

export type Piece = { x: number; width: number };

/** Where a span is drawn: at least a pixel wide, nothing where it is not in the window. */
export function pieceOf(window: Window, width: number, span: Window): Piece | null {
  if (span.until <= window.from || span.from >= window.until) return null;
  const x = Math.max(placeOf(window, width, span.from), 0);
  const end = Math.min(placeOf(window, width, span.until), width);
  return { x, width: Math.max(end - x, 1) };
}

/**
 * Where spans in order of time are drawn, in whole pixels: what touches in time or on the screen is one piece, so that fifteen
 * days of sixteen cameras are drawn within a frame. Between pieces that do not touch in time a pixel stays free, however short
 * the gap; `marked`: instead each span has a pixel, however short it is, as far as it is touched.
 */
export function piecesOf(window: Window, width: number, spans: readonly Window[], marked: boolean): Piece[] {
  const pieces: Piece[] = [];
  let until = -Infinity;
  for (const span of spans) {
    const exact = pieceOf(window, width, span);
    if (!exact) continue;
    const joins = span.from <= until;
    until = Math.max(until, span.until);
    const from = marked ? Math.floor(exact.x) : Math.ceil(exact.x);
    const end = marked ? Math.ceil(exact.x + exact.width) : Math.floor(exact.x + exact.width);
    const last = pieces.at(-1);
    if (last && (joins || from <= last.x + last.width - (marked ? 0 : 1))) last.width = Math.max(last.width, end - last.x);
    else pieces.push({ x: from, width: Math.max(end - from, 1) });
  }
  return pieces;
}

/** Where a key of the slider leads; null: it means nothing there. */
export function keyed(window: Window, at: number, key: string, shift: boolean): number | null {
  const step = shift ? MINUTE : SECOND;
  switch (key) {
    case "ArrowLeft":
    case "ArrowDown":
      return at - step;
    case "ArrowRight":
    case "ArrowUp":
      return at + step;
    case "PageDown":
      return at - lengthOf(window) / 10;
    case "PageUp":
      return at + lengthOf(window) / 10;
    case "Home":
      return window.from;
    case "End":
      return window.until;
    default:
      return null;
  }
}

/** The speeds that are offered; the sign is the direction. */
const SPEEDS = [1 / 16, 1 / 8, 1 / 4, 1 / 2, 1, 2, 4, 8, 16];

/** The next faster or slower one, in the same direction. */
export function speed(rate: number, faster: boolean): number {
  const size = Math.abs(rate) || 1;
  const next = faster ? SPEEDS.find((each) => each > size + 1e-9) : SPEEDS.findLast((each) => each < size - 1e-9);
  return (next ?? size) * (rate < 0 ? -1 : 1);
}
