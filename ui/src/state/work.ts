import { useRef, useState } from "react";
import { noticeOf, useApp } from "./app";
import type { Notice } from "../ipc/wire";

/** One thing at a time; what goes wrong is said where it was asked for, or else as a notice in the corner. */
export function useWork(onProblem?: (problem: Notice | null) => void): { busy: boolean; work: (what: () => Promise<void>) => void } {
  const app = useApp();
  const [busy, setBusy] = useState(false);
  const under = useRef(false);
  const work = (what: () => Promise<void>) => {
    if (under.current) return;
    under.current = true;
    setBusy(true);
    onProblem?.(null);
    void what()
      .catch((error: unknown) => (onProblem ?? app.notify)(noticeOf(error)))
      .finally(() => {
        under.current = false;
        setBusy(false);
      });
  };
  return { busy, work };
}
