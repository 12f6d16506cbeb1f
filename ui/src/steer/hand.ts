// The pointer on a picture: drags and boxes. A drag that nobody takes is left to whoever moves tiles.

import type { PointerEvent as ReactPointerEvent } from "react";
import type { App } from "../state/app";
import { Store } from "../state/store";
import { steeredBy, type Region, type Share } from "./steering";

/** Pixels after which a press is a drag and no longer a click. */
const THRESHOLD = 4;
/** A box of fewer pixels is a slip of the hand. */
const LEAST_BOX = 12;

/** The box that is being drawn, in CSS pixels of the page. */
export const drawnBox = new Store<{ x: number; y: number; width: number; height: number } | null>(null);

/** Whether the press is for the picture in slot `at`, and not for its tile. */
export function pressOnPicture(app: App, event: ReactPointerEvent<HTMLElement>, at: number): boolean {
  if (event.button !== 0) return false;
  const held = { ctrl: event.ctrlKey, shift: event.shiftKey };
  const tile = event.currentTarget.getBoundingClientRect();
  const share = (x: number, y: number): Share => ({ x: (x - tile.x) / tile.width, y: (y - tile.y) / tile.height });
  const boxed = held.shift ? steeredBy(app, at, "region", held) : null;
  if (boxed) {
    follow(event, {
      move: (x, y) => drawnBox.set(boxBetween(event.clientX, event.clientY, x, y, tile)),
      end: (kept) => {
        const box = drawnBox.get();
        drawnBox.set(null);
        if (!kept || !box || box.width < LEAST_BOX || box.height < LEAST_BOX) return;
        const region: Region = { ...share(box.x, box.y), width: box.width / tile.width, height: box.height / tile.height };
        boxed.region(app, at, region);
      },
    });
    return true;
  }
  const dragged = held.shift ? null : steeredBy(app, at, "drag", held);
  if (!dragged) return false;
  let hand: ReturnType<typeof dragged.drag> | null = null;
  let last = { x: event.clientX, y: event.clientY };
  follow(event, {
    move: (x, y) => {
      hand ??= dragged.drag(app, at, share(event.clientX, event.clientY));
      hand.move({ x: (x - last.x) / tile.width, y: (y - last.y) / tile.height });
      last = { x, y };
    },
    end: () => hand?.end(),
    click: () => dragged.click?.(app, at, share(event.clientX, event.clientY)),
  });
  return true;
}

type Follower = { move: (x: number, y: number) => void; end: (kept: boolean) => void; click?: () => void };

/** The pointer is captured, so that the drag goes on over the native wall and outside of the window. */
function follow(event: ReactPointerEvent<HTMLElement>, follower: Follower): void {
  const { pointerId, clientX, clientY, currentTarget: source } = event;
  const ended = new AbortController();
  const options = { signal: ended.signal };
  let begun = false;
  const move = (at: PointerEvent) => {
    if (at.pointerId !== pointerId) return;
    if (!begun && Math.hypot(at.clientX - clientX, at.clientY - clientY) < THRESHOLD) return;
    if (!begun) source.setPointerCapture(pointerId);
    begun = true;
    source.dataset["steered"] = "";
    follower.move(at.clientX, at.clientY);
  };
  const end = (kept: boolean) => {
    ended.abort();
    if (!begun) {
      if (kept) follower.click?.();
      return;
    }
    delete source.dataset["steered"];
    if (source.hasPointerCapture(pointerId)) source.releasePointerCapture(pointerId);
    follower.end(kept);
  };
  window.addEventListener("pointermove", move, options);
  window.addEventListener("pointerup", (at) => at.pointerId === pointerId && end(true), options);
  window.addEventListener("pointercancel", () => end(false), options);
  window.addEventListener("blur", () => end(false), options);
  window.addEventListener(
    "keydown",
    (at) => {
      if (at.key !== "Escape" || !begun) return;
      at.preventDefault();
      at.stopPropagation();
      end(false);
    },
    { ...options, capture: true },
  );
}

function boxBetween(x0: number, y0: number, x1: number, y1: number, tile: DOMRect) {
  const inside = (value: number, low: number, high: number) => Math.min(Math.max(value, low), high);
  const [ax, bx] = [inside(x0, tile.left, tile.right), inside(x1, tile.left, tile.right)];
  const [ay, by] = [inside(y0, tile.top, tile.bottom), inside(y1, tile.top, tile.bottom)];
  return { x: Math.min(ax, bx), y: Math.min(ay, by), width: Math.abs(ax - bx), height: Math.abs(ay - by) };
}

/** Browsers count the wheel in pixels, lines or pages. */
const NOTCH = [100, 3, 1];

/** Whether the wheel is for the picture under it, and not for the pages. */
export function wheelOnPicture(app: App, event: WheelEvent): boolean {
  const tile = (event.target as Element).closest<HTMLElement>("#wall [role=gridcell]");
  const at = Number(tile?.dataset["at"]);
  if (!tile || Number.isNaN(at) || event.deltaY === 0) return false;
  const held = { ctrl: event.ctrlKey, shift: event.shiftKey };
  const steered = steeredBy(app, at, "wheel", held);
  if (!steered) return false;
  const { x, y, width, height } = tile.getBoundingClientRect();
  const notches = event.deltaY / (NOTCH[event.deltaMode] ?? 100);
  const place = { x: (event.clientX - x) / width, y: (event.clientY - y) / height };
  steered.wheel(app, at, Math.min(Math.max(notches, -3), 3), place);
  return true;
}
