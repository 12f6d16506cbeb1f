// Zooming, moving and rotating a picture on its tile. The program knows where the picture lies on it; the page says what
// the hand does, in shares of the tile.

import type { Change, View } from "../ipc/wire";
import type { App } from "../state/app";
import { cameraAt, slotAt } from "../wall/view";
import { Movement } from "./movement";
import type { Share, Steered } from "./steering";

/** Each notch of the wheel and each press enlarges by so much. */
export const ZOOM_STEP = 1.25;
/** Each press moves the picture by this share of its tile. */
export const MOVE_STEP = 0.15;
/** Each press rotates by so many degrees. */
export const ROTATE_STEP = 5;

const MIDDLE: Share = { x: 0.5, y: 0.5 };
const WAYS: Record<string, Share> = {
  // What lies in the arrow's direction comes into sight: the picture moves the other way.
  ArrowLeft: { x: MOVE_STEP, y: 0 },
  ArrowRight: { x: -MOVE_STEP, y: 0 },
  ArrowUp: { x: 0, y: MOVE_STEP },
  ArrowDown: { x: 0, y: -MOVE_STEP },
};

export function isZoomed(view: View): boolean {
  return view.zoom > 1000;
}

/** The picture as the camera sends it. */
export function isPlain(view: View): boolean {
  return !isZoomed(view) && view.rotation === 0 && !view.corrected && view.x === 500_000 && view.y === 500_000;
}

export function change(app: App, at: number, what: Change): void {
  if (cameraAt(app.wall(), at) !== null) app.act({ kind: "look", at, change: what, goes_on: false });
}

export function zoom(app: App, at: number, factor: number, place = MIDDLE): void {
  change(app, at, { kind: "zoom", factor, ...place });
}

export function rotate(app: App, at: number, by: number): void {
  change(app, at, { kind: "rotate", by });
}

export function correct(app: App, at: number, on: boolean): void {
  change(app, at, { kind: "correct", on });
}

export const digitalView: Steered = {
  takes(app, at, gesture, held) {
    const wall = app.wall();
    if (cameraAt(wall, at) === null) return false;
    const zoomed = isZoomed(slotAt(wall, at).view);
    switch (gesture) {
      case "wheel":
        // Elsewhere the plain wheel turns pages.
        return held.ctrl || zoomed || wall.enlarged === at;
      case "drag":
        // With Ctrl an enlarged picture's tile can still be moved.
        return zoomed && !held.ctrl && !app.view.get().editing;
      case "region":
        return held.shift && !app.view.get().editing;
      case "key":
        return true;
    }
  },

  wheel(app, at, notches, place) {
    movementOf(app).zoom(at, ZOOM_STEP ** -notches, place);
  },

  drag(app, at) {
    const movement = movementOf(app);
    return { move: (way) => movement.pan(at, way), end: () => movement.end(at) };
  },

  region(app, at, region) {
    change(app, at, { kind: "region", ...region });
  },

  key(app, at, key, held, mode) {
    const way = WAYS[key];
    if (way && (held.shift || (mode && !held.ctrl))) {
      change(app, at, { kind: "pan", ...way });
      return true;
    }
    if (!mode && !held.ctrl) return false;
    const does = KEYS[key];
    if (!does || (held.ctrl && !CONTROL_KEYS.has(key))) return false;
    does(app, at);
    return true;
  },
};

const KEYS: Record<string, (app: App, at: number) => void> = {
  "+": (app, at) => zoom(app, at, ZOOM_STEP),
  "=": (app, at) => zoom(app, at, ZOOM_STEP),
  "-": (app, at) => zoom(app, at, 1 / ZOOM_STEP),
  _: (app, at) => zoom(app, at, 1 / ZOOM_STEP),
  "0": (app, at) => change(app, at, { kind: "whole" }),
  Home: (app, at) => change(app, at, { kind: "whole" }),
  "[": (app, at) => rotate(app, at, -ROTATE_STEP),
  "]": (app, at) => rotate(app, at, ROTATE_STEP),
};

/** Those that browsers have for the same, with Ctrl; the others would mean layouts or nothing. */
const CONTROL_KEYS = new Set(["+", "=", "-", "_", "0"]);

const movements = new WeakMap<App, Movement>();

/** One for all tiles: there is one hand. */
function movementOf(app: App): Movement {
  const known = movements.get(app);
  if (known) return known;
  const made = new Movement((at, what, goesOn) => app.look(at, what, goesOn));
  movements.set(app, made);
  return made;
}
