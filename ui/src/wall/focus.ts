// The wall is one stop for Tab; within it the focus stands on the selected tile.

import { useEffect, useLayoutEffect, useRef, type RefObject } from "react";

export function focusWall(): void {
  document.querySelector<HTMLElement>("#wall [role=gridcell][tabindex='0']")?.focus();
}

/** Moves the focus with the selection, and keeps it on the wall when its tile went with the old layout. */
export function useFocusFollowsSelection(wall: RefObject<HTMLElement | null>): void {
  const inside = useRef(false);

  useEffect(() => {
    const look = (event: Event) => {
      inside.current = wall.current?.contains(event.target as Node) ?? false;
    };
    document.addEventListener("focusin", look);
    document.addEventListener("pointerdown", look);
    return () => {
      document.removeEventListener("focusin", look);
      document.removeEventListener("pointerdown", look);
    };
  }, [wall]);

  useLayoutEffect(() => {
    const focused = document.activeElement;
    const lost = focused === null || focused === document.body;
    if (inside.current && (lost || focused.matches("#wall [role=gridcell][tabindex='-1']"))) focusWall();
  });
}
