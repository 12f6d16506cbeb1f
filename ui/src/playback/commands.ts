// What is done to a wall that plays recordings; the bar and the keys both lead here.

import type { PlayAct, Playback } from "../ipc/wire";
import type { App } from "../state/app";
import { Store } from "../state/store";
import { cameraAt, shownSelection } from "../wall/view";
import { nextEvent } from "./events";
import { speed } from "./timeline";

/** Where playback begins: what has just happened is what people ask for most. */
const BEFORE = 60_000;
export const BACK = 10_000;

/** Where a span begins that is to be repeated, until somebody says where it ends. */
export const repeatFrom = new Store<number | null>(null);
/** Whatever is shorter was not meant. */
const SHORTEST_REPEAT = 500;

export function playing(app: App): Playback | undefined {
  return app.playback.get().get(app.wall().id);
}

/** Milliseconds since 1970. */
export function placeIn(playback: Playback): number {
  return playback.at / 1000;
}

export function toggle(app: App): void {
  const wall = app.wall().id;
  repeatFrom.set(null);
  if (playing(app)) {
    app.run(app.backend.endPlayback(wall));
    return;
  }
  begin(app, BEFORE);
}

/** From live pictures to what was recorded so long ago. */
function begin(app: App, ago: number): void {
  const wall = app.wall().id;
  repeatFrom.set(null);
  app.run(app.backend.startPlayback(wall, (Date.now() - ago) * 1000).then(() => app.backend.play(wall, { kind: "play", rate: 1 })));
}

export function play(app: App, act: PlayAct): void {
  app.run(app.backend.play(app.wall().id, act));
}

export function seek(app: App, ms: number): void {
  play(app, { kind: "seek", at: Math.round(ms * 1000) });
}

export function skip(app: App, by: number): void {
  const now = playing(app);
  if (now) seek(app, placeIn(now) + by);
}

export function playOrPause(app: App): void {
  const now = playing(app);
  if (now) play(app, now.rate === 0 ? { kind: "play", rate: now.chosen } : { kind: "pause" });
}

/** The selected camera stands still while the others go on, or goes with them again. */
export function holdOrNot(app: App): void {
  const now = playing(app);
  const wall = app.wall();
  const selected = shownSelection(wall);
  const camera = selected === null ? null : cameraAt(wall, selected);
  const played = now?.cameras.find((each) => each.camera === camera);
  if (played) play(app, { kind: "hold", camera: played.camera, held: !played.held });
}

export function changeSpeed(app: App, faster: boolean): void {
  const now = playing(app);
  if (now) play(app, { kind: "play", rate: speed(now.chosen, faster) });
}

export function reverse(app: App): void {
  const now = playing(app);
  if (now) play(app, { kind: "play", rate: -now.chosen });
}

/** The beginning of a span, its end, and then no longer. */
export function repeatHere(app: App): void {
  const now = playing(app);
  if (!now) return;
  const from = repeatFrom.get();
  const at = placeIn(now);
  repeatFrom.set(null);
  if (now.repeat) play(app, { kind: "repeat", period: null });
  else if (from === null) repeatFrom.set(at);
  else if (Math.abs(at - from) >= SHORTEST_REPEAT) {
    play(app, { kind: "repeat", period: { from: Math.round(Math.min(from, at) * 1000), until: Math.round(Math.max(from, at) * 1000) } });
  }
}

/** Whether the key was for playback. */
export function onPlayKey(app: App, key: string, event: { code: string; shiftKey: boolean; ctrlKey: boolean }): boolean {
  if (event.ctrlKey) return false;
  if (key === "r" && !event.shiftKey && app.may("playback")) {
    toggle(app);
    return true;
  }
  if (!playing(app)) {
    // What was that? Ten seconds back, from live pictures too.
    if (key !== "j" || event.shiftKey || !app.may("playback")) return false;
    begin(app, BACK);
    return true;
  }
  if (event.code === "Comma" || event.code === "Period") {
    const on = event.code === "Period";
    if (event.shiftKey) changeSpeed(app, on);
    else play(app, { kind: "step", back: !on });
    return true;
  }
  const command = (event.shiftKey ? SHIFTED : KEYS)[key];
  command?.(app);
  return command !== undefined;
}

const KEYS: Record<string, (app: App) => void> = {
  " ": playOrPause,
  j: (app) => skip(app, -BACK),
  k: (app) => skip(app, BACK),
  b: reverse,
  g: () => document.getElementById("play-time")?.focus(),
};

const SHIFTED: Record<string, (app: App) => void> = {
  " ": holdOrNot,
  j: (app) => nextEvent(app, true),
  k: (app) => nextEvent(app, false),
  l: repeatHere,
  f: () => document.getElementById("motion-search")?.click(),
};
