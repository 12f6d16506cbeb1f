// From what a wall shows to a bookmark or an export of it.

import type { Id } from "../ipc/wire";
import { placeIn, playing } from "../playback/commands";
import type { App } from "../state/app";
import { target } from "../wall/commands";
import { cameraAt, shownSelection } from "../wall/view";

const BEFORE = 30_000;
const AFTER = 30_000;

/** Of the selected camera; of all that are played where none is. */
function shownCameras(app: App, wanted: Id | null): Id[] {
  if (wanted !== null) return [wanted];
  const wall = app.wall();
  const selected = shownSelection(wall);
  const one = selected === null ? null : cameraAt(wall, selected);
  if (one !== null) return [one];
  const played = playing(app)?.cameras.map((each) => each.camera) ?? [];
  if (played.length > 0) return played;
  const first = cameraAt(wall, target(app));
  return first === null ? [] : [first];
}

/** The moment that is shown: now, unless the wall plays. */
export function markHere(app: App, wanted: Id | null = null): void {
  if (!app.may("playback")) return;
  const cameras = shownCameras(app, wanted);
  if (cameras.length === 0) return;
  const now = playing(app);
  const at = now ? placeIn(now) : Date.now();
  app.view.patch({ dialog: { bookmark: { id: null, cameras, from: at, until: at, words: "", incident: null } } });
}

/** Half a minute on both sides of the place that is shown. */
export function exportHere(app: App): void {
  const now = playing(app);
  if (!now || !app.may("export")) return;
  const at = placeIn(now);
  const until = Math.min(at + AFTER, Date.now());
  const stretches = shownCameras(app, null).map((camera) => ({ camera, from: at - BEFORE, until }));
  app.view.patch({ dialog: { export: { incident: null, caseNumber: "", stretches } } });
}
