import { useState } from "react";
import { Button, Dialog, DialogTrigger, ListBox, ListBoxItem, Text } from "react-aria-components";
import { ChevronDown } from "lucide-react";
import { sameLayout } from "../layout/geometry";
import { m } from "../paraglide/messages.js";
import { CoveringPopover } from "../parts/covering";
import { LayoutDiagram } from "../parts/layout-diagram";
import { useApp, wallInView } from "../state/app";
import { useStore } from "../state/store";
import { PRESET_KEYS } from "../wall/keys";

const keyFor = (name: string) => Object.keys(PRESET_KEYS).find((key) => PRESET_KEYS[key] === name);

/** All ready-made layouts as small drawings; the current one stands on the button. */
export function LayoutPicker() {
  const app = useApp();
  const presets = useStore(app.presets);
  const wall = wallInView(
    useStore(app.desk),
    useStore(app.view, (view) => view.wall),
  );
  const [open, setOpen] = useState(false);
  const current = presets.find((preset) => sameLayout(preset.layout, wall.layout));
  const name = current?.name ?? m.page_layout_own();

  return (
    <DialogTrigger isOpen={open} onOpenChange={setOpen}>
      <Button className="text-button layout-button" aria-label={m.page_layout_current({ name })}>
        <LayoutDiagram layout={wall.layout} />
        <span className="layout-name">{name}</span>
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
              if (preset) app.act({ kind: "layout", layout: preset.layout });
              setOpen(false);
            }}
          >
            {(preset) => (
              <ListBoxItem textValue={preset.name} className="layout-choice">
                <LayoutDiagram layout={preset.layout} />
                <Text slot="label">{preset.name}</Text>
                <kbd aria-hidden="true">{keyFor(preset.name)}</kbd>
              </ListBoxItem>
            )}
          </ListBox>
        </Dialog>
      </CoveringPopover>
    </DialogTrigger>
  );
}
