// How a picture is looked at, in its tile's menu.

import type { ReactNode } from "react";
import { Menu, SubmenuTrigger } from "react-aria-components";
import { Aperture, Bookmark, BookmarkPlus, BookmarkX, Expand, Focus, RotateCcw, RotateCw, ScanSearch, ZoomIn, ZoomOut } from "lucide-react";
import type { Wall } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { CoveringPopover } from "../parts/covering";
import { MenuEntry, Submenu } from "../parts/menu";
import { useApp } from "../state/app";
import { useStore } from "../state/store";
import { cameraAt, slotAt } from "../wall/view";
import { ROTATE_STEP, ZOOM_STEP, change, correct, isPlain, isZoomed, rotate, zoom } from "./digital-view";
import { toggleSteering } from "./mode";
import { viewsOf } from "./views";

export function LookMenu({ wall, at }: { wall: Wall; at: number }) {
  const app = useApp();
  const camera = cameraAt(wall, at);
  const kept = useStore(app.views, (views) => viewsOf(views, camera));
  const { view } = slotAt(wall, at);
  const plain = isPlain(view);
  const own = kept.presets.filter((preset) => preset.own);
  return (
    <Submenu icon={<ScanSearch />} label={m.page_look()} isDisabled={camera === null}>
      <MenuEntry icon={<ZoomIn />} label={m.page_look_in()} keys="Ctrl++" onAction={() => zoom(app, at, ZOOM_STEP)} />
      <MenuEntry
        icon={<ZoomOut />}
        label={m.page_look_out()}
        keys="Ctrl+-"
        isDisabled={!isZoomed(view)}
        onAction={() => zoom(app, at, 1 / ZOOM_STEP)}
      />
      <MenuEntry
        icon={<Expand />}
        label={m.page_look_whole()}
        keys="Ctrl+0"
        isDisabled={!isZoomed(view)}
        onAction={() => change(app, at, { kind: "whole" })}
      />
      <MenuEntry icon={<RotateCw />} label={m.page_look_right({ degrees: ROTATE_STEP })} keys="V, ]" onAction={() => rotate(app, at, ROTATE_STEP)} />
      <MenuEntry icon={<RotateCcw />} label={m.page_look_left({ degrees: ROTATE_STEP })} keys="V, [" onAction={() => rotate(app, at, -ROTATE_STEP)} />
      <MenuEntry
        icon={<Focus />}
        label={m.page_look_upright()}
        isDisabled={view.rotation === 0}
        onAction={() => rotate(app, at, -view.rotation)}
      />
      {kept.lens ? (
        <MenuEntry
          icon={<Aperture />}
          label={view.corrected ? m.page_look_correct_off() : m.page_look_correct_on()}
          onAction={() => correct(app, at, !view.corrected)}
        />
      ) : null}
      {app.may("share_layouts") && camera !== null ? (
        <MenuEntry icon={<Aperture />} label={m.page_look_lens()} onAction={() => app.view.patch({ dialog: { lens: camera, at } })} />
      ) : null}
      <MenuEntry
        icon={<Expand />}
        label={m.page_look_plain()}
        isDisabled={plain}
        onAction={() => change(app, at, { kind: "plain" })}
      />
      <MenuEntry icon={<ScanSearch />} label={m.page_steer()} keys="V" onAction={() => toggleSteering(app)} />
      <MenuEntry
        icon={<BookmarkPlus />}
        label={m.page_look_keep()}
        isDisabled={plain}
        onAction={() => app.view.patch({ dialog: { keepView: at } })}
      />
      <Presets
        icon={<Bookmark />}
        label={m.page_look_go()}
        presets={kept.presets}
        onChoose={(preset) => change(app, at, { kind: "exact", view: preset.view })}
      />
      {own.length > 0 && camera !== null ? (
        <Presets
          icon={<BookmarkX />}
          label={m.page_look_forget()}
          presets={own}
          onChoose={(preset) => app.run(app.backend.removeView(camera, preset.id))}
        />
      ) : null}
    </Submenu>
  );
}

type PresetsProps<P> = { icon: ReactNode; label: string; presets: P[]; onChoose: (preset: P) => void };

function Presets<P extends { id: string; name: string }>({ icon, label, presets, onChoose }: PresetsProps<P>) {
  return (
    <SubmenuTrigger>
      <MenuEntry icon={icon} label={label} isDisabled={presets.length === 0} />
      <CoveringPopover offset={-2}>
        <Menu className="menu" aria-label={label}>
          {presets.map((preset) => (
            <MenuEntry key={preset.id} label={preset.name} onAction={() => onChoose(preset)} />
          ))}
        </Menu>
      </CoveringPopover>
    </SubmenuTrigger>
  );
}
