// The board's lines as a grid of which only the rows in view are in the page. One stop for Tab; arrows go from line to
// line, Enter puts what stands there on the wall.

import type { KeyboardEvent } from "react";
import { MonitorUp } from "lucide-react";
import { Button } from "react-aria-components";
import type { Subject } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { Rows, useRowHeight } from "../parts/rows";
import { useApp } from "../state/app";
import { mayWatch, showOnWall } from "../workspaces/to-wall";
import { BoardCells } from "./board-cells";
import type { Line } from "./rows";

export function subjectOf(line: Line): Subject | null {
  switch (line.kind) {
    case "camera":
      return { kind: "camera", id: line.health.id };
    case "recorder":
      return { kind: "recorder", id: line.recorder.id };
    case "site":
      return { kind: "site", id: line.site.id };
    case "group":
      return null;
  }
}

type Props = { lines: Line[]; active: number; now: number; onActive: (key: string) => void };

export function BoardTable({ lines, active, now, onActive }: Props) {
  const app = useApp();
  const rowHeight = useRowHeight(32 / 13);
  const watching = mayWatch(app);
  const show = (line: Line | undefined) => {
    const subject = line && subjectOf(line);
    if (subject) showOnWall(app, subject);
  };
  const go = (index: number) => {
    const line = lines[Math.min(Math.max(0, index), lines.length - 1)];
    if (line) onActive(line.key);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const page = Math.max(1, Math.floor(event.currentTarget.clientHeight / rowHeight) - 1);
    if (event.key === "ArrowDown") go(active + 1);
    else if (event.key === "ArrowUp") go(active - 1);
    else if (event.key === "PageDown") go(active + page);
    else if (event.key === "PageUp") go(active - page);
    else if (event.key === "Home") go(0);
    else if (event.key === "End") go(lines.length - 1);
    else if (event.key === "Enter") show(lines[active]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className="board-table">
      <Head />
      <Rows
        count={lines.length}
        rowHeight={rowHeight}
        active={active}
        attributes={{
          role: "grid",
          id: "board",
          "aria-label": m.page_work_health_full(),
          "aria-rowcount": lines.length,
          "aria-activedescendant": lines[active] ? rowId(active) : undefined,
          tabIndex: 0,
          onKeyDown,
        }}
        row={(index, style) => {
          const line = lines[index];
          if (!line) return null;
          return (
            <div
              key={line.key}
              id={rowId(index)}
              role="row"
              aria-rowindex={index + 1}
              aria-selected={index === active}
              className="board-row"
              data-kind={line.kind}
              data-attention={(line.kind === "group" && line.attention) || undefined}
              style={style}
              onPointerDown={() => onActive(line.key)}
              onDoubleClick={() => show(line)}
            >
              <BoardCells line={line} now={now} />
              {watching && line.kind !== "group" ? (
                <span role="gridcell" className="board-action">
                  <Button
                    className="icon-button"
                    excludeFromTabOrder
                    aria-label={m.page_to_wall()}
                    onPress={() => show(line)}
                  >
                    <MonitorUp />
                  </Button>
                </span>
              ) : null}
            </div>
          );
        }}
      />
    </div>
  );
}

const rowId = (index: number) => `board-${index}`;

/** For the eye; a screen reader hears the heading in each cell. */
function Head() {
  return (
    <div className="board-row board-head" aria-hidden="true">
      <span>{m.page_board_condition()}</span>
      <span>{m.page_board_camera()}</span>
      <span>{m.page_board_site()}</span>
      <span>{m.page_board_why()}</span>
      <span>{m.page_board_since()}</span>
      <span className="number">{m.page_board_rate_mbps()}</span>
      <span className="number">{m.page_board_pictures()}</span>
      <span className="number">{m.page_board_age()}</span>
      <span>{m.page_board_decoder()}</span>
    </div>
  );
}
