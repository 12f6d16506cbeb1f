// Which days of a month have recordings: told by recorders' calendars first, then searched for, one camera after the other.

import { useEffect, useState } from "react";
import type { DayHeld, Id } from "../ipc/wire";
import { useApp } from "../state/app";
import { dayAfter, daysOf, together, type Month } from "./month";

export type Days = ReadonlyMap<number, DayHeld>;

/** By the beginning of each day. While somebody turns the pages, nobody is asked. */
const SETTLED = 200;

export function useDays(cameras: readonly Id[], { year, month }: Month): Days {
  const app = useApp();
  const [held, setHeld] = useState<{ month: string; by: ReadonlyMap<Id, readonly DayHeld[]> }>({ month: "", by: new Map() });
  const key = cameras.join(" ");
  const days = daysOf({ year, month });
  const name = `${year}-${month} ${key}`;
  useEffect(() => {
    let gone = false;
    const all = key.split(" ").filter(Boolean);
    const periods = daysOf({ year, month }).map((day) => ({ from: day * 1000, until: dayAfter(day, 1) * 1000 }));
    const ask = async (camera: Id, thorough: boolean) => {
      // Of a recorder that does not answer, nothing is known; the tile says why.
      const found = await app.backend.recordedDays(camera, periods, thorough).catch(() => null);
      if (gone || !found) return;
      setHeld((before) => ({ month: name, by: new Map(before.month === name ? before.by : []).set(camera, found) }));
    };
    const timer = setTimeout(async () => {
      await Promise.all(all.map((camera) => ask(camera, false)));
      for (const camera of all) {
        if (gone) return;
        await ask(camera, true);
      }
    }, SETTLED);
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [app, key, year, month, name]);
  const known = held.month === name ? [...held.by.values()] : [];
  const unknown = cameras.length - known.length;
  const of = (at: number): DayHeld[] => [...known.map((days) => days[at] ?? "unknown"), ...(unknown > 0 ? (["unknown"] as const) : [])];
  return new Map(days.map((day, at) => [day, together(of(at))]));
}
