// What recorders hold of the cameras of a wall, for the days that are seen: asked for once each, today's again and again.

import { useEffect, useState } from "react";
import type { Id, Recorded } from "../ipc/wire";
import { useApp } from "../state/app";
import { DAY, type Window } from "./timeline";

export type Span = { from: number; until: number; why: Recorded["why"] };

/** Today goes on. */
const RENEWED = 30_000;
/** While somebody zooms and moves, nobody is asked. */
const SETTLED = 250;

export type Held = ReadonlyMap<Id, readonly Span[]>;

/** Null of a camera: not known yet, or its recorder does not say. */
export function useRecorded(cameras: readonly Id[], window: Window, now: number): Held {
  const app = useApp();
  const [held, setHeld] = useState<Held>(new Map());
  const from = Math.floor(window.from / DAY) * DAY;
  const until = Math.ceil(window.until / DAY) * DAY;
  const renewal = until > now ? Math.floor(now / RENEWED) : 0;
  const key = cameras.join(" ");
  useEffect(() => {
    let gone = false;
    const ask = async (camera: Id) => {
      const found = await app.backend.recorded(camera, { from: from * 1000, until: until * 1000 });
      const spans = found.map(({ period, why }) => ({ from: period.from / 1000, until: period.until / 1000, why }));
      if (!gone) setHeld((before) => new Map(before).set(camera, spans));
    };
    const timer = setTimeout(() => {
      // What is refused is told on the tile, and by the player.
      for (const camera of key.split(" ").filter(Boolean)) ask(camera).catch(() => undefined);
    }, SETTLED);
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [app, key, from, until, renewal]);
  return held;
}
