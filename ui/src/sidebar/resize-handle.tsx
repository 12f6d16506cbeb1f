import { useState, type CSSProperties, type PointerEvent } from "react";
import { m } from "../paraglide/messages.js";
import { textHeight } from "../parts/rows";
import { recall, remember } from "../state/memory";

// In pixels where text is 13 pixels high; the list grows with the text.
const LEAST = 240;
const MOST = 420;
const STEP = 16;
const KEY = "sidebar";

const TEXT = 13;

const within = (width: number) => Math.min(MOST, Math.max(LEAST, Math.round(width)));

export function useSidebarWidth(): [number, (width: number) => void] {
  const [width, setWidth] = useState(() => within(Number(recall(KEY) ?? 288)));
  const change = (to: number) => {
    setWidth(within(to));
    remember(KEY, String(within(to)));
  };
  return [width, change];
}

export function sidebarStyle(width: number): CSSProperties {
  return { width: `${width / TEXT}rem` };
}

export function ResizeHandle({ width, onWidth }: { width: number; onWidth: (width: number) => void }) {
  const follow = (event: PointerEvent) => {
    if (event.currentTarget.hasPointerCapture(event.pointerId)) onWidth(event.clientX * (TEXT / textHeight()));
  };
  return (
    <div
      role="separator"
      aria-orientation="vertical"
      aria-label={m.page_sidebar_width()}
      aria-valuemin={LEAST}
      aria-valuemax={MOST}
      aria-valuenow={width}
      tabIndex={0}
      className="resize"
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={follow}
      onKeyDown={(event) => {
        if (event.key === "ArrowLeft") onWidth(width - STEP);
        else if (event.key === "ArrowRight") onWidth(width + STEP);
        else return;
        event.preventDefault();
      }}
    />
  );
}
