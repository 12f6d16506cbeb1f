// The arithmetic of the calendar: days are local ones, told by the moment at which they begin (milliseconds since 1970).

import type { DayHeld } from "../ipc/wire";

export type Month = { year: number; month: number };

export function monthOf(at: number): Month {
  const date = new Date(at);
  return { year: date.getFullYear(), month: date.getMonth() };
}

export function monthAfter({ year, month }: Month, by: number): Month {
  return monthOf(new Date(year, month + by, 1).getTime());
}

export function dayOf(at: number): number {
  const date = new Date(at);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

/** So many days later; a day is not always 24 hours long. */
export function dayAfter(day: number, by: number): number {
  const date = new Date(day);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + by).getTime();
}

/** The same day of another month, or that month's last. */
export function sameDay(day: number, by: number): number {
  const { year, month } = monthAfter(monthOf(day), by);
  const last = new Date(year, month + 1, 0).getDate();
  return new Date(year, month, Math.min(new Date(day).getDate(), last)).getTime();
}

export function daysOf({ year, month }: Month): number[] {
  const first = new Date(year, month, 1).getTime();
  return Array.from({ length: new Date(year, month + 1, 0).getDate() }, (_, at) => dayAfter(first, at));
}

/** Weeks from Monday to Sunday; null where another month has the day. */
export function weeksOf(month: Month): (number | null)[][] {
  const days = daysOf(month);
  const before = (new Date(days[0] ?? 0).getDay() + 6) % 7;
  const cells: (number | null)[] = [...Array.from({ length: before }, () => null), ...days];
  while (cells.length % 7 !== 0) cells.push(null);
  return Array.from({ length: cells.length / 7 }, (_, week) => cells.slice(week * 7, week * 7 + 7));
}

const ORDER: DayHeld[] = ["nothing", "unknown", "footage", "motion"];

/** Of several cameras: what any of them has. Nothing is certain only where all of them say so. */
export function together(held: readonly DayHeld[]): DayHeld {
  return ORDER[Math.max(...held.map((each) => ORDER.indexOf(each)), -1)] ?? "unknown";
}

/** The first weekday is Monday. */
export function weekdays(locale: string, how: "narrow" | "short" | "long"): string[] {
  const format = new Intl.DateTimeFormat(locale, { weekday: how });
  return Array.from({ length: 7 }, (_, at) => format.format(new Date(2024, 0, 1 + at)));
}

type Span = { from: number; until: number };

/** Where a day is looked at: at the same time of day, else where the next recording of it begins, else where the last ends. */
export function placeIn(day: number, at: number, spans: readonly Span[], now: number): number {
  const date = new Date(at);
  const start = new Date(day);
  start.setHours(date.getHours(), date.getMinutes(), date.getSeconds(), date.getMilliseconds());
  const wanted = Math.min(start.getTime(), now);
  if (spans.length === 0 || spans.some(({ from, until }) => from <= wanted && wanted < until)) return wanted;
  const later = spans.map(({ from }) => from).filter((from) => from > wanted);
  if (later.length > 0) return Math.min(...later);
  return Math.max(...spans.map(({ until }) => until)) - 1000;
}
