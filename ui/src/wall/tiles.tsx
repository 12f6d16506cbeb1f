import { useDrag } from "../drag/context";
import type { Box, Layout, Wall } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { useApp } from "../state/app";
import { pressOnPicture } from "../steer/hand";
import { enlargeOrBack } from "./commands";
import { Tile } from "./tile";
import { cameraAt, shownSelection } from "./view";

type Props = {
  wall: Wall;
  layout: Layout;
  slots: number[];
  boxes: Box[];
  onFocusByKey: (at: number) => void;
};

export function Tiles({ wall, layout, slots, boxes, onFocusByKey }: Props) {
  const app = useApp();
  const drag = useDrag();
  const focusable = shownSelection(wall) ?? slots[0];
  const rows = [...new Set(layout.cells.map((cell) => cell.row))].sort((a, b) => a - b);

  const tile = (index: number) => {
    const at = slots[index];
    const box = boxes[index];
    const cell = layout.cells[index];
    if (at === undefined || !box || !cell) return null;
    return (
      <Tile
        key={index}
        wall={wall}
        at={at}
        box={box}
        cell={cell}
        focusable={at === focusable}
        onFocusByKey={(arrived) => {
          // The native wall shows no focus, only what is selected.
          if (arrived && wall.selected === null) app.act({ kind: "select", at });
          onFocusByKey(at);
        }}
        onPress={(event) => {
          if (wall.selected !== at) app.act({ kind: "select", at });
          if (pressOnPicture(app, event, at)) return;
          const merging = event.shiftKey && app.view.get().editing;
          if (wall.enlarged === null && (merging || cameraAt(wall, at) !== null)) drag.press(event, { kind: "tile", at });
        }}
        onEnlarge={() => enlargeOrBack(app, at)}
      />
    );
  };

  return (
    <div
      role="grid"
      aria-label={m.page_wall()}
      aria-rowcount={layout.rows.length}
      aria-colcount={layout.columns.length}
      className="tiles"
    >
      {rows.map((row) => (
        <div role="row" key={row} aria-rowindex={row + 1} className="tiles-row">
          {layout.cells.map((cell, index) => (cell.row === row ? tile(index) : null))}
        </div>
      ))}
    </div>
  );
}
