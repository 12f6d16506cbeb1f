import { useApp } from "../state/app";
import { useStore } from "../state/store";
import { useDrag } from "./context";
import { draggedName } from "./words";

/** What is dragged, beside the pointer; over the wall the native marks and the status line say it. */
export function DragLabel() {
  const app = useApp();
  const drag = useStore(useDrag().drag);
  if (!drag || drag.overWall) return null;
  return (
    <div className="drag-label" style={{ left: drag.x, top: drag.y }} aria-hidden="true">
      <bdi>{draggedName(app, drag)}</bdi>
    </div>
  );
}
