// The wall that is being arranged. In the desktop program the native wall of the main window covers `#wall` and lets
// the pointer through; the tiles here are what screen readers read and what is seen of other walls.

import { useLayoutEffect, useRef, useState } from "react";
import { useDrag } from "../drag/context";
import { boxAt, tileBoxes } from "../layout/geometry";
import { m } from "../paraglide/messages.js";
import { useApp, wallInView } from "../state/app";
import { useStore } from "../state/store";
import { useHole, useSurface } from "../surface/reporter";
import { DrawnBox } from "../steer/drawn-box";
import { PlaybackBar } from "../playback/bar";
import { SteerPanel } from "../steer/steer-panel";
import { useAttention } from "./attention";
import { Borders } from "./borders";
import { focusWall, useFocusFollowsSelection } from "./focus";
import { onWallKey } from "./keys";
import { useHoverMark } from "./hover-mark";
import { TileMenu, type MenuPlace } from "./tile-menu";
import { TileToolbar } from "./tile-toolbar";
import { Tiles } from "./tiles";
import { shownSelection, shownSlots } from "./view";
import { useSize } from "./size";
import { useWheelPages } from "./wheel";

const WHOLE = { columns: [1], rows: [1], cells: [{ column: 0, row: 0, columns: 1, rows: 1 }] };

export function Stage() {
  const app = useApp();
  const surface = useSurface();
  const drag = useDrag();
  const view = useStore(app.view);
  const wall = wallInView(useStore(app.desk), view.wall);
  const playback = useStore(app.playback, (walls) => walls.get(wall.id));
  const dragging = useStore(drag.drag, (state) => state !== null);
  const element = useRef<HTMLDivElement>(null);
  const size = useSize(element);
  const [menu, setMenu] = useState<MenuPlace | null>(null);
  const attention = useAttention();
  const markHover = useHoverMark(wall.id);
  const slots = shownSlots(wall);
  const layout = wall.enlarged === null ? wall.layout : WHOLE;
  const boxes = tileBoxes(layout, size.width, size.height, size.scale);

  useLayoutEffect(() => {
    surface.place(element.current, wall.id === 0);
    return () => surface.place(null, false);
  }, [surface, wall.id]);
  useLayoutEffect(() => {
    drag.lay({ wall: size, slots, tiles: boxes });
  });
  useFocusFollowsSelection(element);
  useWheelPages(element);

  const slotUnder = (x: number, y: number) => {
    const tile = boxAt(boxes, x - size.x, y - size.y);
    return tile === null ? null : (slots[tile] ?? null);
  };
  const point = (at: number | null) => {
    if (dragging) return;
    attention.point(at);
    markHover(at);
  };
  const openMenu = (at: number, x: number, y: number) => {
    if (wall.selected !== at) app.act({ kind: "select", at });
    attention.dismiss();
    setMenu({ at, x, y });
  };
  /** For the keyboard: at the upper left corner of the tile. */
  const openMenuAtSelection = () => {
    const at = shownSelection(wall) ?? slots[0] ?? 0;
    const box = boxes[slots.indexOf(at)];
    if (box) openMenu(at, size.x + box.x + Math.min(24, box.width / 2), size.y + box.y + Math.min(24, box.height / 2));
  };
  // Beside the picture that is steered, not on it.
  const steered = boxes[slots.indexOf(shownSelection(wall) ?? -1)];
  const attended = attention.at === null ? undefined : boxes[slots.indexOf(attention.at)];

  return (
    <main className="stage" data-editing={view.editing || undefined} data-playing={playback ? true : undefined}>
      <div
        id="wall"
        ref={element}
        onPointerMove={(event) => point(slotUnder(event.clientX, event.clientY))}
        onPointerLeave={() => point(null)}
        onContextMenu={(event) => {
          event.preventDefault();
          const at = slotUnder(event.clientX, event.clientY);
          if (at !== null) openMenu(at, event.clientX, event.clientY);
        }}
        onKeyDown={(event) => {
          if (event.defaultPrevented || !(event.target as Element).matches("[role=gridcell]")) return;
          if (event.key !== "Tab") attention.show(shownSelection(wall));
          if (onWallKey(app, event.nativeEvent, openMenuAtSelection)) event.preventDefault();
        }}
      >
        <Tiles wall={wall} layout={layout} slots={slots} boxes={boxes} onFocusByKey={attention.show} />
        {wall.slots.length === 0 && app.inventory.get().districts.length > 0 ? <EmptyWall /> : null}
        {view.editing && wall.enlarged === null ? <Borders wall={wall} size={size} /> : null}
        {attention.at !== null && attended && !menu && !dragging ? (
          <TileToolbar
            wall={wall}
            at={attention.at}
            box={attended}
            onHold={attention.hold}
            onMenu={openMenu}
            onEscape={() => {
              attention.dismiss();
              focusWall();
            }}
          />
        ) : null}
      </div>
      {playback ? <PlaybackBar wall={wall} playback={playback} /> : null}
      <DrawnBox />
      {view.steering ? <SteerPanel wall={wall} side={steered && steered.x + steered.width / 2 > size.width / 2 ? "left" : "right"} /> : null}
      {menu ? (
        <TileMenu
          wall={wall}
          place={menu}
          onClose={() => {
            setMenu(null);
            focusWall();
          }}
        />
      ) : null}
    </main>
  );
}

function EmptyWall() {
  const hole = useHole<HTMLParagraphElement>();
  return (
    <p className="empty-wall" ref={hole}>
      {m.page_empty_wall()}
    </p>
  );
}
