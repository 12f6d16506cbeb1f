// The wall's keys. The help dialog lists them from `dialogs/help.tsx`; both name the same commands.

import { flushSync } from "react-dom";
import type { App } from "../state/app";
import { onPlayKey } from "../playback/commands";
import { markHere } from "../incidents/here";
import { toggleSound } from "../sound/listening";
import { onSteerKey, toggleSteering } from "../steer/mode";
import {
  back,
  choosePreset,
  enlargeOrBack,
  mergeWithNeighbour,
  moveSelection,
  nextFit,
  removeCamera,
  savePicture,
  splitTile,
  swapWithNeighbour,
  target,
  toggleHotspot,
  toggleTurning,
  turnPage,
  turnPicture,
} from "./commands";
import type { Direction } from "./view";

const ARROWS: Record<string, Direction> = {
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "up",
  ArrowDown: "down",
};

export const PRESET_KEYS: Record<string, string> = {
  ...Object.fromEntries(Array.from({ length: 8 }, (_, index) => [`${index + 1}`, `${index + 1}×${index + 1}`])),
  "9": "1+5",
  "0": "1+7",
  "-": "1+12",
};

/**
 * The key by its place on the keyboard where the input method would make something else of it: Vietnamese layouts put
 * letters on the digits, and Telex keeps letters back while it waits for a tone.
 */
export function keyOf(event: KeyboardEvent): string {
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(event.code)?.[1];
  if (digit !== undefined && !event.shiftKey) return digit;
  const letter = /^Key([A-Z])$/.exec(event.code)?.[1];
  if (letter !== undefined && (event.key === "Process" || event.key === "Unidentified")) return letter.toLowerCase();
  return event.key.length === 1 ? event.key.toLowerCase() : event.key;
}

/** Whether the key meant something to the wall. */
export function onWallKey(app: App, event: KeyboardEvent, openMenu: () => void): boolean {
  const key = keyOf(event);
  const direction = ARROWS[key];
  if (event.altKey || event.metaKey) return false;
  if (onSteerKey(app, key, event) || onPlayKey(app, key, event)) return true;
  if (event.ctrlKey) {
    if (!direction) return false;
    swapWithNeighbour(app, direction);
    return true;
  }
  if (key === "ContextMenu" || (event.shiftKey && key === "F10")) {
    openMenu();
    return true;
  }
  if (direction) {
    moveSelection(app, direction);
    return true;
  }
  if (event.shiftKey && key !== "m") return false;
  const preset = PRESET_KEYS[key];
  if (preset !== undefined) {
    choosePreset(app, preset);
    return true;
  }
  const command = COMMANDS[key];
  command?.(app, event.shiftKey);
  return command !== undefined;
}

const COMMANDS: Record<string, (app: App, shift: boolean) => void> = {
  Enter: (app) => enlargeOrBack(app, target(app)),
  Escape: back,
  Delete: (app) => removeCamera(app, target(app)),
  Backspace: (app) => removeCamera(app, target(app)),
  PageDown: (app) => turnPage(app, 1),
  PageUp: (app) => turnPage(app, -1),
  z: (app) => app.undo(),
  t: (app) => turnPicture(app, target(app)),
  a: (app) => nextFit(app, target(app)),
  s: (app) => savePicture(app, target(app)),
  c: (app) => app.setSettings({ captions: !app.settings.get().captions }),
  m: (app, shift) => mergeWithNeighbour(app, target(app), shift ? "down" : "right"),
  x: (app) => splitTile(app, target(app)),
  d: (app) => markHere(app),
  u: toggleSound,
  v: (app) => toggleSteering(app),
  h: (app) => toggleHotspot(app, target(app)),
  p: toggleTurning,
  o: (app) => app.attempt({ kind: "overview" }),
  l: (app) => press(app, "saved-menu"),
  n: (app) => {
    app.view.patch({ full: false });
    app.news.show(true);
  },
  e: (app) => app.view.patch({ editing: !app.view.get().editing }),
  f: (app) => app.view.patch({ full: !app.view.get().full }),
  w: (app) => press(app, "walls-menu"),
};

/** A button of the bar, which may only now come into the page. */
function press(app: App, id: string): void {
  // At once: the next key is for what opens.
  flushSync(() => app.view.patch({ full: false }));
  document.getElementById(id)?.click();
}
