// The borders between tiles while the layout is edited: dragged with the pointer, or moved with the arrow keys. What is
// asked for is one act at the end, so that undo is one step too.

import { useState, type CSSProperties, type KeyboardEvent, type PointerEvent } from "react";
import { borderRange, borders, type Border } from "../layout/geometry";
import type { Wall } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { useApp } from "../state/app";
import { useHole } from "../surface/reporter";
import type { Size } from "./size";

const STEP = 0.01;

export function Borders({ wall, size }: { wall: Wall; size: Size }) {
  return (
    <div className="borders">
      {borders(wall.layout).map((border) => (
        <BorderHandle key={`${border.axis}${border.line}`} wall={wall} border={border} size={size} />
      ))}
    </div>
  );
}

function BorderHandle({ wall, border, size }: { wall: Wall; border: Border; size: Size }) {
  const app = useApp();
  const grip = useHole<HTMLSpanElement>();
  const [dragged, setDragged] = useState<number | null>(null);
  const { axis, line } = border;
  const column = axis === "column";
  const [low, high] = borderRange(wall.layout, axis, line);
  const within = (position: number) => Math.min(high, Math.max(low, position));
  const move = (position: number) => app.act({ kind: "border", axis, line, position: within(position) });
  const pointed = (event: PointerEvent) =>
    within(column ? (event.clientX - size.x) / size.width : (event.clientY - size.y) / size.height);
  const place = (position: number): CSSProperties =>
    column ? { left: position * size.width } : { top: position * size.height };

  const span = (from: number, to: number): CSSProperties =>
    column
      ? { top: from * size.height, height: (to - from) * size.height }
      : { left: from * size.width, width: (to - from) * size.width };
  const longest = [...border.parts].sort((a, b) => b[1] - b[0] - (a[1] - a[0]))[0]?.[0];

  const onPointerDown = (event: PointerEvent<HTMLElement>) => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    setDragged(border.position);
  };
  const onPointerUp = (event: PointerEvent) => {
    if (dragged === null) return;
    const position = pointed(event);
    setDragged(null);
    if (Math.abs(position - border.position) > 1e-3) move(position);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape" && dragged !== null) setDragged(null);
    else if (event.key === (column ? "ArrowLeft" : "ArrowUp")) move(border.position - STEP);
    else if (event.key === (column ? "ArrowRight" : "ArrowDown")) move(border.position + STEP);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <>
      <div
        role="separator"
        aria-orientation={column ? "vertical" : "horizontal"}
        aria-label={column ? m.page_border_column({ line }) : m.page_border_row({ line })}
        aria-valuemin={Math.round(low * 100)}
        aria-valuemax={Math.round(high * 100)}
        aria-valuenow={Math.round(border.position * 100)}
        tabIndex={0}
        className="border"
        data-axis={axis}
        style={place(border.position)}
        onPointerDown={onPointerDown}
        onPointerMove={(event) => dragged !== null && setDragged(pointed(event))}
        onPointerUp={onPointerUp}
        onPointerCancel={() => setDragged(null)}
        onKeyDown={onKeyDown}
      >
        {border.parts.map(([from, to]) => (
          <span key={from} className="border-part" style={span(from, to)}>
            {from === longest ? <span className="grip" ref={grip} /> : null}
          </span>
        ))}
      </div>
      {dragged === null ? null : <Guide axis={axis} style={place(dragged)} />}
    </>
  );
}

function Guide({ axis, style }: { axis: Border["axis"]; style: CSSProperties }) {
  const hole = useHole<HTMLDivElement>();
  return <div className="guide" data-axis={axis} style={style} ref={hole} />;
}
