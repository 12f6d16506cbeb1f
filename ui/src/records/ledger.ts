// How long each camera was watched by whom, in the order that is asked for.

import type { Language, Watched } from "../ipc/wire";
import { inOrder } from "../words/times";

export type LedgerColumn = "camera" | "site" | "account" | "seconds" | "watches" | "largest" | "share";
export type LedgerSorting = { column: LedgerColumn; descending: boolean };
export type LedgerRow = { watched: Watched; camera: string; site: string };

export function sortedLedger(rows: LedgerRow[], { column, descending }: LedgerSorting, language: Language): LedgerRow[] {
  const compare = (a: LedgerRow, b: LedgerRow): number => {
    switch (column) {
      case "camera":
        return inOrder(a.camera, b.camera, language);
      case "site":
        return inOrder(a.site, b.site, language);
      case "account":
        return inOrder(a.watched.account, b.watched.account, language);
      case "largest":
        return area(a) - area(b);
      case "seconds":
      case "watches":
      case "share":
        return a.watched[column] - b.watched[column];
    }
  };
  // Equal ones stay in the order of their names, whichever way round.
  return [...rows].sort((a, b) => (descending ? compare(b, a) : compare(a, b)) || inOrder(a.camera, b.camera, language));
}

const area = ({ watched }: LedgerRow) => watched.largest[0] * watched.largest[1];

/** 75 → "1:15", 3 700 → "1:01:40": hours, minutes and seconds, to be compared at a glance. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const two = (value: number) => String(value).padStart(2, "0");
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}
