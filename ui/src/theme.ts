// Light or dark. The choice is kept by the program; the copy here is for public/first-paint.js, which saves the start
// from a flash in the other theme.

import type { Theme } from "./ipc/wire";
import { remember } from "./state/memory";

const LIGHT = window.matchMedia("(prefers-color-scheme: light)");

let chosen: Theme = "dark";

function show(): void {
  const light = chosen === "light" || (chosen === "system" && LIGHT.matches);
  document.documentElement.dataset["theme"] = light ? "light" : "dark";
}

export function applyTheme(theme: Theme): void {
  chosen = theme;
  remember("theme", theme);
  show();
}

LIGHT.addEventListener("change", show);
