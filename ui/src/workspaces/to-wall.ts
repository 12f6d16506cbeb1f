// From anywhere in the console to the camera's picture.

import type { Subject } from "../ipc/wire";
import type { App } from "../state/app";
import { place } from "../wall/commands";
import { mayOpen } from "./workspaces";

export function mayWatch(app: App): boolean {
  return mayOpen(app.session.get()?.person ?? null, "wall") && app.may("view");
}

/** Where the wall shows the camera already, it is only selected. */
export function showOnWall(app: App, subject: Subject): void {
  if (!mayWatch(app)) return;
  const wall = app.wall();
  const at = subject.kind === "camera" ? wall.slots.findIndex((slot) => slot.camera === subject.id) : -1;
  app.go("wall");
  if (at < 0) {
    place(app, subject);
    return;
  }
  if (wall.enlarged !== null && wall.enlarged !== at) app.act({ kind: "enlarge", at: null });
  const page = Math.floor(at / wall.layout.cells.length);
  if (page !== wall.page) app.act({ kind: "page", page });
  app.act({ kind: "select", at });
}
