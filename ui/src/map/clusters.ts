// Sites that lie so close on the screen that their marks would cover each other become one mark.

import type { Point } from "./geometry";

export type Cluster<T> = {
  /** Of the members' middle. */
  at: Point;
  members: T[];
};

/**
 * Marks nearer than `distance` to a cluster's first member join it, in the order given: the same sites at the same
 * scale always give the same clusters, so that no mark jumps while the map is only moved.
 */
export function clustered<T>(marks: { at: Point; of: T }[], distance: number): Cluster<T>[] {
  const made: { first: Point; points: Point[]; members: T[] }[] = [];
  for (const { at, of } of marks) {
    const near = made.find(({ first }) => Math.hypot(first.x - at.x, first.y - at.y) < distance);
    if (near) {
      near.points.push(at);
      near.members.push(of);
    } else made.push({ first: at, points: [at], members: [of] });
  }
  return made.map(({ points, members }) => ({ at: middle(points), members }));
}

function middle(points: Point[]): Point {
  const sum = points.reduce((all, { x, y }) => ({ x: all.x + x, y: all.y + y }), { x: 0, y: 0 });
  return { x: sum.x / points.length, y: sum.y / points.length };
}

export type Direction = "left" | "right" | "up" | "down";

const AHEAD: Record<Direction, (from: Point, to: Point) => { ahead: number; aside: number }> = {
  left: (from, to) => ({ ahead: from.x - to.x, aside: Math.abs(to.y - from.y) }),
  right: (from, to) => ({ ahead: to.x - from.x, aside: Math.abs(to.y - from.y) }),
  up: (from, to) => ({ ahead: from.y - to.y, aside: Math.abs(to.x - from.x) }),
  down: (from, to) => ({ ahead: to.y - from.y, aside: Math.abs(to.x - from.x) }),
};

/** Which point an arrow key leads to: the nearest one ahead, one aside counting twice. Null: there is none. */
export function nearestTowards(points: Point[], from: number, direction: Direction): number | null {
  const start = points[from];
  if (!start) return null;
  let best: { index: number; cost: number } | null = null;
  points.forEach((point, index) => {
    const { ahead, aside } = AHEAD[direction](start, point);
    // What lies more aside than ahead is another arrow's.
    if (index === from || ahead <= 0 || aside > ahead * 2) return;
    const cost = ahead + aside * 2;
    if (!best || cost < best.cost) best = { index, cost };
  });
  return (best as { index: number } | null)?.index ?? null;
}
