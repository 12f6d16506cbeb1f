// A long list of rows of one height, of which only those in view are in the page. The caller moves the active row; the
// list keeps it in view.

import { useEffect, useLayoutEffect, useRef, useState, type ReactNode } from "react";

type Props = {
  count: number;
  rowHeight: number;
  active: number | null;
  /** What the list is: attributes of the scrolling element. */
  attributes: React.HTMLAttributes<HTMLDivElement>;
  row: (index: number, style: React.CSSProperties) => ReactNode;
};

const OVERSCAN = 6;

export function Rows({ count, rowHeight, active, attributes, row }: Props) {
  const own = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 600 });

  useLayoutEffect(() => {
    const element = own.current;
    if (!element) return;
    const look = () => setView({ top: element.scrollTop, height: element.clientHeight });
    const sizes = new ResizeObserver(look);
    sizes.observe(element);
    element.addEventListener("scroll", look, { passive: true });
    return () => {
      sizes.disconnect();
      element.removeEventListener("scroll", look);
    };
  }, []);

  useEffect(() => {
    const element = own.current;
    if (!element || active === null) return;
    const top = active * rowHeight;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + rowHeight > element.scrollTop + element.clientHeight) {
      element.scrollTop = top + rowHeight - element.clientHeight;
    }
  }, [active, rowHeight]);

  const first = Math.max(0, Math.floor(view.top / rowHeight) - OVERSCAN);
  const end = Math.min(count, Math.ceil((view.top + view.height) / rowHeight) + OVERSCAN);
  const indices = Array.from({ length: Math.max(0, end - first) }, (_, index) => first + index);
  // The row that is read out must be there, wherever the list was scrolled to.
  if (active !== null && active < count && (active < first || active >= end)) indices.push(active);

  return (
    <div
      {...attributes}
      ref={own}
      className="rows"
    >
      <div className="rows-all" role="presentation" style={{ height: count * rowHeight }}>
        {indices.map((index) => row(index, { top: index * rowHeight, height: rowHeight }))}
      </div>
    </div>
  );
}

/** Pixels of 1 rem. */
export function textHeight(): number {
  return parseFloat(getComputedStyle(document.documentElement).fontSize);
}

/** Height in pixels of a row that is `rem` high: text may be larger on a large screen. */
export function useRowHeight(rem: number): number {
  const [text, setText] = useState(textHeight);
  useEffect(() => {
    const again = () => setText(textHeight());
    window.addEventListener("resize", again);
    return () => window.removeEventListener("resize", again);
  }, []);
  return Math.round(rem * text);
}
