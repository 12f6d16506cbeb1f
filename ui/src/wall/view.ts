// How a wall's slots lie on what is seen of it: a page of tiles, or one enlarged camera.

import { neighbour, type Direction } from "../layout/geometry";
import type { Id, Slot, View, Wall } from "../ipc/wire";

export type { Direction };

/** All of the picture, as the camera sends it. */
export const PLAIN_VIEW: View = { x: 500_000, y: 500_000, zoom: 1000, rotation: 0, corrected: false };

export const EMPTY_SLOT: Slot = { camera: null, fit: "fit", turn: "none", hotspot: false, view: PLAIN_VIEW };

export function slotAt(wall: Wall, at: number): Slot {
  return wall.slots[at] ?? EMPTY_SLOT;
}

export function cameraAt(wall: Wall, at: number | null): Id | null {
  return at === null ? null : slotAt(wall, at).camera;
}

export function pageStart(wall: Wall): number {
  return wall.page * wall.layout.cells.length;
}

/** Slots of the page, tile by tile. */
export function pageSlots(wall: Wall): number[] {
  const start = pageStart(wall);
  return wall.layout.cells.map((_, tile) => start + tile);
}

/** Slots that are seen: the enlarged one alone, or the page's. */
export function shownSlots(wall: Wall): number[] {
  return wall.enlarged === null ? pageSlots(wall) : [wall.enlarged];
}

/** The selected slot where it is seen. */
export function shownSelection(wall: Wall): number | null {
  return wall.selected !== null && shownSlots(wall).includes(wall.selected) ? wall.selected : null;
}

/** More tiles than anybody reads words on: their edges say by colours how each camera stands. */
const MANY = 64;

export function isOverview(wall: Wall): boolean {
  return wall.layout.cells.length > MANY;
}

/** Number of the tile that people see: 1 for the first one of the page. */
export function tileNumber(wall: Wall, at: number): number {
  return at - pageStart(wall) + 1;
}

/** The slot beside; while one is enlarged, the camera before or after it. */
export function slotBeside(wall: Wall, at: number, direction: Direction): number | null {
  if (wall.enlarged !== null) return cameraBeside(wall, wall.enlarged, direction);
  const tile = neighbour(wall.layout, at - pageStart(wall), direction);
  return tile === null ? null : pageStart(wall) + tile;
}

function cameraBeside(wall: Wall, at: number, direction: Direction): number | null {
  const step = direction === "right" || direction === "down" ? 1 : -1;
  for (let next = at + step; next >= 0 && next < wall.slots.length; next += step) {
    if (wall.slots[next]?.camera) return next;
  }
  return null;
}

/** The next empty tile of the page behind `after`, going round. */
export function nextEmpty(wall: Wall, after = -1): number | null {
  const empty = pageSlots(wall).filter((at) => cameraAt(wall, at) === null);
  return empty.find((at) => at > after) ?? empty[0] ?? null;
}

/** Where a camera goes that was put on the wall without saying where. */
export function placeFor(wall: Wall): number {
  const selected = shownSelection(wall);
  if (selected !== null && cameraAt(wall, selected) === null) return selected;
  return nextEmpty(wall) ?? selected ?? pageStart(wall);
}
