// The stops in their order. Dragged by the handle, or moved by the arrows while the handle has the focus.

import { useLayoutEffect, useRef, useState, type KeyboardEvent, type PointerEvent } from "react";
import { GripVertical, X } from "lucide-react";
import type { SavedLayout } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { IconButton } from "../parts/icon-button";
import { LayoutDiagram } from "../parts/layout-diagram";
import { isolated } from "../words/names";
import { lasts, LONGEST, movedTo, SHORTEST, withSeconds, without, type EditedStop } from "./tour-stops";

type Props = { stops: EditedStop[]; layouts: SavedLayout[]; onChange: (stops: EditedStop[]) => void };

export function TourStops({ stops, layouts, onChange }: Props) {
  const own = useRef<HTMLOListElement>(null);
  const [dragged, setDragged] = useState<number | null>(null);
  const [said, setSaid] = useState("");
  const latest = useRef(stops);
  useLayoutEffect(() => {
    latest.current = stops;
  });
  const nameOf = (stop: EditedStop) => layouts.find((layout) => layout.id === stop.layout)?.name ?? stop.layout;

  const move = (key: number, to: number) => {
    const from = latest.current.findIndex((stop) => stop.key === key);
    const next = movedTo(latest.current, from, to);
    if (next === latest.current) return;
    latest.current = next;
    onChange(next);
    const stop = next.find((each) => each.key === key);
    const place = next.findIndex((each) => each.key === key) + 1;
    if (stop) setSaid(m.page_tour_moved({ name: nameOf(stop), place, count: next.length }));
  };
  const onHandleKey = (event: KeyboardEvent, stop: EditedStop, index: number) => {
    if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
    move(stop.key, index + (event.key === "ArrowUp" ? -1 : 1));
    event.preventDefault();
    event.stopPropagation();
  };
  const onHandleDown = (event: PointerEvent<HTMLElement>, stop: EditedStop) => {
    if (event.button !== 0) return;
    const handle = event.currentTarget;
    handle.setPointerCapture(event.pointerId);
    setDragged(stop.key);
    const onMove = (next: globalThis.PointerEvent) => {
      const rows = [...(own.current?.children ?? [])].map((row) => row.getBoundingClientRect());
      const under = rows.findIndex((row) => next.clientY < row.bottom);
      move(stop.key, under < 0 ? rows.length - 1 : under);
    };
    const onEnd = () => {
      setDragged(null);
      handle.removeEventListener("pointermove", onMove);
      handle.removeEventListener("pointerup", onEnd);
      handle.removeEventListener("pointercancel", onEnd);
    };
    handle.addEventListener("pointermove", onMove);
    handle.addEventListener("pointerup", onEnd);
    handle.addEventListener("pointercancel", onEnd);
  };

  return (
    <>
      <ol className="tour-stops" ref={own}>
        {stops.map((stop, index) => {
          const layout = layouts.find((each) => each.id === stop.layout);
          const name = isolated(nameOf(stop));
          return (
            <li key={stop.key} data-dragged={stop.key === dragged || undefined}>
              <button
                type="button"
                className="tour-handle"
                aria-label={m.page_tour_move({ name, place: index + 1 })}
                onKeyDown={(event) => onHandleKey(event, stop, index)}
                onPointerDown={(event) => onHandleDown(event, stop)}
              >
                <GripVertical aria-hidden="true" />
              </button>
              {layout ? <LayoutDiagram layout={layout.layout} /> : null}
              <bdi className="tour-stop-name">{nameOf(stop)}</bdi>
              <label className="tour-seconds">
                <span className="unseen">{m.page_tour_seconds_of({ name })}</span>
                <input
                  type="number"
                  min={SHORTEST}
                  max={LONGEST}
                  aria-invalid={!lasts(stop.seconds)}
                  value={Number.isNaN(stop.seconds) ? "" : stop.seconds}
                  onChange={(event) => onChange(withSeconds(stops, stop.key, event.target.valueAsNumber))}
                />
                <span aria-hidden="true">{m.page_tour_seconds()}</span>
              </label>
              <IconButton label={m.page_tour_drop({ name })} onPress={() => onChange(without(stops, stop.key))}>
                <X />
              </IconButton>
            </li>
          );
        })}
      </ol>
      <p className="unseen" role="status">
        {said}
      </p>
    </>
  );
}
