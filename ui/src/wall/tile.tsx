import type { PointerEvent } from "react";
import { useDrag } from "../drag/context";
import type { Box, Cell, Wall } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { CameraDot, lookInWords } from "../parts/camera-dot";
import { useApp } from "../state/app";
import { useStore } from "../state/store";
import { standing } from "../playback/words";
import { isPlain, isZoomed } from "../steer/digital-view";
import { measured } from "../words/numbers";
import { cameraAt, slotAt, tileNumber } from "./view";

type Props = {
  wall: Wall;
  at: number;
  box: Box;
  cell: Cell;
  focusable: boolean;
  /** Whether it comes from elsewhere on the page. */
  onFocusByKey: (arrived: boolean) => void;
  onPress: (event: PointerEvent<HTMLElement>) => void;
  onEnlarge: () => void;
};

/** Narrower than this in CSS pixels, a tile has no room for words; its name stands in the status line and in `words`. */
const FEW_WORDS = 128;

export function Tile({ wall, at, box, cell, focusable, onFocusByKey, onPress, onEnlarge }: Props) {
  const app = useApp();
  const drag = useDrag();
  const camera = cameraAt(wall, at);
  const place = useStore(app.inventory, (inventory) => (camera === null ? undefined : inventory.places.get(camera)));
  const status = useStore(app.cameras, (all) => (camera === null ? undefined : all.get(camera)));
  const played = useStore(app.playback, (walls) => walls.get(wall.id)?.cameras.find((each) => each.camera === camera));
  const plays = useStore(app.playback, (walls) => walls.has(wall.id));
  const captions = useStore(app.settings, (settings) => settings.captions);
  const dropped = useStore(drag.drag, (state) => state?.over === at);
  const name = place?.camera.name ?? camera ?? "";
  const number = tileNumber(wall, at);
  const language = useStore(app.settings, (settings) => settings.language);
  const { view } = slotAt(wall, at);
  const zoom = isZoomed(view) ? m.page_tile_look({ zoom: measured(view.zoom / 1000, language) }) : m.page_tile_look_changed();
  const look = camera === null || isPlain(view) ? null : zoom;
  const words =
    camera === null
      ? m.page_tile_empty({ number })
      : m.page_tile_camera({ number, camera: name, site: place?.site.name ?? "", state: plays ? (played ? standing(played) : m.page_playback_not_played()) : lookInWords(status) });

  return (
    <div
      role="gridcell"
      aria-selected={wall.selected === at}
      aria-colindex={cell.column + 1}
      aria-colspan={cell.columns > 1 ? cell.columns : undefined}
      aria-rowspan={cell.rows > 1 ? cell.rows : undefined}
      tabIndex={focusable ? 0 : -1}
      className="tile"
      data-at={at}
      data-drop={dropped || undefined}
      style={{ left: box.x, top: box.y, width: box.width, height: box.height }}
      onFocus={(event) => {
        const arrived = !event.relatedTarget?.closest("#wall");
        if (event.currentTarget.matches(":focus-visible")) onFocusByKey(arrived);
      }}
      onPointerDown={onPress}
      onDoubleClick={onEnlarge}
    >
      <span className="unseen">{look === null ? words : `${words}, ${look}`}</span>
      {camera === null ? (
        <span className="tile-number" aria-hidden="true">
          {number}
        </span>
      ) : box.width < FEW_WORDS ? (
        <span className="tile-seen" data-small aria-hidden="true">
          <CameraDot look={status?.look} />
        </span>
      ) : (
        <span className="tile-seen" aria-hidden="true">
          {captions ? (
            <span className="tile-head">
              <bdi className="tile-name">{name}</bdi>
              <bdi className="tile-site">{place?.site.name}</bdi>
            </span>
          ) : null}
          {look === null ? null : <span className="tile-look">{look}</span>}
          <span className="tile-state">
            <CameraDot look={status?.look} />
            <span className="tile-why">{lookInWords(status)}</span>
          </span>
          {status?.detail ? <span className="tile-detail">{status.detail}</span> : null}
        </span>
      )}
    </div>
  );
}
