// Cameras with motors, steered by gestures and keys while a picture is steered. They come before the digital view: with Ctrl
// it gets the gesture all the same.

import type { Id, Push, Steering } from "../ipc/wire";
import type { App } from "../state/app";
import { target } from "../wall/commands";
import { cameraAt, slotAt } from "../wall/view";
import { isZoomed } from "./digital-view";
import { PushingHand } from "./push";
import type { Share, Steered } from "./steering";

/** A drag of this share of the tile is full speed. */
const FULL = 0.4;
/** How long a notch of the wheel zooms. */
const NOTCH_MS = 180;
/** A second press within this makes a click a double click, which enlarges. */
const DOUBLE_MS = 220;

const ARROWS: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};
const ZOOMS: Record<string, number> = { "+": 1, "=": 1, "-": -1, _: -1 };

const hands = new WeakMap<App, PushingHand>();

/** There is one hand, whatever it uses. */
export function handOf(app: App): PushingHand {
  const known = hands.get(app);
  if (known) return known;
  const made = new PushingHand(
    (camera, push) => app.backend.steerPush(camera, push),
    (camera) => app.run(app.backend.steerLetGo(camera)),
    (error) => {
      pressed.clear();
      app.refused(error);
    },
  );
  hands.set(app, made);
  // What was held before the device was met begins when it is.
  app.hands.watch(() => {
    const at = target(app);
    const camera = cameraAt(app.wall(), at);
    if (pressed.size > 0 && !made.isHolding && camera !== null && motorsAt(app, at)) follow(app, camera);
  });
  // Nobody hears a key go up that is let go of elsewhere.
  const release = () => {
    pressed.clear();
    made.release();
  };
  window.addEventListener("blur", release);
  window.addEventListener("pagehide", release);
  document.addEventListener("visibilitychange", release);
  window.addEventListener("keyup", (event) => keyUp(app, event.key));
  return made;
}

/** How the camera on slot `at` stands, where its motors can be moved now. */
export function motorsAt(app: App, at: number): Steering | null {
  const camera = cameraAt(app.wall(), at);
  const standing = camera === null ? undefined : app.hands.get().get(camera);
  return standing && hasMotors(standing) && isFree(standing) ? standing : null;
}

/** Whether the device of slot `at` may still turn out to have motors. */
function isBeingMet(app: App, at: number): boolean {
  const camera = cameraAt(app.wall(), at);
  if (camera === null || !app.may("move")) return false;
  const standing = app.hands.get().get(camera);
  return standing === undefined || (standing.abilities === null && standing.trouble === "");
}

export function hasMotors({ abilities }: Steering): boolean {
  return abilities !== null && (abilities.pan ?? abilities.tilt ?? abilities.zoom) !== null;
}

function isFree({ abilities, unlocked }: Steering): boolean {
  return !(abilities?.set_up_only ?? false) || unlocked;
}

export function push(app: App, camera: Id, way: { pan?: number; tilt?: number; zoom?: number }): void {
  const speed = app.steerSpeed.get();
  const of = (value = 0) => Math.min(Math.max(value, -1), 1) * speed;
  handOf(app).hold(camera, { kind: "turn", pan: of(way.pan), tilt: of(way.tilt), zoom: of(way.zoom) });
}

export function pushLens(app: App, camera: Id, kind: "focus" | "iris", way: number): void {
  const held: Push = { kind, speed: way * app.steerSpeed.get() };
  handOf(app).hold(camera, held);
}

const pressed = new Set<string>();
let wheelEnds: ReturnType<typeof setTimeout> | null = null;
let clicks: ReturnType<typeof setTimeout> | null = null;

export const motors: Steered = {
  takes(app, at, gesture, held) {
    if (!app.view.get().steering || held.ctrl || at !== target(app)) return false;
    if (gesture === "key" && isBeingMet(app, at)) return !held.shift;
    const abilities = motorsAt(app, at)?.abilities;
    if (!abilities) return false;
    const turns = abilities.pan !== null || abilities.tilt !== null;
    switch (gesture) {
      case "wheel":
        return abilities.zoom !== null;
      case "drag":
        return turns;
      case "region":
        return held.shift && turns;
      case "key":
        return !held.shift;
    }
  },

  wheel(app, at, notches) {
    const camera = cameraAt(app.wall(), at);
    if (camera === null) return;
    push(app, camera, { zoom: -Math.sign(notches) });
    if (wheelEnds !== null) clearTimeout(wheelEnds);
    wheelEnds = setTimeout(handOf(app).release, NOTCH_MS * Math.max(1, Math.abs(notches)));
  },

  drag(app, at) {
    const camera = cameraAt(app.wall(), at);
    const gone: Share = { x: 0, y: 0 };
    return {
      move: (way) => {
        gone.x += way.x;
        gone.y += way.y;
        if (camera !== null) push(app, camera, { pan: gone.x / FULL, tilt: -gone.y / FULL });
      },
      end: () => handOf(app).release(),
    };
  },

  click(app, at, place) {
    if (clicks !== null) {
      clearTimeout(clicks);
      clicks = null;
      return;
    }
    const wall = app.wall().id;
    clicks = setTimeout(() => {
      clicks = null;
      app.run(app.backend.steerTo(wall, at, place, null));
    }, DOUBLE_MS);
  },

  region(app, at, { x, y, width, height }) {
    app.run(app.backend.steerTo(app.wall().id, at, { x, y }, { x: x + width, y: y + height }));
  },

  key(app, at, key, _held, mode) {
    const camera = cameraAt(app.wall(), at);
    if (mode && isBeingMet(app, at)) {
      // Until it is known, the picture itself is zoomed, and moved where there is more of it than is seen; an arrow that would
      // do nothing to it waits for the motors.
      if (!(key in ARROWS) || isZoomed(slotAt(app.wall(), at).view)) return false;
      handOf(app);
      pressed.add(key);
      return true;
    }
    const standing = motorsAt(app, at);
    if (!mode || camera === null || standing === null) return false;
    if (key in ARROWS || key in ZOOMS) {
      pressed.add(key);
      follow(app, camera);
      return true;
    }
    if (key === "Home") {
      app.run(app.backend.steer(camera, { kind: "home" }));
      return true;
    }
    const preset = /^[1-9]$/.test(key) ? standing.presets?.[Number(key) - 1] : undefined;
    if (preset === undefined) return false;
    app.run(app.backend.steer(camera, { kind: "recall", token: preset.token }));
    return true;
  },
};

/** All keys that are held, together: left and up is half past ten. */
function follow(app: App, camera: Id): void {
  const sum = { pan: 0, tilt: 0, zoom: 0 };
  for (const key of pressed) {
    const [pan, tilt] = ARROWS[key] ?? [0, 0];
    sum.pan += pan;
    sum.tilt += tilt;
    sum.zoom += ZOOMS[key] ?? 0;
  }
  push(app, camera, sum);
}

function keyUp(app: App, key: string): void {
  if (!pressed.delete(key)) return;
  const camera = cameraAt(app.wall(), target(app));
  if (pressed.size === 0 || camera === null) handOf(app).release();
  else follow(app, camera);
}
