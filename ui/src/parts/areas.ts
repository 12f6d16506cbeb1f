// Parts of a picture in thousandths of its sides, as they are drawn and typed.

import type { PicturePart } from "../ipc/wire";

export const WHOLE = 1000;
/** A press without a drag makes no area. */
export const LEAST = 8;

export type Point = { x: number; y: number };

const between = (value: number, least: number, most: number) => Math.min(Math.max(Math.round(value), least), most);

/** Where a pointer stands in a box, in thousandths; at its edge where it stands outside. */
export function pointIn(box: { left: number; top: number; width: number; height: number }, at: { clientX: number; clientY: number }): Point {
  const part = (distance: number, side: number) => (side > 0 ? between((distance / side) * WHOLE, 0, WHOLE) : 0);
  return { x: part(at.clientX - box.left, box.width), y: part(at.clientY - box.top, box.height) };
}

/** What lies between two corners; null where it is too small to have been meant. */
export function partOf(a: Point, b: Point): PicturePart | null {
  const [x, y] = [Math.min(a.x, b.x), Math.min(a.y, b.y)];
  const [width, height] = [Math.abs(a.x - b.x), Math.abs(a.y - b.y)];
  return width < LEAST || height < LEAST ? null : { x, y, width, height };
}

/** The same with something changed, inside the picture. */
export function changed<P extends PicturePart>(part: P, change: Partial<P>): P {
  const wanted = { ...part, ...change };
  const x = between(wanted.x, 0, WHOLE - 1);
  const y = between(wanted.y, 0, WHOLE - 1);
  return { ...wanted, x, y, width: between(wanted.width, 1, WHOLE - x), height: between(wanted.height, 1, WHOLE - y) };
}

/** Where somebody begins who types: the middle. */
export const MIDDLE: PicturePart = { x: 400, y: 400, width: 200, height: 200 };
