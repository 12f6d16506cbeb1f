import { useLayoutEffect, useState, type RefObject } from "react";
import type { Box } from "../ipc/wire";
import { snapInward } from "../surface/coverage";

export type Size = Box & { scale: number };

/** The wall's box in whole device pixels, as the program is told it. */
export function useSize(element: RefObject<Element | null>): Size {
  const [size, setSize] = useState<Size>({ x: 0, y: 0, width: 0, height: 0, scale: window.devicePixelRatio });
  useLayoutEffect(() => {
    const measured = element.current;
    if (!measured) return;
    const measure = () => {
      const scale = window.devicePixelRatio;
      const next = { ...snapInward(measured.getBoundingClientRect(), scale), scale };
      setSize((last) => (JSON.stringify(last) === JSON.stringify(next) ? last : next));
    };
    measure();
    const sizes = new ResizeObserver(measure);
    sizes.observe(measured);
    window.addEventListener("resize", measure);
    return () => {
      sizes.disconnect();
      window.removeEventListener("resize", measure);
    };
  }, [element]);
  return size;
}
