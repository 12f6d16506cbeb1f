// Where names of districts stand: beside the marks of the sites, not under them.

import type { Point } from "./geometry";

/** Pixels up (negative) or down from where the name stands best. */
const TRIES = [0, -20, 20, -34, 34, -48, 48];
const HALF_HEIGHT = 8;
/** Of a mark, with a little air. */
const REACH = 16;

type Label = { at: Point; width: number };

/** The first place where nothing covers the name; where there is none, its best one. In pixels. */
export function besideMarks(labels: Label[], marks: Point[]): Point[] {
  return labels.map(({ at, width }) => {
    const free = (y: number) =>
      !marks.some((mark) => Math.abs(mark.x - at.x) < width / 2 + REACH && Math.abs(mark.y - y) < HALF_HEIGHT + REACH);
    const shift = TRIES.find((each) => free(at.y + each)) ?? 0;
    return { x: at.x, y: at.y + shift };
  });
}
