// Which part of the paper the window shows: a point of the paper at its upper left corner, and pixels a paper unit.

import type { Bounds, Point } from "./geometry";

export type Size = { width: number; height: number };
export type Viewport = { left: number; top: number; scale: number };

/** A village fills the window. */
const LARGEST_SCALE = 24_000;
/** Beside the whole, as a share of the window. */
const MARGIN = 0.04;

/** The whole of `bounds` in the middle. */
export function fitted(bounds: Bounds, size: Size): Viewport {
  const width = Math.max(bounds.right - bounds.left, 1e-3);
  const height = Math.max(bounds.bottom - bounds.top, 1e-3);
  const room = 1 - 2 * MARGIN;
  const scale = Math.min((size.width * room) / width, (size.height * room) / height, LARGEST_SCALE);
  return {
    left: (bounds.left + bounds.right) / 2 - size.width / 2 / scale,
    top: (bounds.top + bounds.bottom) / 2 - size.height / 2 / scale,
    scale,
  };
}

/** `around`, in pixels of the window, stays where it is. Never smaller than the whole. */
export function zoomed(view: Viewport, factor: number, around: Point, whole: Viewport): Viewport {
  const scale = Math.min(Math.max(view.scale * factor, whole.scale), Math.max(LARGEST_SCALE, whole.scale));
  return {
    left: view.left + around.x / view.scale - around.x / scale,
    top: view.top + around.y / view.scale - around.y / scale,
    scale,
  };
}

export function moved(view: Viewport, x: number, y: number): Viewport {
  return { ...view, left: view.left - x / view.scale, top: view.top - y / view.scale };
}

/** The middle of the window stays over what there is to see. */
export function held(view: Viewport, bounds: Bounds, size: Size): Viewport {
  const width = size.width / 2 / view.scale;
  const height = size.height / 2 / view.scale;
  return {
    ...view,
    left: Math.min(Math.max(view.left, bounds.left - width), bounds.right - width),
    top: Math.min(Math.max(view.top, bounds.top - height), bounds.bottom - height),
  };
}

export function onScreen(view: Viewport, point: Point): Point {
  return { x: (point.x - view.left) * view.scale, y: (point.y - view.top) * view.scale };
}

/** A point of the paper in the middle, at least so near. */
export function centred(view: Viewport, point: Point, size: Size, scale: number): Viewport {
  const near = Math.min(Math.max(view.scale, scale), LARGEST_SCALE);
  return { left: point.x - size.width / 2 / near, top: point.y - size.height / 2 / near, scale: near };
}
