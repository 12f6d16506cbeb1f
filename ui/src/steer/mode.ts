// While a picture is steered, the keys are for it alone: arrows, + and -, digits.

import type { App } from "../state/app";
import { cameraAt } from "../wall/view";
import { target } from "../wall/commands";
import { steerByKey } from "./steering";

/** Begins and ends it; on a tile without a camera it does not begin. */
export function toggleSteering(app: App, at = target(app)): void {
  // Elsewhere it goes on with the other picture.
  const here = app.view.get().steering && app.wall().selected === at;
  const begins = !here && cameraAt(app.wall(), at) !== null;
  if (begins && app.wall().selected !== at) app.act({ kind: "select", at });
  app.view.patch({ steering: begins });
}

/** Whether the key was for the picture. */
export function onSteerKey(app: App, key: string, event: KeyboardEvent): boolean {
  const { steering } = app.view.get();
  if (steering && (key === "Escape" || key === "v")) {
    app.view.patch({ steering: false });
    return true;
  }
  const at = target(app);
  if (cameraAt(app.wall(), at) === null) return false;
  return steerByKey(app, at, key, { ctrl: event.ctrlKey, shift: event.shiftKey });
}
