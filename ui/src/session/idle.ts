// Tells the program that somebody is there, so that it does not lock the controls under their hands.

import { useEffect } from "react";
import { useApp } from "../state/app";

const EVERY = 30_000;
const SIGNS = ["pointerdown", "pointermove", "keydown", "wheel"] as const;

/** At most twice a minute, at the first sign after the last report. */
export function useIdleReport(works: boolean): void {
  const app = useApp();
  useEffect(() => {
    if (!works) return;
    let next = 0;
    const report = () => {
      if (performance.now() < next) return;
      next = performance.now() + EVERY;
      // Refused where the session has just ended, which the program tells by itself.
      app.backend.touched().catch(() => undefined);
    };
    for (const sign of SIGNS) document.addEventListener(sign, report, { capture: true, passive: true });
    return () => {
      for (const sign of SIGNS) document.removeEventListener(sign, report, { capture: true });
    };
  }, [app, works]);
}
