// From an entry to its place in the recordings.

import type { Act, Id } from "../ipc/wire";
import type { App } from "../state/app";
import { mayWatch } from "../workspaces/to-wall";

/** The wall shows these cameras, as it stands where it does already, and plays from there. Milliseconds since 1970. */
export async function playAt(app: App, cameras: readonly Id[], at: number): Promise<void> {
  if (!mayWatch(app) || cameras.length === 0) return;
  app.go("wall");
  const wall = app.wall();
  const size = wall.layout.cells.length;
  const shown = wall.slots.slice(wall.page * size, (wall.page + 1) * size).map((slot) => slot.camera);
  for (const act of cameras.every((camera) => shown.includes(camera)) ? [] : arranged(app, cameras)) {
    await app.backend.act(wall.id, act);
  }
  await app.backend.startPlayback(wall.id, Math.round(at * 1000));
}

/** The smallest layout that holds them, with nothing else on it. */
function arranged(app: App, cameras: readonly Id[]): Act[] {
  const large = app.presets.get().filter((preset) => preset.layout.cells.length >= cameras.length);
  const [layout] = large.map((preset) => preset.layout).toSorted((a, b) => a.cells.length - b.cells.length);
  const places = cameras.map((id, at): Act => ({ kind: "place", at, subject: { kind: "camera", id } }));
  return [{ kind: "empty" }, ...(layout ? [{ kind: "layout", layout } as Act] : []), ...places];
}
