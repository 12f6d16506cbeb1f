// Who is steered by a gesture on a picture: the digital view of it, or the camera's motors. The one place that decides;
// whoever can be steered stands in `STEERED`, the first one that takes a gesture gets it.

import type { App } from "../state/app";
import { digitalView } from "./digital-view";
import { motors } from "./motors";

/** A place or a way on a tile, in shares of its width and height. */
export type Share = { x: number; y: number };

export type Region = Share & { width: number; height: number };

export type Held = { ctrl: boolean; shift: boolean };

/** What a hand asks for. `region`: a box is drawn, with Shift. */
export type Gesture = "wheel" | "drag" | "region" | "key";

/** Something that gestures on the picture in slot `at` steer. */
export interface Steered {
  /** Whether this gesture is for it; a drag that is for nobody moves the tile. */
  takes(app: App, at: number, gesture: Gesture, held: Held): boolean;
  /** The wheel at a place; above 0 towards the person, smaller. A notch is 1. */
  wheel(app: App, at: number, notches: number, place: Share): void;
  /** A drag begins; what it gives hears of the ways gone since. */
  drag(app: App, at: number, place: Share): { move: (way: Share) => void; end: () => void };
  /** A press without a drag. */
  click?(app: App, at: number, place: Share): void;
  /** A box was drawn. */
  region(app: App, at: number, region: Region): void;
  /** Whether the key meant something to it. `mode`: keys are for the picture alone until Escape. */
  key(app: App, at: number, key: string, held: Held, mode: boolean): boolean;
}

const STEERED: readonly Steered[] = [motors, digitalView];

export function steeredBy(app: App, at: number, gesture: Gesture, held: Held): Steered | null {
  return STEERED.find((each) => each.takes(app, at, gesture, held)) ?? null;
}

/** The first one that has a use for the key. */
export function steerByKey(app: App, at: number, key: string, held: Held): boolean {
  const mode = app.view.get().steering;
  return STEERED.some((each) => each.takes(app, at, "key", held) && each.key(app, at, key, held, mode));
}
