// The time line of all cameras of a wall: a slider to screen readers, a drawing to everybody else.

import { useEffect, useLayoutEffect, useRef, useState } from "react";
import type { Id } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { DAY, keyed, marks, moved, pieceOf, piecesOf, placeOf, SECOND, timeAt, lengthOf, zoomed, type Window } from "./timeline";
import type { Span } from "./recorded";
import { Thumbnail } from "./thumbnail";
import { moment } from "./words";

/** Something that was marked, in people's words; of no length where it is a moment. */
export type Flag = Window & { words: string };

/** A camera; null: what its recorder holds is not known. */
export type Row = { camera: Id; name: string; spans: readonly Span[] | null; found: readonly Window[] };

type Props = {
  wall: number;
  /** Whose pictures are shown over the pointer. */
  looked: Row | null;
  window: Window;
  at: number;
  now: number;
  rows: readonly Row[];
  /** What is repeated, or is going to be. */
  repeat: Window | null;
  flags: readonly Flag[];
  valueText: string;
  onWindow: (window: Window) => void;
  onSeek: (at: number) => void;
};

const AXIS = 18;
/** Rows that bear a name; of more cameras the pointer tells the names. */
const NAMED = { most: 8, height: 15 };
/** A mark with its time needs so many pixels. */
const ROOM = 76;
/** A flag, and how far from it the pointer tells what it says. */
const FLAG = 7;
/** How high the mark of found motion is, in its row. */
const FOUND = 4;
/** While the pointer is dragged, the program is asked no more often. */
const PACE = 120;

export function Timeline({ wall, looked, window: shown, at, now, rows, repeat, flags, valueText, onWindow, onSeek }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [width, setWidth] = useState(600);
  /** Where a finger or the mouse holds it. */
  const [held_at, setHeldAt] = useState<number | null>(null);
  const asked = useRef(0);
  const [pointer, setPointer] = useState<{ x: number; y: number } | null>(null);
  const named = rows.length <= NAMED.most;
  const row = named ? NAMED.height : Math.max(4, Math.min(10, Math.floor(110 / rows.length)));
  const height = AXIS + Math.max(rows.length, 1) * row;
  const place = held_at ?? at;
  const pointed_at = held_at ?? (pointer && timeAt(shown, width, pointer.x));
  const glimpsed = looked !== null && pointer !== null && pointed_at !== null && pointed_at < now && mayHave(looked.spans, pointed_at);

  useLayoutEffect(() => {
    const element = canvas.current;
    if (!element) return undefined;
    const observer = new ResizeObserver(() => setWidth(Math.max(element.clientWidth, 1)));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext("2d");
    if (!element || !context) return;
    const scale = window.devicePixelRatio;
    element.width = Math.round(width * scale);
    element.height = Math.round(height * scale);
    context.setTransform(scale, 0, 0, scale, 0, 0);
    draw(context, { shown, place, now, width, height, row, rows, repeat, flags, pointer });
  });

  // React hears the wheel too late to keep the page from scrolling.
  useEffect(() => {
    const element = canvas.current;
    const wheel = (event: WheelEvent) => {
      event.preventDefault();
      const sideways = event.shiftKey ? event.deltaY : event.deltaX;
      const middle = timeAt(shown, width, event.offsetX);
      if (sideways !== 0) onWindow(moved(shown, (sideways / width) * lengthOf(shown)));
      else onWindow(zoomed(shown, middle, event.deltaY > 0 ? 1.25 : 0.8));
    };
    element?.addEventListener("wheel", wheel, { passive: false });
    return () => element?.removeEventListener("wheel", wheel);
  }, [shown, width, onWindow]);

  const pointed = (event: React.PointerEvent, sure: boolean) => {
    const box = event.currentTarget.getBoundingClientRect();
    const to = timeAt(shown, box.width, event.clientX - box.left);
    setHeldAt(sure ? null : to);
    if (!sure && performance.now() - asked.current < PACE) return;
    asked.current = performance.now();
    onSeek(to);
  };
  return (
    <div className="timeline-frame">
      {named ? (
        <ol className="timeline-names" style={{ paddingTop: AXIS }}>
          {rows.map(({ camera, name }) => (
            <li key={camera} title={name} style={{ height: row, lineHeight: `${row}px` }}>
              {name}
            </li>
          ))}
        </ol>
      ) : null}
    <div className="timeline-place">
    {glimpsed ? (
      <Thumbnail
        wall={wall}
        camera={looked.camera}
        name={looked.name}
        at={pointed_at}
        pixel={lengthOf(shown) / width}
        held={held_at !== null}
        x={pointer.x}
        width={width}
      />
    ) : null}
    <canvas
      ref={canvas}
      className="timeline"
      style={{ height }}
      role="slider"
      tabIndex={0}
      aria-label={m.page_playback_timeline()}
      aria-valuemin={Math.round(shown.from / SECOND)}
      aria-valuemax={Math.round(shown.until / SECOND)}
      aria-valuenow={Math.round(Math.min(Math.max(place, shown.from), shown.until) / SECOND)}
      aria-valuetext={held_at === null ? valueText : moment(held_at)}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        pointed(event, false);
      }}
      onPointerMove={(event) => {
        const box = event.currentTarget.getBoundingClientRect();
        setPointer({ x: event.clientX - box.left, y: event.clientY - box.top });
        if (held_at !== null) pointed(event, false);
      }}
      onPointerLeave={() => setPointer(null)}
      onPointerUp={(event) => {
        if (held_at !== null) pointed(event, true);
      }}
      onPointerCancel={() => setHeldAt(null)}
      onKeyDown={(event) => {
        if (event.ctrlKey || event.altKey || event.metaKey) return;
        const zoom = event.key === "+" || event.key === "=" ? 0.5 : event.key === "-" ? 2 : null;
        const to = keyed(shown, at, event.key, event.shiftKey);
        if (zoom === null && to === null) return;
        event.preventDefault();
        if (zoom !== null) onWindow(zoomed(shown, at, zoom));
        else if (to !== null) onSeek(to);
      }}
    />
    </div>
    </div>
  );
}

/** Whether something may have been recorded then. */
function mayHave(spans: readonly Span[] | null, at: number): boolean {
  return spans === null || spans.some(({ from, until }) => from <= at && at < until);
}

type Drawing = {
  shown: Window;
  place: number;
  now: number;
  width: number;
  height: number;
  row: number;
  rows: readonly Row[];
  repeat: Window | null;
  flags: readonly Flag[];
  pointer: { x: number; y: number } | null;
};

function draw(context: CanvasRenderingContext2D, { shown, place, now, width, height, row, rows, repeat, flags, pointer }: Drawing): void {
  const style = getComputedStyle(context.canvas);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const [field, unknown, calm, amber] = [colour("--field"), colour("--hover"), colour("--calm"), colour("--amber")];
  context.fillStyle = field;
  context.fillRect(0, 0, width, height);
  rows.forEach(({ spans: held, found }, index) => {
    const top = AXIS + index * row;
    // Unknown is not a gap: it has a ground of its own.
    context.fillStyle = held === null ? unknown : field;
    context.fillRect(0, top, width, row - 1);
    // Motion and events lie over what is always recorded.
    for (const eventful of [false, true]) {
      context.fillStyle = eventful ? amber : calm;
      const spans = (held ?? []).filter(({ why }) => (why === "motion" || why === "event") === eventful);
      for (const piece of piecesOf(shown, width, spans, eventful)) context.fillRect(piece.x, top, piece.width, row - 1);
    }
    // What was searched for lies at the foot of the row, so that what the recorder says stays seen.
    const high = Math.min(FOUND, row - 2);
    for (const piece of piecesOf(shown, width, found, true)) {
      context.fillStyle = field;
      context.fillRect(piece.x - 1, top + row - 2 - high, Math.max(piece.width, 2) + 2, high + 1);
      context.fillStyle = colour("--found");
      context.fillRect(piece.x, top + row - 1 - high, Math.max(piece.width, 2), high);
    }
  });
  const future = pieceOf(shown, width, { from: now, until: shown.until });
  context.fillStyle = colour("--line-strong");
  if (future) context.fillRect(future.x, AXIS, 1, height - AXIS);
  context.font = `11px ${style.fontFamily}`;
  context.textBaseline = "middle";
  const offset = -new Date(shown.from).getTimezoneOffset() * 60 * SECOND;
  for (const { at, step } of marks(shown, width, ROOM, offset)) {
    const x = placeOf(shown, width, at);
    context.fillStyle = colour("--line-strong");
    context.fillRect(x, 0, 1, height);
    context.fillStyle = colour("--text-soft");
    context.fillText(label(at, step), x + 4, AXIS / 2);
  }
  const around = repeat && pieceOf(shown, width, repeat);
  if (around) {
    context.fillStyle = colour("--accent");
    context.fillRect(around.x, AXIS - 3, around.width, 3);
    context.fillRect(around.x, AXIS, 1, height - AXIS);
    context.fillRect(around.x + around.width - 1, AXIS, 1, height - AXIS);
  }
  context.fillStyle = colour("--accent");
  for (const flag of flags) {
    const piece = pieceOf(shown, width, { from: flag.from, until: Math.max(flag.until, flag.from + 1) });
    if (!piece) continue;
    context.globalAlpha = 0.35;
    if (flag.until > flag.from) context.fillRect(piece.x, AXIS, piece.width, height - AXIS);
    context.globalAlpha = 1;
    if (flag.from < shown.from) continue;
    context.fillRect(piece.x, 0, 1, height);
    context.beginPath();
    context.moveTo(piece.x, 1);
    context.lineTo(piece.x + FLAG, 1 + FLAG / 2);
    context.lineTo(piece.x, 1 + FLAG);
    context.fill();
  }
  const x = placeOf(shown, width, place);
  context.fillStyle = colour("--red");
  context.fillRect(x - 1, 0, 2, height);
  if (pointer) tell();

  /** The time under the pointer, and whose row that is. */
  function tell(): void {
    if (!pointer) return;
    const pointed = rows[Math.floor((pointer.y - AXIS) / row)];
    const time = moment(timeAt(shown, width, pointer.x));
    const flag = flags.find(({ from }) => Math.abs(placeOf(shown, width, from) - pointer.x) <= FLAG);
    const about = pointer.y >= AXIS ? pointed?.name : flag?.words;
    const text = about ? `${time} · ${about}` : time;
    const room = context.measureText(text).width + 12;
    const left = Math.min(Math.max(pointer.x - room / 2, 0), Math.max(width - room, 0));
    context.fillStyle = colour("--text-soft");
    context.fillRect(Math.round(pointer.x), AXIS, 1, height - AXIS);
    context.fillStyle = colour("--text");
    context.fillRect(left, 1, room, AXIS - 2);
    context.fillStyle = colour("--bar-ground");
    context.fillText(text, left + 6, AXIS / 2);
  }
}

/** The day where a day begins, else the time. */
function label(at: number, step: number): string {
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, "0");
  if (step >= DAY || (date.getHours() === 0 && date.getMinutes() === 0)) return `${two(date.getDate())}/${two(date.getMonth() + 1)}`;
  const time = `${two(date.getHours())}:${two(date.getMinutes())}`;
  return step < 60 * SECOND ? `${time}:${two(date.getSeconds())}` : time;
}
