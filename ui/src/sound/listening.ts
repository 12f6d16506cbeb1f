// Sound is the selected camera's while it is on: it follows the selection, and stops where nothing is to be heard.

import type { Id } from "../ipc/wire";
import type { App } from "../state/app";
import { target } from "../wall/commands";
import { cameraAt } from "../wall/view";

/** Whoever walks over tiles with the arrows does not open the sound of each. */
const SETTLES = 250;

export function toggleSound(app: App): void {
  if (app.may("listen")) app.soundOn.set(!app.soundOn.get());
}

/** The camera that is to be heard, live or recorded. */
export function heardCamera(app: App): Id | null {
  return app.soundOn.get() ? cameraAt(app.wall(), target(app)) : null;
}

/** Asks for the sound of whatever is selected, until the page goes. */
export function followSelection(app: App): () => void {
  let asked: Id | null = null;
  let timer: ReturnType<typeof setTimeout> | null = null;
  const ask = () => {
    timer = null;
    const camera = heardCamera(app);
    if (camera === asked) return;
    asked = camera;
    app.backend.listen(camera).catch((error: unknown) => {
      app.soundOn.set(false);
      app.refused(error);
    });
  };
  const changed = () => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    // Silence does not wait.
    if (heardCamera(app) === null) ask();
    else timer = setTimeout(ask, SETTLES);
  };
  const ends = [app.soundOn.watch(changed), app.desk.watch(changed), app.view.watch(changed)];
  return () => {
    for (const end of ends) end();
    if (timer !== null) clearTimeout(timer);
  };
}
