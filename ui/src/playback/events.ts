// From one movement or event to the next, whichever camera of the wall has seen it.

import type { Recorded } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import type { App } from "../state/app";
import { placeIn, playing, seek } from "./commands";
import { searchOf } from "./motion/search";
import { DAY } from "./timeline";

/** As far as recorders keep anything. */
const MOST_DAYS = 15;
/** Whoever has just gone to one wants the next; whoever watches one already wants the one before, not its beginning. */
const AHEAD = 500;
const BEHIND = 3000;

/** The beginning of the next, or the one before, of spans of a day that begins at `from`. */
export function beginning(spans: readonly Recorded[], from: number, at: number, back: boolean): number | null {
  const begins = spans
    .filter(({ why }) => why === "motion" || why === "event")
    .map(({ period }) => period.from / 1000)
    // One that is cut off there has begun before.
    .filter((begin) => begin > from && (back ? begin < at - BEHIND : begin > at + AHEAD));
  if (begins.length === 0) return null;
  return back ? Math.max(...begins) : Math.min(...begins);
}

/** What a search has found within a day that begins at `from`, as if the recorder had noted it down. */
function foundIn(app: App, wall: number, from: number): Recorded[] {
  const hits = searchOf(app, wall)?.hits ?? [];
  const within = hits.filter(({ period }) => period.from / 1000 >= from && period.from / 1000 < from + DAY);
  return within.map(({ period }) => ({ period, why: "motion", overlap: 0 }));
}

export function nextEvent(app: App, back: boolean): void {
  const now = playing(app);
  if (!now) return;
  const { wall } = now;
  const cameras = now.cameras.map((each) => each.camera);
  const at = placeIn(now);
  const look = async () => {
    for (let day = 0; day < MOST_DAYS; day += 1) {
      const from = back ? at - (day + 1) * DAY : at + day * DAY;
      if (from > Date.now()) break;
      const period = { from: Math.round(from * 1000), until: Math.round((from + DAY) * 1000) };
      // What one of them refuses, others have.
      const asked = cameras.map((camera) => app.backend.recorded(camera, period).catch((): Recorded[] => []));
      const spans = [...(await Promise.all(asked)).flat(), ...foundIn(app, wall, from)];
      const found = beginning(spans, from, at, back);
      if (playing(app)?.wall !== wall) return;
      if (found !== null) {
        seek(app, found);
        return;
      }
    }
    const title = back ? m.page_playback_no_event_before() : m.page_playback_no_event();
    app.notify({ level: "info", title, detail: "" });
  };
  app.run(look());
}
