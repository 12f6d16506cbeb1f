// Everything that can be done with a tile, for the pointer's right button and the keyboard's menu key.

import { Button, Menu, MenuSection, MenuTrigger, Separator } from "react-aria-components";
import { BookmarkPlus, Crosshair, Eraser, ImageDown, KeyRound, Maximize2, Minimize2, Proportions, RotateCw, TableCellsMerge, TableCellsSplit, X } from "lucide-react";
import type { Fit, Turn, Wall } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { CoveringPopover } from "../parts/covering";
import { MenuChoice, MenuEntry, Submenu } from "../parts/menu";
import { useApp } from "../state/app";
import { markHere } from "../incidents/here";
import { LookMenu } from "../steer/look-menu";
import { enlargeOrBack, mergeWithNeighbour, removeCamera, savePicture, splitTile, toggleHotspot } from "./commands";
import { useMissingLogin } from "./missing-login";
import { cameraAt, slotAt, slotBeside, tileNumber } from "./view";

export type MenuPlace = { at: number; x: number; y: number };

type Props = { wall: Wall; place: MenuPlace; onClose: () => void };

export function TileMenu({ wall, place, onClose }: Props) {
  const app = useApp();
  const { at } = place;
  const slot = slotAt(wall, at);
  const none = cameraAt(wall, at) === null;
  const enlarged = wall.enlarged !== null;
  const login = useMissingLogin(cameraAt(wall, at));
  const label = m.page_tile_number({ number: tileNumber(wall, at) });

  return (
    <MenuTrigger isOpen onOpenChange={(open) => !open && onClose()}>
      <Button className="menu-anchor" style={{ left: place.x, top: place.y }} excludeFromTabOrder aria-label={label} />
      <CoveringPopover placement="bottom start" offset={0}>
        <Menu className="menu" aria-label={label} autoFocus="first">
          {login ? (
            <MenuEntry icon={<KeyRound />} label={m.page_login_enter()} onAction={() => app.view.patch({ dialog: { login } })} />
          ) : null}
          <MenuSection aria-label={m.page_picture()}>
            <MenuEntry
              icon={enlarged ? <Minimize2 /> : <Maximize2 />}
              label={enlarged ? m.page_shrink() : m.page_enlarge()}
              keys="Enter"
              isDisabled={none}
              onAction={() => enlargeOrBack(app, at)}
            />
            <Submenu icon={<Proportions />} label={m.page_fit()} keys="A" isDisabled={none}>
              <MenuChoice<Fit>
                label={m.page_fit()}
                chosen={slot.fit}
                choices={[
                  { key: "fit", label: m.page_fit_fit() },
                  { key: "fill", label: m.page_fit_fill() },
                  { key: "stretch", label: m.page_fit_stretch() },
                ]}
                onChoose={(fit) => app.act({ kind: "fit", at, fit })}
              />
            </Submenu>
            <Submenu icon={<RotateCw />} label={m.page_turn()} keys="T" isDisabled={none}>
              <MenuChoice<Turn>
                label={m.page_turn()}
                chosen={slot.turn}
                choices={[
                  { key: "none", label: m.page_turn_none() },
                  { key: "quarter", label: m.page_turn_quarter() },
                  { key: "half", label: m.page_turn_half() },
                  { key: "three_quarters", label: m.page_turn_three_quarters() },
                ]}
                onChoose={(turn) => app.act({ kind: "turn", at, turn })}
              />
            </Submenu>
            <LookMenu wall={wall} at={at} />
            <MenuEntry
              icon={<ImageDown />}
              label={m.page_save_picture()}
              keys="S"
              isDisabled={none}
              onAction={() => savePicture(app, at)}
            />
            {app.may("playback") ? (
              <MenuEntry
                icon={<BookmarkPlus />}
                label={`${m.page_bookmark()}…`}
                keys="D"
                isDisabled={none}
                onAction={() => markHere(app, cameraAt(wall, at))}
              />
            ) : null}
            <MenuEntry
              icon={<X />}
              label={m.page_remove()}
              keys="Delete"
              isDisabled={none}
              onAction={() => removeCamera(app, at)}
            />
          </MenuSection>
          <Separator />
          <MenuSection aria-label={m.page_layout()}>
            <MenuEntry
              icon={<TableCellsMerge />}
              label={m.page_merge_right()}
              keys="M"
              isDisabled={enlarged || slotBeside(wall, at, "right") === null}
              onAction={() => mergeWithNeighbour(app, at, "right")}
            />
            <MenuEntry
              icon={<TableCellsMerge className="upright" />}
              label={m.page_merge_below()}
              keys="Shift+M"
              isDisabled={enlarged || slotBeside(wall, at, "down") === null}
              onAction={() => mergeWithNeighbour(app, at, "down")}
            />
            <MenuEntry
              icon={<TableCellsSplit />}
              label={m.page_split()}
              keys="X"
              isDisabled={enlarged}
              onAction={() => splitTile(app, at)}
            />
            <MenuEntry
              icon={<Crosshair />}
              label={slot.hotspot ? m.page_hotspot_off() : m.page_hotspot_on()}
              keys="H"
              isDisabled={enlarged}
              onAction={() => toggleHotspot(app, at)}
            />
          </MenuSection>
          <Separator />
          <MenuEntry
            icon={<Eraser />}
            label={m.page_empty()}
            isDisabled={wall.slots.length === 0}
            onAction={() => app.act({ kind: "empty" })}
          />
        </Menu>
      </CoveringPopover>
    </MenuTrigger>
  );
}
