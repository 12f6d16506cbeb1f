import { useEffect, type RefObject } from "react";
import { useApp } from "../state/app";
import { wheelOnPicture } from "../steer/hand";
import { turnPage } from "./commands";

/** One page a flick, however long the wheel runs on. */
const PAUSE = 250;

export function useWheelPages(element: RefObject<HTMLElement | null>): void {
  const app = useApp();
  useEffect(() => {
    const wall = element.current;
    if (!wall) return;
    let last = 0;
    const turn = (event: WheelEvent) => {
      if (wheelOnPicture(app, event)) {
        event.preventDefault();
        return;
      }
      if (event.ctrlKey || event.deltaY === 0) return;
      event.preventDefault();
      const now = performance.now();
      if (now - last < PAUSE) return;
      last = now;
      turnPage(app, event.deltaY > 0 ? 1 : -1);
    };
    wall.addEventListener("wheel", turn, { passive: false });
    return () => wall.removeEventListener("wheel", turn);
  }, [app, element]);
}
