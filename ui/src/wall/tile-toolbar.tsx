import { useLayoutEffect } from "react";
import { Toolbar } from "react-aria-components";
import { Ellipsis, ImageDown, LoaderCircle, Maximize2, Minimize2, Move, Proportions, RotateCw, TableCellsMerge, TableCellsSplit, Volume2, X } from "lucide-react";
import type { Box, Wall } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { IconButton } from "../parts/icon-button";
import { useApp } from "../state/app";
import { useStore } from "../state/store";
import { toggleSound } from "../sound/listening";
import { toggleSteering } from "../steer/mode";
import { useHole } from "../surface/reporter";
import { enlargeOrBack, mergeWithNeighbour, nextFit, removeCamera, savePicture, splitTile, turnPicture } from "./commands";
import { cameraAt } from "./view";

/** On smaller tiles it would hide the picture; the menu has all of it. */
const LEAST_WIDTH = 220;

type Props = {
  wall: Wall;
  at: number;
  box: Box;
  onHold: (held: boolean) => void;
  onMenu: (at: number, x: number, y: number) => void;
  onEscape: () => void;
};

export function TileToolbar({ wall, at, box, onHold, onMenu, onEscape }: Props) {
  const app = useApp();
  const editing = useStore(app.view, (view) => view.editing);
  const saving = useStore(app.saving, (all) => all.has(`${wall.id}/${at}`));
  const hole = useHole<HTMLDivElement>();
  const hasCamera = cameraAt(wall, at) !== null;
  const shown = box.width >= LEAST_WIDTH && (hasCamera || (editing && wall.enlarged === null));
  // A toolbar that goes while it is used does not hold on to anything.
  useLayoutEffect(() => () => onHold(false), [onHold]);
  if (!shown) return null;

  return (
    <div
      ref={hole}
      className="tile-toolbar"
      style={{ left: box.x + box.width, top: box.y }}
      onPointerEnter={() => onHold(true)}
      onPointerLeave={() => onHold(false)}
      onFocus={(event) => event.target.matches(":focus-visible") && onHold(true)}
      onBlur={(event) => !event.currentTarget.contains(event.relatedTarget) && onHold(false)}
      onKeyDown={(event) => event.key === "Escape" && onEscape()}
      onDoubleClick={(event) => event.stopPropagation()}
    >
      <Toolbar aria-label={m.page_tile_controls()}>
        {editing && wall.enlarged === null ? (
          <EditingControls at={at} />
        ) : (
          <PictureControls at={at} enlarged={wall.enlarged !== null} saving={saving} />
        )}
        <IconButton
          label={m.page_more()}
          aria-haspopup="menu"
          preventFocusOnPress
          onPress={({ target }) => {
            const { left, bottom } = target.getBoundingClientRect();
            onMenu(at, left, bottom + 2);
          }}
        >
          <Ellipsis />
        </IconButton>
      </Toolbar>
    </div>
  );
}

function PictureControls({ at, enlarged, saving }: { at: number; enlarged: boolean; saving: boolean }) {
  const app = useApp();
  return (
    <>
      <IconButton
        label={enlarged ? m.page_shrink() : m.page_enlarge()}
        keys="Enter"
        preventFocusOnPress
        onPress={() => enlargeOrBack(app, at)}
      >
        {enlarged ? <Minimize2 /> : <Maximize2 />}
      </IconButton>
      <IconButton label={m.page_steer()} keys="V" preventFocusOnPress onPress={() => toggleSteering(app, at)}>
        <Move />
      </IconButton>
      {app.may("listen") ? (
        <IconButton
          label={m.page_sound()}
          keys="U"
          preventFocusOnPress
          onPress={() => {
            const other = app.wall().selected !== at;
            if (other) app.act({ kind: "select", at });
            if (!other || !app.soundOn.get()) toggleSound(app);
          }}
        >
          <Volume2 />
        </IconButton>
      ) : null}
      <IconButton label={m.page_fit_next()} keys="A" preventFocusOnPress onPress={() => nextFit(app, at)}>
        <Proportions />
      </IconButton>
      <IconButton label={m.page_turn_next()} keys="T" preventFocusOnPress onPress={() => turnPicture(app, at)}>
        <RotateCw />
      </IconButton>
      <IconButton
        label={saving ? m.page_saving() : m.page_save_picture()}
        keys="S"
        preventFocusOnPress
        isPending={saving}
        onPress={() => savePicture(app, at)}
      >
        {saving ? <LoaderCircle className="busy" /> : <ImageDown />}
      </IconButton>
      <IconButton label={m.page_remove()} keys="Delete" preventFocusOnPress onPress={() => removeCamera(app, at)}>
        <X />
      </IconButton>
    </>
  );
}

function EditingControls({ at }: { at: number }) {
  const app = useApp();
  return (
    <>
      <IconButton label={m.page_merge_right()} keys="M" preventFocusOnPress onPress={() => mergeWithNeighbour(app, at, "right")}>
        <TableCellsMerge />
      </IconButton>
      <IconButton
        label={m.page_merge_below()}
        keys="Shift+M"
        preventFocusOnPress
        className="upright"
        onPress={() => mergeWithNeighbour(app, at, "down")}
      >
        <TableCellsMerge />
      </IconButton>
      <IconButton label={m.page_split()} keys="X" preventFocusOnPress onPress={() => splitTile(app, at)}>
        <TableCellsSplit />
      </IconButton>
    </>
  );
}
