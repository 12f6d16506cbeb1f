// Keys that mean the same wherever the focus is, and the wall's while it is nowhere.

import { flushSync } from "react-dom";
import { isNarrow } from "./parts/media";
import type { App } from "./state/app";
import { onSteerKey } from "./steer/mode";
import { focusWall } from "./wall/focus";
import { keyOf, onWallKey } from "./wall/keys";
import { WORKSPACES } from "./workspaces/workspaces";

export function listenToKeys(app: App): () => void {
  const hear = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing) return;
    if (onPageKey(app, event)) event.preventDefault();
  };
  document.addEventListener("keydown", hear);
  return () => document.removeEventListener("keydown", hear);
}

function onPageKey(app: App, event: KeyboardEvent): boolean {
  const target = event.target as Element;
  // Menus and dialogs have keys of their own.
  if (target.closest("[role=dialog], [role=alertdialog], [role=menu]")) return false;
  const key = keyOf(event);
  const typing = target.matches("input, textarea, select");
  const onWall = app.view.get().workspace === "wall";
  const workspace = event.altKey && !event.ctrlKey ? WORKSPACES[Number(/^Digit(\d)$/.exec(event.code)?.[1]) - 1] : undefined;
  if (workspace) {
    app.go(workspace);
    return true;
  }
  const onNothing = onWall && target === document.body;
  if (event.ctrlKey && !event.altKey && onNothing && onSteerKey(app, key, event)) return true;
  if (event.ctrlKey && !event.altKey) return onControlKey(app, key, event.shiftKey, typing, onWall);
  if (key === "F11" && onWall) {
    app.view.patch({ full: !app.view.get().full });
    return true;
  }
  if (key === "Escape" && !onWall) {
    app.go("wall");
    return true;
  }
  if (typing || event.altKey || event.metaKey) return false;
  if (key === "?" || (event.shiftKey && event.code === "Slash")) {
    app.view.patch({ dialog: "help" });
    return true;
  }
  if (key === "/" || event.code === "Slash") {
    focusSearch(app);
    return true;
  }
  if (!onWall) return false;
  if (key === "Escape" && target.closest(".sidebar, .top-bar, .rail")) {
    leaveSidebar(app);
    return true;
  }
  // Buttons of the bar keep the focus after a click, and mean nothing by letters and digits.
  const unused = /^[^ ]$|^Page(Up|Down)$/.test(key) && target.closest(".top-bar") !== null;
  if (unused || target === document.body) return onWallKey(app, event, () => undefined);
  return false;
}

function onControlKey(app: App, key: string, shift: boolean, typing: boolean, onWall: boolean): boolean {
  if (key === "l" && !shift) app.run(app.backend.lock());
  else if (key === "f") focusSearch(app);
  else if (!onWall) return false;
  else if (key === "b") app.view.patch({ sidebar: !app.view.get().sidebar });
  else if (key === "z" && !typing) shift ? app.redo() : app.undo();
  else if (key === "y" && !typing) app.redo();
  else return false;
  return true;
}

/** Back to the wall; a list that lies over it makes room. */
export function leaveSidebar(app: App): void {
  if (isNarrow()) app.view.patch({ sidebar: false });
  focusWall();
}

/** The workspace's own field, where it has one. */
function focusSearch(app: App): void {
  if (app.view.get().workspace !== "wall") {
    const own = document.querySelector<HTMLInputElement>(".workspace [data-search]");
    own?.focus();
    own?.select();
    return;
  }
  // The sidebar may only now come into the page. At once: the next letters are for the field, not keys of the wall.
  flushSync(() => app.view.patch({ sidebar: true, full: false }));
  const field = document.getElementById("search") as HTMLInputElement | null;
  field?.focus();
  field?.select();
}
