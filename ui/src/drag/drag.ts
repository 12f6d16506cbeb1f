// Dragging with the pointer: cameras, sites and districts onto the wall, tiles onto tiles. The pointer is captured, so
// that a drag goes on over the native wall and outside of the window.

import type { PointerEvent as ReactPointerEvent } from "react";
import { boxAt } from "../layout/geometry";
import type { Act, Box, Subject } from "../ipc/wire";
import type { App } from "../state/app";
import { Store } from "../state/store";

/** Pixels after which a press is a drag and no longer a click. */
const THRESHOLD = 4;

export type Payload = { kind: "subject"; subject: Subject } | { kind: "tile"; at: number };

/** The shown tiles in CSS pixels of the page; the stage keeps it up to date. */
export type Placement = { wall: Box; slots: number[]; tiles: Box[] };

export type Drag = {
  payload: Payload;
  x: number;
  y: number;
  overWall: boolean;
  /** The slot under the pointer. */
  over: number | null;
  /** Ctrl: from this tile on, instead of the whole wall. */
  fromHere: boolean;
  /** Shift while the layout is edited, from tile to tile: make one of both. */
  merge: boolean;
};

export class DragController {
  readonly drag = new Store<Drag | null>(null);
  #placement: Placement = { wall: { x: 0, y: 0, width: 0, height: 0 }, slots: [], tiles: [] };
  readonly #app: App;
  #asked = "null";

  constructor(app: App) {
    this.#app = app;
  }

  /** Where the shown tiles lie now. */
  lay(placement: Placement): void {
    this.#placement = placement;
  }

  press(event: ReactPointerEvent, payload: Payload): void {
    if (event.button !== 0) return;
    const source = event.currentTarget;
    const { pointerId, clientX, clientY } = event;
    const ended = new AbortController();
    const options = { signal: ended.signal };

    const move = (at: PointerEvent) => {
      if (at.pointerId !== pointerId) return;
      const far = Math.hypot(at.clientX - clientX, at.clientY - clientY) >= THRESHOLD;
      if (!this.drag.get() && !far) return;
      if (!this.drag.get()) source.setPointerCapture(pointerId);
      this.#follow(payload, at.clientX, at.clientY, at);
    };
    const end = (drop: boolean) => {
      const drag = this.drag.get();
      ended.abort();
      if (!drag) return;
      if (source.hasPointerCapture(pointerId)) source.releasePointerCapture(pointerId);
      swallowClick();
      this.#mark(null);
      this.drag.set(null);
      const act = drop ? actOf(drag) : null;
      this.#app.outlook.lookAway();
      if (act?.kind === "place" && act.at === null) this.#app.attempt(act);
      else if (act) this.#app.act(act);
      if (act && drag.over !== null && drag.payload.kind === "tile") this.#app.act({ kind: "select", at: drag.over });
    };
    const key = (at: KeyboardEvent) => {
      const drag = this.drag.get();
      if (!drag) return;
      if (at.key === "Escape" && at.type === "keydown") {
        at.preventDefault();
        at.stopPropagation();
        end(false);
      } else {
        this.#follow(payload, drag.x, drag.y, at);
      }
    };
    window.addEventListener("pointermove", move, options);
    window.addEventListener("pointerup", (at) => at.pointerId === pointerId && end(true), options);
    window.addEventListener("pointercancel", () => end(false), options);
    window.addEventListener("blur", () => end(false), options);
    window.addEventListener("keydown", key, { ...options, capture: true });
    window.addEventListener("keyup", key, { ...options, capture: true });
  }

  #slotUnder(x: number, y: number): number | null {
    const { wall, slots, tiles } = this.#placement;
    const tile = boxAt(tiles, x - wall.x, y - wall.y);
    return tile === null ? null : (slots[tile] ?? null);
  }

  #follow(payload: Payload, x: number, y: number, keys: { ctrlKey: boolean; shiftKey: boolean }): void {
    const { wall } = this.#placement;
    const overWall = x >= wall.x && y >= wall.y && x < wall.x + wall.width && y < wall.y + wall.height;
    const over = this.#slotUnder(x, y);
    const before = this.drag.get()?.over ?? null;
    this.drag.set({
      payload,
      x,
      y,
      overWall,
      over,
      fromHere: keys.ctrlKey,
      merge: payload.kind === "tile" && keys.shiftKey && this.#app.view.get().editing,
    });
    if (over !== before) this.#mark(over);
    this.#foresee();
  }

  /** Asks anew only where another act would come of letting go. */
  #foresee(): void {
    const drag = this.drag.get();
    const act = drag ? actOf(drag) : null;
    const asked = JSON.stringify(act);
    if (asked === this.#asked) return;
    this.#asked = asked;
    if (act?.kind === "place") this.#app.outlook.look(this.#app.wall().id, act);
    else this.#app.outlook.lookAway();
  }

  #mark(at: number | null): void {
    const mark = at === null ? null : ({ at, kind: "drop" } as const);
    this.#app.run(this.#app.backend.setMark(this.#app.wall().id, mark));
  }
}

/** What letting go would do; nothing in a gap, and where a thing came from. */
export function actOf(drag: Drag): Act | null {
  const { payload, over } = drag;
  if (payload.kind === "tile") {
    if (!drag.overWall) return { kind: "clear", at: payload.at };
    if (over === null || over === payload.at) return null;
    return drag.merge ? { kind: "merge", a: payload.at, b: over } : { kind: "swap", a: payload.at, b: over };
  }
  if (!drag.overWall) return null;
  if (payload.subject.kind === "camera") {
    return over === null ? null : { kind: "place", at: over, subject: payload.subject };
  }
  if (drag.fromHere) return over === null ? null : { kind: "place", at: over, subject: payload.subject };
  return { kind: "place", at: null, subject: payload.subject };
}

/** The browser makes a click of the release; after a drag it means nothing. */
function swallowClick(): void {
  const swallow = (event: Event) => {
    event.preventDefault();
    event.stopPropagation();
  };
  window.addEventListener("click", swallow, { capture: true, once: true });
  setTimeout(() => window.removeEventListener("click", swallow, { capture: true }), 0);
}
