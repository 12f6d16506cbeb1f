import { createContext, useContext } from "react";
import type { DragController } from "./drag";

const DragContext = createContext<DragController | null>(null);
export const DragProvider = DragContext.Provider;

export function useDrag(): DragController {
  const drag = useContext(DragContext);
  if (!drag) throw new Error("useDrag outside of DragProvider");
  return drag;
}
