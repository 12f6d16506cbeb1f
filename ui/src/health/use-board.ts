import { useEffect } from "react";
import type { Board } from "../ipc/wire";
import { useApp } from "../state/app";
import { useStore } from "../state/store";

/** How everything stands, asked for while the component is there; null until the first answer. */
export function useBoard(): Board | null {
  const { health } = useApp();
  useEffect(() => health.watch(), [health]);
  return useStore(health.board);
}
