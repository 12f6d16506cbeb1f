// What a person can do to a wall; the keys, the tile's controls and the menus all lead here.

import type { Act, Fit, Subject, Turn } from "../ipc/wire";
import type { App } from "../state/app";
import { EMPTY_SLOT,
  cameraAt,
  nextEmpty,
  placeFor,
  shownSelection,
  shownSlots,
  slotAt,
  slotBeside,
  type Direction,
} from "./view";

const TURNS: Turn[] = ["none", "quarter", "half", "three_quarters"];
const FITS: Fit[] = ["fit", "fill", "stretch"];
const DEFAULT_TURNING_SECONDS = 10;

function after<T>(all: T[], current: T): T {
  return all[(all.indexOf(current) + 1) % all.length] ?? current;
}

/** The selected tile, else the first one. */
export function target(app: App): number {
  const wall = app.wall();
  return shownSelection(wall) ?? shownSlots(wall)[0] ?? 0;
}

export function moveSelection(app: App, direction: Direction): void {
  const wall = app.wall();
  const selected = shownSelection(wall);
  const next = selected === null ? target(app) : slotBeside(wall, selected, direction);
  if (next === null) return;
  if (wall.enlarged !== null && next !== wall.enlarged) app.act({ kind: "enlarge", at: next });
  app.act({ kind: "select", at: next });
}

export function swapWithNeighbour(app: App, direction: Direction): void {
  const wall = app.wall();
  const selected = shownSelection(wall);
  const next = selected === null || wall.enlarged !== null ? null : slotBeside(wall, selected, direction);
  if (selected === null || next === null) return;
  app.act({ kind: "swap", a: selected, b: next });
  app.act({ kind: "select", at: next });
}

export function enlargeOrBack(app: App, at: number): void {
  const wall = app.wall();
  if (wall.enlarged !== null) app.act({ kind: "enlarge", at: null });
  else if (cameraAt(wall, at) !== null) app.act({ kind: "enlarge", at });
}

/** Out of the innermost: the enlarged camera, the editing of the layout, the full wall, the selection. */
export function back(app: App): void {
  const wall = app.wall();
  const view = app.view.get();
  if (wall.enlarged !== null) app.act({ kind: "enlarge", at: null });
  else if (view.editing) app.view.patch({ editing: false });
  else if (view.full) app.view.patch({ full: false });
  else if (wall.selected !== null) app.act({ kind: "select", at: null });
}

export function removeCamera(app: App, at: number): void {
  if (cameraAt(app.wall(), at) !== null) app.act({ kind: "clear", at });
}

export function turnPicture(app: App, at: number): void {
  const wall = app.wall();
  if (cameraAt(wall, at) !== null) app.act({ kind: "turn", at, turn: after(TURNS, slotAt(wall, at).turn) });
}

export function nextFit(app: App, at: number): void {
  const wall = app.wall();
  if (cameraAt(wall, at) !== null) app.act({ kind: "fit", at, fit: after(FITS, slotAt(wall, at).fit) });
}

/** A tile that shows what is selected elsewhere, or no longer. */
export function toggleHotspot(app: App, at: number): void {
  app.act({ kind: "hotspot", at, on: !slotAt(app.wall(), at).hotspot });
}

export function savePicture(app: App, at: number): void {
  if (cameraAt(app.wall(), at) !== null) void app.savePicture(at);
}

export function choosePreset(app: App, name: string): void {
  const preset = app.presets.get().find((each) => each.name === name);
  if (preset) app.attempt({ kind: "layout", layout: preset.layout });
}

export function turnPage(app: App, step: 1 | -1): void {
  const { page, pages } = app.wall();
  if (pages > 1) app.act({ kind: "page", page: (page + step + pages) % pages });
}

export function toggleTurning(app: App): void {
  app.act({ kind: "turning", seconds: app.wall().turning === null ? DEFAULT_TURNING_SECONDS : null });
}

export function mergeWithNeighbour(app: App, at: number, direction: "right" | "down"): void {
  const wall = app.wall();
  const next = wall.enlarged === null ? slotBeside(wall, at, direction) : null;
  if (next !== null) app.act({ kind: "merge", a: at, b: next });
}

export function splitTile(app: App, at: number): void {
  if (app.wall().enlarged === null) app.act({ kind: "split", at });
}

/** What `place` would do first. */
export function placing(app: App, subject: Subject): Act {
  return { kind: "place", at: subject.kind === "camera" ? placeFor(app.wall()) : null, subject };
}

/** Puts a camera on the tile that is due, everything larger on the whole wall. */
export function place(app: App, subject: Subject): void {
  const wall = app.wall();
  if (subject.kind !== "camera") {
    app.attempt({ kind: "place", at: null, subject });
    return;
  }
  const at = placeFor(wall);
  app.act({ kind: "place", at, subject });
  const slots = [...wall.slots];
  while (slots.length <= at) slots.push(EMPTY_SLOT);
  slots[at] = { ...EMPTY_SLOT, camera: subject.id };
  app.act({ kind: "select", at: nextEmpty({ ...wall, slots }, at) ?? at });
}
