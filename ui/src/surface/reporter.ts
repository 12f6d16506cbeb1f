// Tells the program where its native wall lies and which parts of the page are to be seen over it. The only place that
// measures for it: at most once a frame, and only what differs from the last time is sent.

import { createContext, useCallback, useContext, useRef } from "react";
import type { Box, Surface } from "../ipc/wire";
import { surfaceOf } from "./coverage";

export class SurfaceReporter {
  readonly #send: (surface: Surface) => void;
  readonly #covers = new Set<Element>();
  readonly #sizes = new ResizeObserver(() => this.measure());
  // Whatever opens, closes or moves does so by elements and their styles; to measure is cheap beside missing one.
  readonly #changes = new MutationObserver(() => this.measure());
  #wall: Element | null = null;
  #shown = true;
  #frame = 0;
  #last = "";

  constructor(send: (surface: Surface) => void) {
    this.#send = send;
    window.addEventListener("resize", this.measure);
    document.addEventListener("scroll", this.measure, { capture: true, passive: true });
    document.addEventListener("transitionend", this.measure);
    document.addEventListener("animationend", this.measure);
    this.#changes.observe(document.body, {
      subtree: true,
      childList: true,
      attributes: true,
      attributeFilter: ["style", "class"],
    });
    this.#watchScale();
  }

  /** The element under the native wall; not `shown` while the page draws another wall's arrangement there itself. */
  place(wall: Element | null, shown: boolean): void {
    if (this.#wall && this.#wall !== wall) this.#sizes.unobserve(this.#wall);
    if (wall) this.#sizes.observe(wall);
    this.#wall = wall;
    this.#shown = shown;
    this.measure();
  }

  /** The element is to be seen over the wall until the returned function is called. */
  cover(element: Element): () => void {
    this.#covers.add(element);
    this.#sizes.observe(element);
    this.measure();
    return () => {
      this.#covers.delete(element);
      this.#sizes.unobserve(element);
      this.measure();
    };
  }

  measure = (): void => {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#report();
    });
  };

  #report(): void {
    const wall = this.#wall && this.#shown ? boxOf(this.#wall) : null;
    const surface = surfaceOf(wall, [...this.#covers].map(boxOf), window.devicePixelRatio);
    const text = JSON.stringify(surface);
    if (text === this.#last) return;
    this.#last = text;
    this.#send(surface);
  }

  /** A media query answers once for the scale that it names, so that each change asks anew. */
  #watchScale(): void {
    const query = window.matchMedia(`(resolution: ${window.devicePixelRatio}dppx)`);
    query.addEventListener(
      "change",
      () => {
        this.measure();
        this.#watchScale();
      },
      { once: true },
    );
  }
}

function boxOf(element: Element): Box {
  const { x, y, width, height } = element.getBoundingClientRect();
  return { x, y, width, height };
}

const SurfaceContext = createContext<SurfaceReporter | null>(null);
export const SurfaceProvider = SurfaceContext.Provider;

export function useSurface(): SurfaceReporter {
  const surface = useContext(SurfaceContext);
  if (!surface) throw new Error("useSurface outside of SurfaceProvider");
  return surface;
}

/** A `ref` for anything that must be seen over the video: opaque, without shadows, without fading. */
export function useHole<E extends Element>(): (element: E | null) => void {
  const surface = useSurface();
  const uncover = useRef<(() => void) | null>(null);
  return useCallback(
    (element: E | null) => {
      uncover.current?.();
      uncover.current = element ? surface.cover(element) : null;
    },
    [surface],
  );
}
