import { useState } from "react";
import { Button, Dialog, DialogTrigger, ListBox, ListBoxItem, Text } from "react-aria-components";
import { ChevronDown, Grid3x3 } from "lucide-react";
import type { Act } from "../ipc/wire";
import { sameLayout } from "../layout/geometry";
import { m } from "../paraglide/messages.js";
import { CoveringPopover } from "../parts/covering";
import { LayoutDiagram } from "../parts/layout-diagram";
import { useApp, wallInView } from "../state/app";
import { useStore } from "../state/store";
import { PRESET_KEYS } from "../wall/keys";
import { isOverview } from "../wall/view";
import { PicturesChoice, picturesInWords } from "./pictures";

const keyFor = (name: string) => Object.keys(PRESET_KEYS).find((key) => PRESET_KEYS[key] === name);

/** All ready-made layouts as small drawings; the current one stands on the button. */
/** As it stands on keyboards, in every language. */
const OVERVIEW_KEY = "O";

export function LayoutPicker() {
  const app = useApp();
  const presets = useStore(app.presets);
  const wall = wallInView(
    useStore(app.desk),
    useStore(app.view, (view) => view.wall),
  );
  const [open, setOpen] = useState(false);
  const cameras = useStore(app.inventory, (inventory) => inventory.places.size);
  const words = useStore(app.outlook.words);
  const look = (act: Act) => app.outlook.look(wall.id, act);
  const overview = isOverview(wall);
  const current = presets.find((preset) => sameLayout(preset.layout, wall.layout));
  const name = current?.name ?? (overview ? m.page_overview() : m.page_layout_own());

  return (
    <DialogTrigger isOpen={open} onOpenChange={setOpen}>
      <Button className="text-button layout-button" aria-label={m.page_layout_current({ name })}>
        <LayoutDiagram layout={wall.layout} />
        <span className="layout-name">{name}</span>
        {wall.pictures === "best" ? null : <span className="layout-pictures">{picturesInWords(wall.pictures)}</span>}
        <ChevronDown className="chevron" />
      </Button>
      <CoveringPopover>
        <Dialog aria-label={m.page_layout_choose()}>
          <ListBox
            aria-label={m.page_layout_choose()}
            className="layouts"
            layout="grid"
            selectionMode="single"
            disallowEmptySelection
            autoFocus
            selectedKeys={current ? [current.name] : []}
            items={presets.map((preset) => ({ ...preset, id: preset.name }))}
            onSelectionChange={(keys) => {
              const preset = presets.find((each) => keys !== "all" && keys.has(each.name));
              if (preset) app.attempt({ kind: "layout", layout: preset.layout });
              setOpen(false);
            }}
          >
            {(preset) => (
              <ListBoxItem
                textValue={preset.name}
                className="layout-choice"
                onHoverStart={() => look({ kind: "layout", layout: preset.layout })}
                onHoverEnd={app.outlook.lookAway}
                onFocus={() => look({ kind: "layout", layout: preset.layout })}
                onBlur={app.outlook.lookAway}
              >
                <LayoutDiagram layout={preset.layout} />
                <Text slot="label">{preset.name}</Text>
                <kbd aria-hidden="true">{keyFor(preset.name)}</kbd>
              </ListBoxItem>
            )}
          </ListBox>
          <Button
            className="layout-overview"
            onHoverStart={() => look({ kind: "overview" })}
            onHoverEnd={app.outlook.lookAway}
            onFocus={() => look({ kind: "overview" })}
            onBlur={app.outlook.lookAway}
            onPress={() => {
              setOpen(false);
              app.attempt({ kind: "overview" });
            }}
          >
            <Grid3x3 />
            <span className="layout-overview-words">
              <span>{m.page_overview()}</span>
              <span className="quiet">{m.page_overview_detail({ count: cameras })}</span>
            </span>
            <kbd aria-hidden="true">{OVERVIEW_KEY}</kbd>
          </Button>
          <PicturesChoice wall={wall} />
          {/* Under the pointer, because the status line may be covered. */}
          <p className="layout-outlook" role="status" data-costs={words?.costs || undefined}>
            {words?.text}
          </p>
        </Dialog>
      </CoveringPopover>
    </DialogTrigger>
  );
}
