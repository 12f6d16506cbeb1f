// Zooming and moving by wheel, pointer and keys.

import { useEffect, useState, type KeyboardEvent, type PointerEvent, type RefObject } from "react";
import type { Bounds, Point } from "./geometry";
import { centred, fitted, held, moved, onScreen, zoomed, type Size, type Viewport } from "./viewport";

const STEP = 1.6;
const WHEEL = 0.0016;
/** As a share of the window. */
const KEY_MOVE = 0.15;

export type MapControls = {
  view: Viewport;
  /** Nothing more to see by zooming out. */
  whole: boolean;
  zoom: (direction: 1 | -1) => void;
  reset: () => void;
  /** Into view, when it isn't. */
  reveal: (point: Point) => void;
  /** Into the middle, at least so near. */
  centre: (point: Point, scale: number) => void;
  fit: (bounds: Bounds) => void;
  onPointerDown: (event: PointerEvent<HTMLElement>) => void;
  onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
};

export function useViewport(element: RefObject<HTMLElement | null>, size: Size, bounds: Bounds): MapControls {
  // Null: the whole, whatever size the window gets.
  const [chosen, setChosen] = useState<Viewport | null>(null);
  const whole = fitted(bounds, size);
  const view = chosen ?? whole;

  const change = (next: (view: Viewport) => Viewport) =>
    setChosen((before) => {
      const after = held(next(before ?? whole), bounds, size);
      return after.scale <= whole.scale * 1.001 ? null : after;
    });
  const zoomAround = (factor: number, around: Point) => change((before) => zoomed(before, factor, around, whole));
  const middle = { x: size.width / 2, y: size.height / 2 };

  useEffect(() => {
    const own = element.current;
    if (!own) return;
    // React's wheel listeners cannot keep the page from scrolling.
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      const box = own.getBoundingClientRect();
      const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 24 : 1;
      zoomAround(Math.exp(-event.deltaY * lines * WHEEL), { x: event.clientX - box.left, y: event.clientY - box.top });
    };
    own.addEventListener("wheel", onWheel, { passive: false });
    return () => own.removeEventListener("wheel", onWheel);
  });

  const onPointerDown = (event: PointerEvent<HTMLElement>) => {
    if (event.button !== 0 || (event.target as Element).closest("button, .map-legend")) return;
    const own = event.currentTarget;
    let last = { x: event.clientX, y: event.clientY };
    own.setPointerCapture(event.pointerId);
    own.dataset["moving"] = "";
    const onMove = (next: globalThis.PointerEvent) => {
      const by = { x: next.clientX - last.x, y: next.clientY - last.y };
      last = { x: next.clientX, y: next.clientY };
      change((before) => moved(before, by.x, by.y));
    };
    const onEnd = () => {
      delete own.dataset["moving"];
      own.removeEventListener("pointermove", onMove);
      own.removeEventListener("pointerup", onEnd);
      own.removeEventListener("pointercancel", onEnd);
    };
    own.addEventListener("pointermove", onMove);
    own.addEventListener("pointerup", onEnd);
    own.addEventListener("pointercancel", onEnd);
  };

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const steps: Record<string, [number, number]> = {
      ArrowLeft: [KEY_MOVE, 0],
      ArrowRight: [-KEY_MOVE, 0],
      ArrowUp: [0, KEY_MOVE],
      ArrowDown: [0, -KEY_MOVE],
    };
    const step = steps[event.key];
    if (step && event.target === event.currentTarget) {
      change((before) => moved(before, step[0] * size.width, step[1] * size.height));
    } else if (event.key === "+" || event.key === "=") zoomAround(STEP, middle);
    else if (event.key === "-") zoomAround(1 / STEP, middle);
    else if (event.key === "0") setChosen(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return {
    view,
    whole: chosen === null,
    zoom: (direction) => zoomAround(direction === 1 ? STEP : 1 / STEP, middle),
    reset: () => setChosen(null),
    reveal: (point) => {
      const { x, y } = onScreen(view, point);
      if (x < 0 || y < 0 || x > size.width || y > size.height) change((before) => centred(before, point, size, 0));
    },
    centre: (point, scale) => change((before) => centred(before, point, size, scale)),
    fit: (around) => change(() => fitted(around, size)),
    onPointerDown,
    onKeyDown,
  };
}
