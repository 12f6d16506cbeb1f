// Keys that mean the same wherever the focus is, and the wall's while it is nowhere.

import { isNarrow } from "./parts/media";
import type { App } from "./state/app";
import { focusWall } from "./wall/focus";
import { keyOf, onWallKey } from "./wall/keys";

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
  const typing = target.matches("input, textarea");
  if (event.ctrlKey && !event.altKey) return onControlKey(app, key, event.shiftKey, typing);
  if (key === "F11") {
    app.view.patch({ full: !app.view.get().full });
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
  if (key === "Escape" && target.closest(".sidebar, .top-bar")) {
    leaveSidebar(app);
    return true;
  }
  // Buttons of the bar keep the focus after a click, and mean nothing by letters and digits.
  const unused = /^[^ ]$|^Page(Up|Down)$/.test(key) && target.closest(".top-bar") !== null;
  if (unused || target === document.body) return onWallKey(app, event, () => undefined);
  return false;
}

function onControlKey(app: App, key: string, shift: boolean, typing: boolean): boolean {
  if (key === "f") focusSearch(app);
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

function focusSearch(app: App): void {
  app.view.patch({ sidebar: true, full: false });
  // The sidebar may only now come into the page.
  requestAnimationFrame(() => {
    const field = document.getElementById("search") as HTMLInputElement | null;
    field?.focus();
    field?.select();
  });
}
