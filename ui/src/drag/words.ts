// What a drag carries and what letting go would do, in words.

import { m } from "../paraglide/messages.js";
import type { App } from "../state/app";
import { subjectName } from "../state/inventory";
import { cameraAt, tileNumber } from "../wall/view";
import { isolated } from "../words/names";
import { actOf, type Drag } from "./drag";

export function draggedName(app: App, drag: Drag): string {
  const { payload } = drag;
  const inventory = app.inventory.get();
  if (payload.kind === "subject") return subjectName(inventory, payload.subject);
  const camera = cameraAt(app.wall(), payload.at);
  if (camera !== null) return subjectName(inventory, { kind: "camera", id: camera });
  return m.page_tile_number({ number: tileNumber(app.wall(), payload.at) });
}

export function dropInWords(app: App, drag: Drag): string {
  const act = actOf(drag);
  const name = isolated(draggedName(app, drag));
  const number = (at: number) => tileNumber(app.wall(), at);
  switch (act?.kind) {
    case "place":
      if (act.at === null) return m.page_drop_whole_wall({ name });
      if (act.subject.kind === "camera") return m.page_drop_place({ name, tile: number(act.at) });
      return m.page_drop_from_here({ name, tile: number(act.at) });
    case "swap":
      return m.page_drop_swap({ name, tile: number(act.b) });
    case "merge":
      return m.page_drop_merge({ a: number(act.a), b: number(act.b) });
    case "clear":
      return m.page_drop_clear({ name });
    default:
      return m.page_drop_nothing({ name });
  }
}
