// From boxes in the page to what the native wall is told: whole device pixels, clipped, nothing twice.

import type { Box, Surface } from "../ipc/wire";

const NOWHERE: Box = { x: 0, y: 0, width: 0, height: 0 };

// A layout at 125 % yields 100.00000000001: that is no further pixel.
const SLACK = 1e-6;

/** The largest box of whole device pixels inside; the wall may not cover its neighbours. */
export function snapInward(box: Box, scale: number): Box {
  const left = Math.ceil(box.x * scale - SLACK);
  const top = Math.ceil(box.y * scale - SLACK);
  const right = Math.floor((box.x + box.width) * scale + SLACK);
  const bottom = Math.floor((box.y + box.height) * scale + SLACK);
  return fromDevice(left, top, Math.max(left, right), Math.max(top, bottom), scale);
}

/** The smallest box of whole device pixels around; a hole may not cut what it shows. */
export function snapOutward(box: Box, scale: number): Box {
  return fromDevice(
    Math.floor(box.x * scale + SLACK),
    Math.floor(box.y * scale + SLACK),
    Math.ceil((box.x + box.width) * scale - SLACK),
    Math.ceil((box.y + box.height) * scale - SLACK),
    scale,
  );
}

function fromDevice(left: number, top: number, right: number, bottom: number, scale: number): Box {
  // Adding 0 makes 0 of -0, which would look like a change.
  return { x: left / scale + 0, y: top / scale + 0, width: (right - left) / scale, height: (bottom - top) / scale };
}

export function clip(box: Box, to: Box): Box | null {
  const x = Math.max(box.x, to.x);
  const y = Math.max(box.y, to.y);
  const width = Math.min(box.x + box.width, to.x + to.width) - x;
  const height = Math.min(box.y + box.height, to.y + to.height) - y;
  return width > 0 && height > 0 ? { x, y, width, height } : null;
}

function contains(outer: Box, inner: Box): boolean {
  return (
    inner.x >= outer.x &&
    inner.y >= outer.y &&
    inner.x + inner.width <= outer.x + outer.width &&
    inner.y + inner.height <= outer.y + outer.height
  );
}

/** `wall` null: the native wall is not to be seen at all. */
export function surfaceOf(wall: Box | null, covers: Box[], scale: number): Surface {
  if (!wall) return { wall: NOWHERE, holes: [], scale };
  const place = snapInward(wall, scale);
  const clipped = covers.flatMap((box) => clip(snapOutward(box, scale), place) ?? []);
  const holes = clipped.filter(
    (box, index) =>
      !clipped.some((other, at) => at !== index && contains(other, box) && (at < index || !contains(box, other))),
  );
  return { wall: place, holes: holes.sort((a, b) => a.y - b.y || a.x - b.x), scale };
}
