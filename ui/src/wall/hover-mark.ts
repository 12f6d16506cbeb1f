import { useCallback, useRef } from "react";
import { useApp } from "../state/app";

/** Tells the native wall which tile the pointer is on, once for each tile. */
export function useHoverMark(wall: number): (at: number | null) => void {
  const app = useApp();
  const last = useRef<number | null>(null);
  return useCallback(
    (at) => {
      if (last.current === at) return;
      last.current = at;
      app.run(app.backend.setMark(wall, at === null ? null : { at, kind: "hover" }));
    },
    [app, wall],
  );
}
